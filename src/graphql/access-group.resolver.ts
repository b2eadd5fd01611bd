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
import type { AccessGroup } from '../domain/access-group.ts';
import { GROUP_ID, groupRef } from './access-group.input.ts';
import { AccessGroupType } from './access-group.type.ts';
import type { GraphContext } from './context.ts';
import { payload } from './errors.ts';
import { FromRow } from './from-row.ts';
import { IDEMPOTENCY_KEY } from './idempotency-key.ts';
import { nodeResolver } from './node.resolver.ts';
import { Payload } from './payload.ts';

@InputType('CreateAccessGroupInput', { description: 'A new access group.' })
class CreateAccessGroupInput {
  @Field(() => String, {
    description:
      'Its title: up to 255 letters, digits, spaces, `.` and `-`. Its name is the title in lower case with `-` for spaces, and unique in the account (TITLE_TAKEN).',
  })
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

@Resolver(() => AccessGroupType)
export class AccessGroupResolver extends nodeResolver(AccessGroupType, 'AccessGroup') {
  @Query(() => [AccessGroupType], {
    nullable: true,
    description:
      'The account’s tree of access groups, by name: those where the caller holds some permission; all of them with a permission of the account.',
  })
  async accessGroups(@Ctx() { services, caller, siblings }: GraphContext): Promise<readonly AccessGroup[]> {
    return siblings.adopt(await services.accessGroups.all(caller));
  }

  @FromRow<AccessGroup>(['parentId'])
  @FieldResolver(() => AccessGroupType)
  parent(@Root() group: AccessGroup, @Ctx() { services, caller, siblings }: GraphContext) {
    return siblings.follow(
      group,
      'parent',
      ({ parentId }) => parentId,
      async (ids) => {
        const groups = await services.accessGroups.all(caller);
        return ids.map((id) => groups.find((other) => other.id === id));
      },
    );
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
