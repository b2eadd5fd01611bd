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
    'What may be done in access groups. What the caller may not view does not exist for them, so that to manage is of use only together with to view.',
  valuesConfig: {
    VIEW_SCRIPT: { description: 'See scripts, their code included.' },
    MANAGE_SCRIPT: { description: 'Make, edit and archive scripts; archiving one archives its profiles.' },
    REDACT_SCRIPT: { description: 'Delete the code of scripts.' },
    VIEW_SCRIPT_PROFILE: { description: 'See script profiles, their runs, and what came of these.' },
    MANAGE_SCRIPT_PROFILE: {
      description:
        'Make, edit, pause, run and archive script profiles, and cancel their runs. Making one takes seeing its script.',
    },
    VIEW_COMPUTER: { description: 'See computers, pending ones included.' },
    MANAGE_COMPUTER: {
      description: 'Retag and remove computers; move them, where it is held in both access groups.',
    },
    MANAGE_PENDING_COMPUTER: {
      description:
        'Enrol, accept and reject computers; accepting into another access group takes it there too.',
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
    'What may be done in the account as a whole. Whoever holds one sees the tree of access groups.',
  valuesConfig: {
    MANAGE_ACCOUNT: {
      description: 'Set limits and preferences. Create, rename, move and delete access groups.',
    },
    VIEW_ROLE: { description: 'See roles and people.' },
    MANAGE_ROLE: {
      description:
        'Create, edit and delete roles that give no more than one’s own, and people whose roles give no more.',
    },
    VIEW_EVENT_LOG: { description: 'See who did what, and who was refused.' },
  },
});

@ObjectType('Role', {
  implements: NodeType,
  description: 'What its persons may do. Somebody with several roles may do what any of them allows.',
  simpleResolvers: true,
})
export class RoleType extends NodeType {
  @Field(() => Int, { description: 'Number of changes of the role, from 1. For `expectedVersion`.' })
  version!: number;

  @Field(() => String, { description: 'Unique in the account.' })
  name!: string;

  @Field(() => String, { description: 'What it is for; empty when nobody said.' })
  description!: string;

  @Field(() => Boolean, {
    description:
      'Whether it is GlobalAdmin, which allows everything and is fixed: only its persons can be changed.',
  })
  isGlobalAdmin!: boolean;

  @Field(() => [GroupPermissionEnum], { description: 'What it allows in its access groups and below them.' })
  permissions!: readonly GroupPermission[];

  @Field(() => [AccountPermissionEnum], { description: 'What it allows in the account as a whole.' })
  accountPermissions!: readonly AccountPermission[];

  @Field(() => [AccessGroupType], { description: 'Where it allows its permissions, by name.' })
  accessGroups!: readonly object[];

  @Field(() => [PersonType], { description: 'Who has it, by e-mail.' })
  persons!: readonly object[];
}
