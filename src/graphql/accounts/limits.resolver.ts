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

@ObjectType('Limits', { description: 'Limits on the script profiles of the account.', simpleResolvers: true })
class LimitsType implements VersionedLimits {
  @Field(() => ID, { description: cacheIdDescription })
  id!: string;

  @Field(() => Int, {
    description: 'Maximum number of computers that one script profile may be associated with.',
  })
  maxNumComputers!: number;

  @Field(() => Int, { description: 'Maximum number of script profiles that are not archived.' })
  maxNumProfiles!: number;

  @Field(() => Int, {
    description: 'Minimum time between two runs of a recurring script profile, in minutes.',
  })
  minInterval!: number;

  @Field(() => Int, {
    description: 'Version number for `expectedVersion`. Starts at 1 and increases with each change.',
  })
  version!: number;
}

@ObjectType('LimitsUsed', { description: 'Current usage of the limits.', simpleResolvers: true })
class LimitsUsedType {
  @Field(() => SafeInt, {
    description: 'Number of script profiles that are not archived. Limited by `maxNumProfiles`.',
  })
  profiles!: number;

  @Field(() => SafeInt, {
    description:
      'Largest number of computers that one script profile is associated with. Includes computers that the caller may not see. Limited by `maxNumComputers`.',
  })
  computers!: number;
}

@InputType('UpdateLimitsInput', {
  description: 'New limits. Fields that are omitted or null keep their value.',
})
class UpdateLimitsInput {
  @Field(() => Int, {
    nullable: true,
    description:
      'Maximum number of computers for each script profile. Minimum 0. Lowering it does not change existing script profiles that exceed it.',
  })
  maxNumComputers?: number | null;

  @Field(() => Int, {
    nullable: true,
    description: 'Maximum number of script profiles. Minimum 0. Lowering it does not archive any.',
  })
  maxNumProfiles?: number | null;

  @Field(() => Int, {
    nullable: true,
    description:
      'Minimum time between two runs of a recurring script profile, in minutes. Minimum 0. Maximum 527,040, which is one year. The next runs are rescheduled.',
  })
  minInterval?: number | null;

  @Field(() => Int, { nullable: true, description: EXPECTED_VERSION })
  expectedVersion?: number | null;
}

@ObjectType('UpdateLimitsPayload', { description: 'Result of `updateLimits`.', simpleResolvers: true })
class UpdateLimitsPayload extends Payload {
  @Field(() => LimitsType, { nullable: true, description: 'The updated limits. Null if refused.' })
  limits?: LimitsType;

  @Field(() => LimitsType, { nullable: true, description: currentDescription('limits') })
  current?: LimitsType;
}

@Resolver(() => LimitsType)
export class LimitsResolver {
  @FieldResolver(() => LimitsUsedType, {
    complexity: ({ childComplexity }) => 10 + childComplexity,
    description: 'Current usage of the limits.',
  })
  used(@Ctx() { services, caller }: GraphContext): Promise<LimitsUsedType> {
    return services.limits.used(caller);
  }

  @Query(() => LimitsType, { nullable: true, description: 'Limits on the script profiles of the account.' })
  async limits(@Ctx() { services, caller }: GraphContext): Promise<LimitsType> {
    return shown(caller, await services.limits.get(caller));
  }

  @Mutation(() => UpdateLimitsPayload, {
    description:
      'Sets the limits of the account. Requires ManageAccount. Refused with INVALID_INPUT or VERSION_CLASH.',
  })
  async updateLimits(
    @Arg('input', () => UpdateLimitsInput, { description: 'New limits.' }) {
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
