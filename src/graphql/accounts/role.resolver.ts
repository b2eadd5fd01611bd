import { Arg, Ctx, Field, ID, Mutation, ObjectType, Query, Resolver } from 'type-graphql';
import type { Role } from '../../domain/accounts/role.ts';
import { payload } from '../common/errors.ts';
import { databaseIdOf, existingId, globalId } from '../common/global-id.ts';
import { atMost } from '../common/lists.ts';
import { nodeResolver } from '../common/node.resolver.ts';
import { currentDescription, editPayload, Payload } from '../common/payload.ts';
import type { GraphContext } from '../context.ts';
import { CreateRoleInput, DeleteRoleInput, type RoleFields, UpdateRoleInput } from './role.input.ts';
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

  @Mutation(() => DeleteRolePayload, {
    description:
      'Deletes a role. Its people lose its permissions immediately. Requires ManageRole. Refused with NOT_FOUND, or with INVALID_INPUT for GlobalAdmin.',
  })
  deleteRole(
    @Arg('input', () => DeleteRoleInput, { description: 'Role to delete.' }) { id }: DeleteRoleInput,
    @Ctx() { services, caller }: GraphContext,
  ): Promise<DeleteRolePayload> {
    return payload(async () => {
      const deleted = existingId('Role', 'role', id);
      await services.roles.remove(caller, deleted);
      return { deletedId: globalId('Role', deleted) };
    });
  }
}
