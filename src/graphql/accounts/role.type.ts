import { Field, Int, ObjectType, registerEnumType } from 'type-graphql';
import type { AccountPermission, GroupPermission } from '../../domain/accounts/access.ts';
import { NodeType } from '../common/node.type.ts';
import { AccessGroupType } from './access-group.type.ts';
import { PersonType } from './person.type.ts';

export const GroupPermissionEnum = {
  VIEW_SCRIPT: 'ViewScript',
  MANAGE_SCRIPT: 'ManageScript',
  REDACT_SCRIPT: 'RedactScript',
  VIEW_SCRIPT_PROFILE: 'ViewScriptProfile',
  MANAGE_SCRIPT_PROFILE: 'ManageScriptProfile',
  VIEW_COMPUTER: 'ViewComputer',
  MANAGE_COMPUTER: 'ManageComputer',
  MANAGE_PENDING_COMPUTER: 'ManagePendingComputer',
} as const satisfies Record<string, GroupPermission>;

registerEnumType(GroupPermissionEnum, {
  name: 'GroupPermission',
  description:
    'Permissions in access groups. Objects that a caller may not view do not exist for that caller, so a manage permission is useful only with the matching view permission.',
  valuesConfig: {
    VIEW_SCRIPT: { description: 'View scripts, including their code.' },
    MANAGE_SCRIPT: {
      description: 'Create, edit and archive scripts. Archiving a script also archives its profiles.',
    },
    REDACT_SCRIPT: { description: 'Redact scripts, which deletes their code.' },
    VIEW_SCRIPT_PROFILE: { description: 'View script profiles, their runs and the results.' },
    MANAGE_SCRIPT_PROFILE: {
      description:
        'Create, edit, pause, run and archive script profiles, and cancel their runs. Creating a profile also requires ViewScript for its script.',
    },
    VIEW_COMPUTER: { description: 'View computers, including pending ones.' },
    MANAGE_COMPUTER: {
      description: 'Retag, move and remove computers. A move requires this permission in both access groups.',
    },
    MANAGE_PENDING_COMPUTER: {
      description:
        'Enrol, accept and reject computers. Accepting a computer into another access group requires this permission there, too.',
    },
  },
});

export const AccountPermissionEnum = {
  MANAGE_ACCOUNT: 'ManageAccount',
  VIEW_ROLE: 'ViewRole',
  MANAGE_ROLE: 'ManageRole',
  VIEW_EVENT_LOG: 'ViewEventLog',
} as const satisfies Record<string, AccountPermission>;

registerEnumType(AccountPermissionEnum, {
  name: 'AccountPermission',
  description:
    'Permissions in the account as a whole. A person who holds one of them may view all access groups.',
  valuesConfig: {
    MANAGE_ACCOUNT: {
      description: 'Set limits and preferences. Create, rename, move and delete access groups.',
    },
    VIEW_ROLE: { description: 'View roles and people.' },
    MANAGE_ROLE: {
      description:
        'Create, edit and delete roles and people. The caller must hold every permission of such a role, or of such a person’s roles.',
    },
    VIEW_EVENT_LOG: { description: 'View the event log.' },
  },
});

@ObjectType('Role', {
  implements: NodeType,
  description:
    'A set of permissions that people in the account can have. A person with several roles has the permissions of all of them.',
  simpleResolvers: true,
})
export class RoleType extends NodeType {
  @Field(() => Int, {
    description: 'Version number for `expectedVersion`. Starts at 1 and increases with each change.',
  })
  version!: number;

  @Field(() => String, { description: 'Name of the role, unique in the account.' })
  name!: string;

  @Field(() => String, { description: 'Purpose of the role. Empty if none was given.' })
  description!: string;

  @Field(() => Boolean, {
    description:
      'Whether the role is GlobalAdmin, which grants every permission. Only its people can be changed.',
  })
  isGlobalAdmin!: boolean;

  @Field(() => [GroupPermissionEnum], {
    description: 'Permissions that the role grants in its access groups and their descendants.',
  })
  permissions!: readonly GroupPermission[];

  @Field(() => [AccountPermissionEnum], { description: 'Permissions in the account as a whole.' })
  accountPermissions!: readonly AccountPermission[];

  @Field(() => [AccessGroupType], {
    description: 'Access groups where the role grants its permissions, sorted by name.',
  })
  accessGroups!: readonly object[];

  @Field(() => [PersonType], { description: 'People who have the role, sorted by e-mail address.' })
  persons!: readonly object[];
}
