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
import { existingId, globalId } from '../common/global-id.ts';
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
  'Its title: up to 255 letters, digits, spaces, `.` and `-`. Its name is the title in lower case with `-` for spaces, and unique in the account (TITLE_TAKEN).';

@InputType('CreateAccessGroupInput', { description: 'A new access group.' })
class CreateAccessGroupInput {
  @Field(() => String, { description: TITLE })
  title!: string;

  @Field(() => String, {
    nullable: true,
    description: 'The name of the group to put it in. Defaults to `global`.',
  })
  parent?: string | null;

  @Field(() => ID, { nullable: true, description: GROUP_ID })
  parentId?: string | null;

  @Field(() => String, { nullable: true, description: IDEMPOTENCY_KEY })
  idempotencyKey?: string | null;
}

@ObjectType('CreateAccessGroupPayload', { description: 'What became of it.', simpleResolvers: true })
class CreateAccessGroupPayload extends Payload {
  @Field(() => AccessGroupType, { nullable: true, description: 'The new group; null when refused.' })
  accessGroup?: AccessGroup;
}

@InputType('UpdateAccessGroupInput', {
  description: 'A change of an access group: what is left out, or null, stays as it is.',
})
class UpdateAccessGroupInput {
  @Field(() => ID, { description: 'The group, by its global id or its number.' })
  id!: string;

  @Field(() => String, { nullable: true, description: TITLE })
  title?: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'The name of the group to move it into: neither the group itself nor one below it.',
  })
  parent?: string | null;

  @Field(() => ID, { nullable: true, description: GROUP_ID })
  parentId?: string | null;
}

@ObjectType('UpdateAccessGroupPayload', { description: 'Result of the update.', simpleResolvers: true })
class UpdateAccessGroupPayload extends Payload {
  @Field(() => AccessGroupType, { nullable: true, description: 'The group as it is now; null when refused.' })
  accessGroup?: AccessGroup;
}

@InputType('DeleteAccessGroupInput', { description: 'An access group to delete.' })
class DeleteAccessGroupInput {
  @Field(() => ID, { description: 'The group, by its global id or its number.' })
  id!: string;
}

@ObjectType('DeleteAccessGroupPayload', { description: 'Result of the deletion.', simpleResolvers: true })
class DeleteAccessGroupPayload extends Payload {
  @Field(() => ID, {
    nullable: true,
    description: 'The global id of the group that is gone; null when refused.',
  })
  deletedId?: string;
}

/** Counted once for all groups of a page. */
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
      'The account’s tree of access groups, by name: those where the caller holds some permission; all of them with a permission of the account.',
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
      'Renames an access group, and moves it with all that is below it. Its name follows its title. Takes ManageAccount; a move also takes every group permission in the group. Refused with NOT_FOUND, TITLE_TAKEN, or INVALID_INPUT, as for the root.',
  })
  updateAccessGroup(
    @Arg('input', () => UpdateAccessGroupInput, { description: 'What to change.' })
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
      'Deletes an access group. Its computers, scripts, script profiles and the groups directly below it go to the group above; roles no longer hold it. Takes ManageAccount, and every group permission in the group. Refused with NOT_FOUND; with INVALID_INPUT for the root.',
  })
  deleteAccessGroup(
    @Arg('input', () => DeleteAccessGroupInput, { description: 'Which one.' }) { id }: DeleteAccessGroupInput,
    @Ctx() { services, caller }: GraphContext,
  ): Promise<DeleteAccessGroupPayload> {
    return payload(async () => {
      const deleted = existingId('AccessGroup', 'access group', id);
      await services.accessGroups.remove(caller, deleted);
      return { deletedId: globalId('AccessGroup', deleted) };
    });
  }

  @Mutation(() => CreateAccessGroupPayload, {
    description: 'Makes an access group. Refused with INVALID_INPUT, TITLE_TAKEN or IDEMPOTENCY_KEY_REUSED.',
  })
  createAccessGroup(
    @Arg('input', () => CreateAccessGroupInput, { description: 'The new group.' }) {
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
