import {
  Arg,
  Ctx,
  Field,
  FieldResolver,
  ID,
  InputType,
  Mutation,
  ObjectType,
  Query,
  Resolver,
  Root,
} from 'type-graphql';
import type { AccessGroup } from '../../domain/accounts/access-group.ts';
import { payload } from '../common/errors.ts';
import { existingId, globalId, INSTEAD_OF_ID, idOrName } from '../common/global-id.ts';
import { IDEMPOTENCY_KEY } from '../common/idempotency-key.ts';
import { nodeResolver } from '../common/node.resolver.ts';
import { Payload } from '../common/payload.ts';
import { SafeInt } from '../common/scalars.ts';
import type { GraphContext } from '../context.ts';
import { ReadsColumns } from '../execution/from-row.ts';
import { thenMaybe } from '../execution/maybe-promise.ts';
import { GROUP_ID, groupRef } from './access-group.input.ts';
import { AccessGroupType } from './access-group.type.ts';

const TITLE =
  'Title: 1 to 255 letters, digits, spaces, `.` and `-`, starting with a letter or digit. The group’s name is the title in lower case, with `-` for spaces. Refused with TITLE_TAKEN if another group has this name.';

@InputType('CreateAccessGroupInput', { description: 'Access group to create.' })
class CreateAccessGroupInput {
  @Field(() => String, { description: TITLE })
  title!: string;

  @Field(() => String, {
    nullable: true,
    description: 'Name of the access group to create it in. Defaults to `global`.',
  })
  parent?: string | null;

  @Field(() => ID, { nullable: true, description: GROUP_ID })
  parentId?: string | null;

  @Field(() => String, { nullable: true, description: IDEMPOTENCY_KEY })
  idempotencyKey?: string | null;
}

@ObjectType('CreateAccessGroupPayload', {
  description: 'Result of `createAccessGroup`.',
  simpleResolvers: true,
})
class CreateAccessGroupPayload extends Payload {
  @Field(() => AccessGroupType, { nullable: true, description: 'The new access group. Null if refused.' })
  accessGroup?: AccessGroup;
}

@InputType('UpdateAccessGroupInput', {
  description: 'Changes to an access group. Fields that are omitted or null keep their value.',
})
class UpdateAccessGroupInput {
  @Field(() => ID, { description: 'Global id or number of the access group.' })
  id!: string;

  @Field(() => String, { nullable: true, description: TITLE })
  title?: string | null;

  @Field(() => String, {
    nullable: true,
    description:
      'Name of the group to move it into. It must be neither the group itself nor one of its descendants.',
  })
  parent?: string | null;

  @Field(() => ID, { nullable: true, description: GROUP_ID })
  parentId?: string | null;
}

@ObjectType('UpdateAccessGroupPayload', {
  description: 'Result of `updateAccessGroup`.',
  simpleResolvers: true,
})
class UpdateAccessGroupPayload extends Payload {
  @Field(() => AccessGroupType, { nullable: true, description: 'The updated access group. Null if refused.' })
  accessGroup?: AccessGroup;
}

@InputType('DeleteAccessGroupInput', { description: 'Access group to delete.' })
class DeleteAccessGroupInput {
  @Field(() => ID, { nullable: true, description: 'Global id or number of the access group.' })
  id?: string | null;

  @Field(() => String, { nullable: true, description: `Name of the access group. ${INSTEAD_OF_ID}` })
  name?: string | null;
}

@ObjectType('DeleteAccessGroupPayload', {
  description: 'Result of `deleteAccessGroup`.',
  simpleResolvers: true,
})
class DeleteAccessGroupPayload extends Payload {
  @Field(() => ID, {
    nullable: true,
    description: 'Global id of the deleted group. Null if refused.',
  })
  deletedId?: string;

  @Field(() => AccessGroupType, {
    nullable: true,
    description: 'The parent, which now has the contents of the deleted group. Null if refused.',
  })
  parent?: AccessGroup;
}

/** Counts the contents of all groups of a page with one statement. */
const contentsOf = (group: AccessGroup, { services, caller, pageLoader }: GraphContext) =>
  pageLoader.load(group, 'contents', (groups: readonly AccessGroup[]) =>
    services.accessGroups.contents(
      caller,
      groups.map(({ id }) => id),
    ),
  );

@Resolver(() => AccessGroupType)
export class AccessGroupResolver extends nodeResolver(AccessGroupType, 'AccessGroup') {
  @Query(() => [AccessGroupType], {
    nullable: true,
    description:
      'Access groups of the account, sorted by name. Includes the groups where the caller holds a permission, or all groups if the caller holds an account permission.',
  })
  async accessGroups(@Ctx() { services, caller, pageLoader }: GraphContext): Promise<readonly AccessGroup[]> {
    return pageLoader.register(await services.accessGroups.all(caller));
  }

