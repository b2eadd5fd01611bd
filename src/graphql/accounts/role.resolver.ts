import { Arg, Ctx, Field, ID, Mutation, ObjectType, Query, Resolver } from 'type-graphql';
import type { Role } from '../../domain/accounts/role.ts';
import { payload } from '../common/errors.ts';
import { databaseIdOf, existingId, globalId, idOrName } from '../common/global-id.ts';
import { atMost } from '../common/lists.ts';
import { nodeResolver } from '../common/node.resolver.ts';
import { currentDescription, editPayload, Payload } from '../common/payload.ts';
import type { GraphContext } from '../context.ts';
import {
  AmendRoleInput,
  CopyRoleInput,
  CreateRoleInput,
  DeleteRoleInput,
  type RoleFields,
  UpdateRoleInput,
} from './role.input.ts';
import { RoleType } from './role.type.ts';

@ObjectType({ simpleResolvers: true })
abstract class RolePayload extends Payload {
  @Field(() => RoleType, { nullable: true, description: 'The role after the mutation. Null if refused.' })
  role?: Role;
}

@ObjectType('CreateRolePayload', { description: 'Result of `createRole`.', simpleResolvers: true })
class CreateRolePayload extends RolePayload {}

@ObjectType('UpdateRolePayload', { description: 'Result of `updateRole`.', simpleResolvers: true })
class UpdateRolePayload extends RolePayload {
  @Field(() => RoleType, { nullable: true, description: currentDescription('role') })
  current?: Role;
}

@ObjectType('AmendRolePayload', { description: 'Result of `amendRole`.', simpleResolvers: true })
class AmendRolePayload extends RolePayload {}

@ObjectType('CopyRolePayload', { description: 'Result of `copyRole`.', simpleResolvers: true })
class CopyRolePayload extends RolePayload {}

@ObjectType('DeleteRolePayload', { description: 'Result of `deleteRole`.', simpleResolvers: true })
class DeleteRolePayload extends Payload {
  @Field(() => ID, {
    nullable: true,
    description: 'Global id of the deleted role. Null if refused.',
  })
  deletedId?: string;
}

const MAX_MEMBERS = 1000;

/**
 * Converts an input to the use case's form.
 * @throws Refusal INVALID_INPUT
 */
function editOf<Input extends RoleFields>({ accessGroupIds, personIds, ...edit }: Input) {
  const lists = { ...edit, accessGroupIds, personIds };
  for (const field of ['accessGroups', 'accessGroupIds', 'persons', 'personIds'] as const)
    atMost(field, lists[field] ?? [], MAX_MEMBERS);
  return {
    ...edit,
    accessGroupIds: accessGroupIds?.map((id) => databaseIdOf('AccessGroup', id)),
    personIds: personIds?.map((id) => databaseIdOf('Person', id)),
  };
}

/** Returns the items to add or to remove. @throws Refusal INVALID_INPUT */
function membersOf(input: AmendRoleInput, what: 'add' | 'remove') {
  for (const field of [`${what}AccessGroups`, `${what}Persons`] as const)
    atMost(field, input[field] ?? [], MAX_MEMBERS);
  return {
    permissions: input[`${what}Permissions`] ?? [],
    accountPermissions: input[`${what}AccountPermissions`] ?? [],
    accessGroups: input[`${what}AccessGroups`] ?? [],
    persons: input[`${what}Persons`] ?? [],
  };
}

@Resolver(() => RoleType)
export class RoleResolver extends nodeResolver(RoleType, 'Role') {
  @Query(() => [RoleType], {
    nullable: true,
    description: 'Roles of the account, sorted by name. Requires ViewRole.',
  })
  async roles(@Ctx() { services, caller, pageLoader }: GraphContext): Promise<readonly Role[]> {
    return pageLoader.register(await services.roles.all(caller));
  }

  @Mutation(() => CreateRolePayload, {
    description: 'Creates a role. Requires ManageRole. Refused with INVALID_INPUT or TITLE_TAKEN.',
  })
  createRole(
    @Arg('input', () => CreateRoleInput, { description: 'Role to create.' }) input: CreateRoleInput,
    @Ctx() { services, caller }: GraphContext,
  ): Promise<CreateRolePayload> {
    return payload(async () => ({ role: await services.roles.create(caller, editOf(input)) }));
  }

  @Mutation(() => UpdateRolePayload, {
    description:
      'Changes a role, with immediate effect for its people. Requires ManageRole. Refused with NOT_FOUND, INVALID_INPUT, TITLE_TAKEN or VERSION_CLASH.',
  })
  updateRole(
    @Arg('input', () => UpdateRoleInput, { description: 'Changes to make.' }) {
      id,
      expectedVersion,
      ...edit
    }: UpdateRoleInput,
    @Ctx() { services, caller }: GraphContext,
  ): Promise<UpdateRolePayload> {
    return editPayload(async () => ({
      role: await services.roles.update(
        caller,
        existingId('Role', 'role', id),
        editOf(edit),
        expectedVersion,
      ),
    }));
  }

  @Mutation(() => AmendRolePayload, {
    description:
      'Adds items to the lists of a role and removes others, with immediate effect for its people. Requires ManageRole. Refused with NOT_FOUND or INVALID_INPUT.',
  })
  amendRole(
    @Arg('input', () => AmendRoleInput, { description: 'Items to add and to remove.' }) input: AmendRoleInput,
    @Ctx() { services, caller }: GraphContext,
  ): Promise<AmendRolePayload> {
    return payload(async () => {
      const ref = idOrName('Role', 'role', input.id, input.name);
      const [add, remove] = [membersOf(input, 'add'), membersOf(input, 'remove')];
      return { role: await services.roles.amend(caller, ref, { add, remove }) };
    });
  }

  @Mutation(() => CopyRolePayload, {
    description:
      'Creates a role with the permissions and access groups of another one. Requires ManageRole. Refused with NOT_FOUND, INVALID_INPUT or TITLE_TAKEN.',
  })
  copyRole(
    @Arg('input', () => CopyRoleInput, { description: 'Role to copy.' })
    { id, source, ...copy }: CopyRoleInput,
    @Ctx() { services, caller }: GraphContext,
  ): Promise<CopyRolePayload> {
    return payload(async () => {
      const ref = idOrName('Role', 'role', id, source, 'source');
      return { role: await services.roles.copy(caller, ref, copy) };
    });
  }

  @Mutation(() => DeleteRolePayload, {
    description:
      'Deletes a role. Its people lose its permissions immediately. Requires ManageRole. Refused with NOT_FOUND, or with INVALID_INPUT for GlobalAdmin.',
  })
  deleteRole(
    @Arg('input', () => DeleteRoleInput, { description: 'Role to delete.' }) { id, name }: DeleteRoleInput,
    @Ctx() { services, caller }: GraphContext,
  ): Promise<DeleteRolePayload> {
    return payload(async () => {
      const deleted = await services.roles.remove(caller, idOrName('Role', 'role', id, name));
      return { deletedId: globalId('Role', deleted.id) };
    });
  }
}
