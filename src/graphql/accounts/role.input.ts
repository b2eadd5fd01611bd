import { Field, ID, InputType, Int } from 'type-graphql';
import type { AccountPermission, GroupPermission } from '../../domain/accounts/access.ts';
import { EXPECTED_VERSION } from '../common/expected-version.ts';
import { AccountPermissionEnum, GroupPermissionEnum } from './role.type.ts';

const NAME = '1 to 255 characters, unique in the account (TITLE_TAKEN).';

@InputType()
export abstract class RoleFields {
  @Field(() => String, { nullable: true, description: 'What it is for: up to 1,000 characters.' })
  description?: string | null;

  @Field(() => [GroupPermissionEnum], {
    nullable: true,
    description: 'What it allows in its access groups and below them; the caller must hold it there.',
  })
  permissions?: GroupPermission[] | null;

  @Field(() => [AccountPermissionEnum], {
    nullable: true,
    description: 'What it allows in the account as a whole; the caller must hold it.',
  })
  accountPermissions?: AccountPermission[] | null;

  @Field(() => [String], {
    nullable: true,
    description: 'Where it allows its permissions: names of access groups; at most 1,000.',
  })
  accessGroups?: string[] | null;

  @Field(() => [ID], {
    nullable: true,
    description: 'Access groups by global id or number, beside those in `accessGroups`. Maximum 1,000.',
  })
  accessGroupIds?: string[] | null;

  @Field(() => [String], {
    nullable: true,
    description:
      'Who has it: e-mail addresses of people of the account; at most 1,000. GlobalAdmin is never left to nobody (INVALID_INPUT).',
  })
  persons?: string[] | null;

  @Field(() => [ID], {
    nullable: true,
    description: 'People by global id or number, beside those in `persons`. Maximum 1,000.',
  })
  personIds?: string[] | null;
}

@InputType('CreateRoleInput', { description: 'A new role. Nobody grants more than they hold (FORBIDDEN).' })
export class CreateRoleInput extends RoleFields {
  @Field(() => String, { description: NAME })
  name!: string;
}

@InputType('UpdateRoleInput', {
  description:
    'What to change of a role; what is left out, or null, stays, and a list replaces the one before. Both before and after, it may give no more than the caller holds (FORBIDDEN).',
})
export class UpdateRoleInput extends RoleFields {
  @Field(() => ID, { description: 'The role, by its global id or its number.' })
  id!: string;

  @Field(() => String, { nullable: true, description: NAME })
  name?: string | null;

  @Field(() => Int, { nullable: true, description: EXPECTED_VERSION })
  expectedVersion?: number | null;
}

@InputType('DeleteRoleInput', { description: 'A role to delete.' })
export class DeleteRoleInput {
  @Field(() => ID, { description: 'The role, by its global id or its number.' })
  id!: string;
}