  @ReadsColumns<AccessGroup>(['parentId'])
  @FieldResolver(() => AccessGroupType)
  parent(@Root() group: AccessGroup, @Ctx() { services, caller, pageLoader }: GraphContext) {
    return pageLoader.loadRelated(
      group,
      'parent',
      ({ parentId }) => parentId,
      async (ids) => {
        const groups = await services.accessGroups.all(caller);
        return ids.map((id) => groups.find((other) => other.id === id));
      },
    );
  }

  @ReadsColumns<AccessGroup>(['id'])
  @FieldResolver(() => [AccessGroupType])
  children(@Root() group: AccessGroup, @Ctx() { services, caller, pageLoader }: GraphContext) {
    return pageLoader.load(group, 'children', async (groups: readonly AccessGroup[]) => {
      const tree = pageLoader.register(await services.accessGroups.all(caller));
      return groups.map(({ id }) => tree.filter(({ parentId }) => parentId === id));
    });
  }

  @ReadsColumns<AccessGroup>(['id'])
  @FieldResolver(() => SafeInt)
  numComputers(@Root() group: AccessGroup, @Ctx() context: GraphContext) {
    return thenMaybe(contentsOf(group, context), ({ computers }) => computers);
  }

  @ReadsColumns<AccessGroup>(['id'])
  @FieldResolver(() => SafeInt)
  numScripts(@Root() group: AccessGroup, @Ctx() context: GraphContext) {
    return thenMaybe(contentsOf(group, context), ({ scripts }) => scripts);
  }

  @ReadsColumns<AccessGroup>(['id'])
  @FieldResolver(() => SafeInt)
  numScriptProfiles(@Root() group: AccessGroup, @Ctx() context: GraphContext) {
    return thenMaybe(contentsOf(group, context), ({ scriptProfiles }) => scriptProfiles);
  }

  @Mutation(() => UpdateAccessGroupPayload, {
    description:
      'Renames an access group, or moves it with its descendants. Requires ManageAccount. A move also requires every group permission in the group. Refused with NOT_FOUND, TITLE_TAKEN or INVALID_INPUT. The root cannot be changed.',
  })
  updateAccessGroup(
    @Arg('input', () => UpdateAccessGroupInput, { description: 'Changes to make.' })
    { id, title, parent, parentId }: UpdateAccessGroupInput,
    @Ctx() { services, caller }: GraphContext,
  ): Promise<UpdateAccessGroupPayload> {
    return payload(async () => ({
      accessGroup: await services.accessGroups.update(caller, existingId('AccessGroup', 'access group', id), {
        title,
        parent: groupRef('parent', parent, parentId),
      }),
    }));
  }

  @Mutation(() => DeleteAccessGroupPayload, {
    description:
      'Deletes an access group. Its computers, scripts, script profiles and child groups move to its parent, and it is removed from all roles. Requires ManageAccount and every group permission in the group. Refused with NOT_FOUND, or with INVALID_INPUT for the root.',
  })
  deleteAccessGroup(
    @Arg('input', () => DeleteAccessGroupInput, { description: 'Access group to delete.' })
    { id, name }: DeleteAccessGroupInput,
    @Ctx() { services, caller }: GraphContext,
  ): Promise<DeleteAccessGroupPayload> {
    return payload(async () => {
      const ref = idOrName('AccessGroup', 'access group', id, name);
      const deleting = typeof ref === 'number' ? { id: ref } : ref.name;
      const { removed, parent } = await services.accessGroups.remove(caller, deleting);
      return { deletedId: globalId('AccessGroup', removed.id), parent };
    });
  }

  @Mutation(() => CreateAccessGroupPayload, {
    description:
      'Creates an access group. Requires ManageAccount. Refused with INVALID_INPUT, TITLE_TAKEN or IDEMPOTENCY_KEY_REUSED.',
  })
  createAccessGroup(
    @Arg('input', () => CreateAccessGroupInput, { description: 'Access group to create.' }) {
      idempotencyKey,
      title,
      parent,
      parentId,
    }: CreateAccessGroupInput,
    @Ctx() { services, caller }: GraphContext,
  ): Promise<CreateAccessGroupPayload> {
    return payload(async () => ({
      accessGroup: await services.accessGroups.create(
        caller,
        { title, parent: groupRef('parent', parent, parentId) },
        idempotencyKey,
      ),
    }));
  }
}
