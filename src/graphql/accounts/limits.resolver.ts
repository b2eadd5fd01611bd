import {
  Arg,
  Ctx,
  Field,
  FieldResolver,
  ID,
  InputType,
  Int,
  Mutation,
  ObjectType,
  Query,
  Resolver,
} from 'type-graphql';
import type { Caller } from '../../domain/accounts/access.ts';
import type { VersionedLimits } from '../../domain/accounts/limits.ts';
import { EXPECTED_VERSION } from '../common/expected-version.ts';
import { cacheId, cacheIdDescription } from '../common/global-id.ts';
import { currentDescription, editPayload, Payload } from '../common/payload.ts';
import { SafeInt } from '../common/scalars.ts';
import type { GraphContext } from '../context.ts';

@ObjectType('Limits', { description: 'The account’s limits on script profiles.', simpleResolvers: true })
class LimitsType implements VersionedLimits {
  @Field(() => ID, { description: cacheIdDescription })
  id!: string;

  @Field(() => Int, { description: 'The most computers that one profile may be associated with.' })
  maxNumComputers!: number;

  @Field(() => Int, { description: 'The most profiles that are not archived.' })
  maxNumProfiles!: number;

  @Field(() => Int, { description: 'In minutes: the least time between two runs of a recurring profile.' })
  minInterval!: number;

  @Field(() => Int, { description: 'Number of changes of the limits, from 1. For `expectedVersion`.' })
  version!: number;
}

@ObjectType('LimitsUsed', { description: 'What is used of the limits.', simpleResolvers: true })
class LimitsUsedType {
  @Field(() => SafeInt, { description: 'Number of profiles that are not archived. Limit: `maxNumProfiles`.' })
  profiles!: number;

  @Field(() => SafeInt, {
    description:
      'Number of computers of the profile that reaches the most of them, seen by the caller or not. Limit: `maxNumComputers`.',
  })
  computers!: number;
}

@InputType('UpdateLimitsInput', { description: 'New limits; what is left out, or null, stays.' })
class UpdateLimitsInput {
  @Field(() => Int, {
    nullable: true,
    description: 'From 0. Lowering it takes nothing away from profiles that exceed it.',
  })
  maxNumComputers?: number | null;

  @Field(() => Int, { nullable: true, description: 'From 0. Lowering it archives nothing.' })
  maxNumProfiles?: number | null;

  @Field(() => Int, {
    nullable: true,
    description: 'In minutes, from 0 to 527,040 (a year). The coming runs are spaced anew.',
  })
  minInterval?: number | null;

  @Field(() => Int, { nullable: true, description: EXPECTED_VERSION })
  expectedVersion?: number | null;
}

@ObjectType('UpdateLimitsPayload', { description: 'What became of it.', simpleResolvers: true })
class UpdateLimitsPayload extends Payload {
  @Field(() => LimitsType, { nullable: true, description: 'The limits from now on; null when refused.' })
  limits?: LimitsType;

  @Field(() => LimitsType, { nullable: true, description: currentDescription('limits').replace('is', 'are') })
  current?: LimitsType;
}

@Resolver(() => LimitsType)
export class LimitsResolver {
  @FieldResolver(() => LimitsUsedType, {
    complexity: ({ childComplexity }) => 10 + childComplexity,
    description: 'What is used of them just now.',
  })
  used(@Ctx() { services, caller }: GraphContext): Promise<LimitsUsedType> {
    return services.limits.used(caller);
  }

  @Query(() => LimitsType, { nullable: true, description: 'The account’s limits on script profiles.' })
  async limits(@Ctx() { services, caller }: GraphContext): Promise<LimitsType> {
    return shown(caller, await services.limits.get(caller));
  }

  @Mutation(() => UpdateLimitsPayload, {
    description: 'Sets the account’s limits. Refused with INVALID_INPUT or VERSION_CLASH.',
  })
  async updateLimits(
    @Arg('input', () => UpdateLimitsInput, { description: 'The new limits.' }) {
      expectedVersion,
      ...edit
    }: UpdateLimitsInput,
    @Ctx() { services, caller }: GraphContext,
  ): Promise<UpdateLimitsPayload> {
    const done = await editPayload<object, VersionedLimits>(async () => ({
      limits: shown(caller, await services.limits.update(caller, edit, expectedVersion)),
    }));
    return { ...done, current: done.current && shown(caller, done.current) };
  }
}

const shown = ({ accountId }: Caller, limits: VersionedLimits): LimitsType => ({
  id: cacheId('Limits', accountId),
  ...limits,
});
