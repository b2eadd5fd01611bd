import { Field, ID, InputType, Int } from 'type-graphql';
import type { AccountPermission, GroupPermission } from '../../domain/accounts/access.ts';
import { EXPECTED_VERSION } from '../common/expected-version.ts';
import { INSTEAD_OF_ID } from '../common/global-id.ts';
import { AccountPermissionEnum, GroupPermissionEnum } from './role.type.ts';

const NAME =
  'Name of the role: 1 to 255 characters. Refused with TITLE_TAKEN if another role of the account has this name.';

@InputType()
export abstract class RoleFields {
  @Field(() => String, { nullable: true, description: 'Purpose of the role. Maximum 1,000 characters.' })
  description?: string | null;

  @Field(() => [GroupPermissionEnum], {
    nullable: true,
    description:
      'Permissions that the role grants in its access groups and their descendants. The caller must hold them there.',
  })
  permissions?: GroupPermission[] | null;

  @Field(() => [AccountPermissionEnum], {
    nullable: true,
    description: 'Permissions that the role grants in the account as a whole. The caller must hold them.',
  })
  accountPermissions?: AccountPermission[] | null;

  @Field(() => [String], {
    nullable: true,
    description: 'Names of the access groups where the role grants its permissions. Maximum 1,000.',
  })
  accessGroups?: string[] | null;

  @Field(() => [ID], {
    nullable: true,
    description: 'Global ids or numbers of access groups, in addition to `accessGroups`. Maximum 1,000.',
  })
  accessGroupIds?: string[] | null;

  @Field(() => [String], {
    nullable: true,
    description:
      'E-mail addresses of the people in the account who have the role. Maximum 1,000. GlobalAdmin must keep at least one person, or the change is refused with INVALID_INPUT.',
  })
  persons?: string[] | null;

  @Field(() => [ID], {
    nullable: true,
    description: 'Global ids or numbers of people, in addition to `persons`. Maximum 1,000.',
  })
  personIds?: string[] | null;
}

@InputType('CreateRoleInput', {
  description: 'Role to create. A caller cannot grant permissions that they do not hold (FORBIDDEN).',
})
export class CreateRoleInput extends RoleFields {
  @Field(() => String, { description: NAME })
  name!: string;
}

@InputType('UpdateRoleInput', {
  description:
    'Changes to a role. Fields that are omitted or null keep their value, and a list replaces the stored list. The caller must hold every permission of the role, before and after the change (FORBIDDEN).',
})
export class UpdateRoleInput extends RoleFields {
  @Field(() => ID, { description: 'Global id or number of the role.' })
  id!: string;

  @Field(() => String, { nullable: true, description: NAME })
  name?: string | null;

  @Field(() => Int, { nullable: true, description: EXPECTED_VERSION })
  expectedVersion?: number | null;
}

@InputType()
abstract class RoleRefInput {
  @Field(() => ID, { nullable: true, description: 'Global id or number of the role.' })
  id?: string | null;

  @Field(() => String, { nullable: true, description: `Name of the role. ${INSTEAD_OF_ID}` })
  name?: string | null;
}

const MAX_ITEMS = 'Maximum 1,000.';

@InputType('AmendRoleInput', {
  description:
    'Items to add to the lists of a role and to remove from them. Concurrent requests may change the same lists. The caller must hold every permission of the role, before and after the change (FORBIDDEN).',
})
export class AmendRoleInput extends RoleRefInput {
  @Field(() => [GroupPermissionEnum], { nullable: true, description: 'Permissions in access groups to add.' })
  addPermissions?: GroupPermission[] | null;

  @Field(() => [GroupPermissionEnum], {
    nullable: true,
    description: 'Permissions in access groups to remove.',
  })
  removePermissions?: GroupPermission[] | null;

  @Field(() => [AccountPermissionEnum], { nullable: true, description: 'Account permissions to add.' })
  addAccountPermissions?: AccountPermission[] | null;

  @Field(() => [AccountPermissionEnum], { nullable: true, description: 'Account permissions to remove.' })
  removeAccountPermissions?: AccountPermission[] | null;

  @Field(() => [String], {
    nullable: true,
    description: `Names of access groups to add. ${MAX_ITEMS}`,
  })
  addAccessGroups?: string[] | null;

  @Field(() => [String], {
    nullable: true,
    description: `Names of access groups to remove. ${MAX_ITEMS}`,
  })
  removeAccessGroups?: string[] | null;

  @Field(() => [String], {
    nullable: true,
    description: `E-mail addresses of people to add. ${MAX_ITEMS}`,
  })
  addPersons?: string[] | null;

  @Field(() => [String], {
    nullable: true,
    description: `E-mail addresses of people to remove. ${MAX_ITEMS}`,
  })
  removePersons?: string[] | null;
}

@InputType('CopyRoleInput', {
  description:
    'Role to copy. The caller must hold every permission that it grants (FORBIDDEN). The copy has no people.',
})
export class CopyRoleInput {
  @Field(() => ID, { nullable: true, description: 'Global id or number of the role to copy.' })
  id?: string | null;

  @Field(() => String, { nullable: true, description: `Name of the role to copy. ${INSTEAD_OF_ID}` })
  source?: string | null;

  @Field(() => String, { description: NAME })
  name!: string;

  @Field(() => String, {
    nullable: true,
    description: 'Purpose of the copy. Maximum 1,000 characters. Defaults to the purpose of the copied role.',
  })
  description?: string | null;
}

@InputType('DeleteRoleInput', { description: 'Role to delete.' })
export class DeleteRoleInput extends RoleRefInput {}
