import { useQuery } from '@apollo/client/react';
import { Button, useToastNotification } from '@canonical/react-components';
import { type FormEvent, useState } from 'react';
import { Link, useNavigate } from 'react-router';
import { graphql, read } from '../../../app/graphql.ts';
import { differs, LEAVE, LeaveGuard } from '../../../components/form/leave-guard.tsx';
import { Problems } from '../../../components/form/problems.tsx';
import { useChange } from '../../../components/form/use-change.ts';
import { VerdictButton } from '../../../components/verdict-button.tsx';
import type { FragmentType } from '../../../generated/fragment-masking.ts';
import { DeleteRoleDialog } from './delete-role-dialog.tsx';
import { RoleClash } from './role-clash.tsx';
import { RoleFields, roleFields } from './role-fields.tsx';
import { emptyRole, inputOf, valuesOf } from './role-values.ts';

export const ROLE = graphql(`
  fragment RoleForm on Role {
    id
    version
    name
    description
    isGlobalAdmin
    permissions
    accountPermissions
    accessGroups { id name }
    persons { id name email }
    viewerPermissions { canUpdate { allowed message ...Verdict } canDelete { ...Verdict } }
  }
`);

const CREATE = graphql(`
  mutation CreateRole($input: CreateRoleInput!) {
    createRole(input: $input) {
      role { id ...RoleRow ...RoleForm }
      userErrors { code field message }
    }
  }
`);

const UPDATE = graphql(`
  mutation UpdateRole($input: UpdateRoleInput!) {
    updateRole(input: $input) {
      role { id ...RoleRow ...RoleForm }
      current { id ...RoleForm }
      userErrors { code field message }
    }
  }
`);

const CHOICES = graphql(`
  query RoleChoices {
    accessGroups { id name title }
    persons(first: 1000, orderBy: { field: NAME, direction: ASC }) {
      totalCount
      pageInfo { hasNextPage endCursor }
      edges { node { id name email } }
    }
  }
`);

/** Creates or changes a role. If another person changed it meanwhile, both are shown. */
export function RoleForm({ role: of }: { readonly role?: FragmentType<typeof ROLE> }) {
  const [base, setBase] = useState(() => (of ? read(ROLE, of) : undefined));
  const [values, setValues] = useState(() => (base ? valuesOf(base) : emptyRole));
  const [deletes, setDeletes] = useState(false);
  const [create, creation] = useChange(CREATE, { refetchQueries: ['Roles'] });
  const [update, edit] = useChange(UPDATE);
  const choices = useQuery(CHOICES).data;
  const clash = edit.refused?.current && read(ROLE, edit.refused.current);
  const navigate = useNavigate();
  const toast = useToastNotification();
  const { busy, problems } = base ? edit : creation;
  const mayChange = base ? base.viewerPermissions.canUpdate.allowed : true;
  const save = async (event: FormEvent) => {
    event.preventDefault();
    const input = inputOf(values);
    const payload = base
      ? await update({
          input: {
            id: base.id,
            expectedVersion: (clash ?? base).version,
            ...(base.isGlobalAdmin ? { persons: input.persons } : input),
          },
        })
      : await create({ input });
    if (!payload) return;
    toast.success(base ? `Changed ${values.name}.` : `Created ${values.name}.`);
    navigate('/administration/roles', LEAVE);
  };
  const takeStored = () => {
    if (!clash) return;
    setBase(clash);
    setValues(valuesOf(clash));
    edit.clear();
  };
  return (
    <>
      <LeaveGuard isChanged={differs(base ? valuesOf(base) : emptyRole, values)} />
      <div className="part-header">
        <h2 className="section__title">{base ? base.name : 'New role'}</h2>
        {base && !base.isGlobalAdmin && (
          <VerdictButton verdict={base.viewerPermissions.canDelete} onClick={() => setDeletes(true)}>
            Delete role
          </VerdictButton>
        )}
      </div>
      <form className="role-form" onSubmit={(event) => void save(event)}>
        {base && !mayChange && <p className="u-text--muted">{base.viewerPermissions.canUpdate.message}</p>}
        <Problems of={problems.filter(({ code }) => code !== 'VERSION_CLASH')} except={roleFields} />
        {clash && <RoleClash stored={valuesOf(clash)} mine={values} takeStored={takeStored} />}
        <RoleFields
          values={values}
          change={(changes) => setValues({ ...values, ...changes })}
          problems={problems}
          disabled={!mayChange}
          isGlobalAdmin={base?.isGlobalAdmin ?? false}
          groups={choices?.accessGroups ?? []}
          people={choices?.persons?.edges.map(({ node }) => node) ?? base?.persons ?? []}
        />
        <div className="form__actions">
          {mayChange && (
            <Button type="submit" appearance="positive" disabled={busy}>
              {base ? (clash ? 'Save mine over it' : 'Save role') : 'Create role'}
            </Button>
          )}
          <Link className="p-button" to="/administration/roles" {...LEAVE}>
            {mayChange ? 'Cancel' : 'Back'}
          </Link>
        </div>
      </form>
      {deletes && base && (
        <DeleteRoleDialog
          role={base}
          close={() => setDeletes(false)}
          done={() => navigate('/administration/roles', LEAVE)}
        />
      )}
    </>
  );
}
