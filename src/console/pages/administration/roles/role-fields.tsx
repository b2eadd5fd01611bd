import { CheckList } from '../../../components/form/check-list.tsx';
import { LongTextField, TextField } from '../../../components/form/field.tsx';
import type { Problem } from '../../../components/form/use-change.ts';
import { accountPermissions, groupPermissions, optionsOf } from '../../../format/permission.ts';
import type { RoleValues } from './role-values.ts';

interface Props {
  readonly values: RoleValues;
  readonly change: (changes: Partial<RoleValues>) => void;
  readonly problems: readonly Problem[];
  readonly disabled: boolean;
  readonly isGlobalAdmin: boolean;
  readonly groups: readonly { readonly name: string; readonly title: string }[];
  readonly people: readonly { readonly name: string; readonly email: string }[];
}

/** Names of the fields, which show their own problems. */
export const roleFields = [
  ...['name', 'description', 'permissions', 'accountPermissions', 'accessGroups', 'persons'],
];

/** The fields of a role. Only the people of GlobalAdmin can be changed. */
export function RoleFields(props: Props) {
  const { values, change, problems, disabled, isGlobalAdmin, groups, people } = props;
  const isFixed = disabled || isGlobalAdmin;
  return (
    <>
      {!isGlobalAdmin && (
        <div className="form">
          <TextField
            name="name"
            type="text"
            label="Name"
            required
            disabled={isFixed}
            problems={problems}
            value={values.name}
            onChange={({ target }) => change({ name: target.value })}
          />
          <LongTextField
            name="description"
            label="Purpose"
            rows={2}
            disabled={isFixed}
            problems={problems}
            value={values.description}
            onChange={({ target }) => change({ description: target.value })}
          />
        </div>
      )}
      {!isGlobalAdmin && (
        <>
          <CheckList
            name="permissions"
            legend="Permissions in access groups"
            help="You can grant only permissions that you hold."
            options={optionsOf(groupPermissions)}
            chosen={values.permissions}
            change={(permissions) => change({ permissions })}
            problems={problems}
            disabled={isFixed}
          />
          <CheckList
            name="accessGroups"
            legend="Access groups where it grants them"
            help="A permission extends to the groups in a group."
            options={groups.map(({ name, title }) => ({ value: name, label: title }))}
            chosen={values.accessGroups}
            change={(accessGroups) => change({ accessGroups })}
            problems={problems}
            disabled={isFixed}
          />
          <CheckList
            name="accountPermissions"
            legend="Permissions in the account"
            options={optionsOf(accountPermissions)}
            chosen={values.accountPermissions}
            change={(chosen) => change({ accountPermissions: chosen })}
            problems={problems}
            disabled={isFixed}
          />
        </>
      )}
      {isGlobalAdmin && <p>This role grants every permission. At least one person must have it.</p>}
      <CheckList
        name="persons"
        legend="People who have it"
        options={people.map(({ name, email }) => ({ value: email, label: `${name} (${email})` }))}
        chosen={values.persons}
        change={(persons) => change({ persons })}
        problems={problems}
        disabled={disabled}
      />
    </>
  );
}
