import { Arg, Args, Ctx, FieldResolver, Int, Query, Resolver, Root } from 'type-graphql';
import { Refusal } from '../../domain/errors.ts';
import { associationTarget } from '../../domain/script-profiles/script-profile.ts';
import type { Joining } from '../../services/computers/computer-ports.ts';
import {
  type Plan,
  type Preview,
  type ProposedChange,
  runsOf,
} from '../../services/script-profiles/previews.ts';
import { Connection, listingOf } from '../common/connection.ts';
import { isUserError, UserErrorType, userErrorOf } from '../common/errors.ts';
import { ComputersOfArgs } from '../computers/computer.input.ts';
import { ComputerConnection } from '../computers/computer.type.ts';
import type { GraphContext } from '../context.ts';
import { firstOf } from '../limits/complexity.ts';
import {
  checkFirstRuns,
  ForecastRunType,
  firstRuns,
  forecastRunOf,
  PassedOverSlotsType,
  passedOver,
} from '../schedule/forecast-run.type.ts';
import {
  LimitRoomType,
  PreviewWarningType,
  ScriptProfilePreviewInput,
  ScriptProfilePreviewType,
} from './preview.type.ts';
import { draftOf, editOf } from './script-profile.input.ts';
import { differencesOf, FieldDifferenceType } from './script-profile.payload.ts';

const NO_FORECAST = 'Null if `problems` prevent a forecast.';

@Resolver(() => ScriptProfilePreviewType)
export class PreviewResolver {
  @Query(() => ScriptProfilePreviewType, {
    nullable: true,
    complexity: ({ childComplexity }) => 20 + childComplexity,
    description:
      'Dry run: shows which computers a new or edited script profile matches, which are added or dropped, when it will run, and what would block it. Writes nothing. A refusal of the mutation is in `problems`, not an error.',
  })
  async scriptProfilePreview(
    @Arg('input', () => ScriptProfilePreviewInput, { description: 'Change to preview.' })
    input: ScriptProfilePreviewInput,
    @Ctx() { services, caller }: GraphContext,
  ): Promise<Preview> {
    let change: ProposedChange;
    try {
      change = input.create ? { create: draftOf(input.create) } : { update: editOf(input.update!) };
    } catch (error) {
      if (!(error instanceof Refusal) || !isUserError(error)) throw error;
      return services.previews.refused(caller, error);
    }
    return services.previews.preview(caller, change);
  }

  @FieldResolver(() => [UserErrorType], {
    description:
      'Problems that would block the mutation. The first one is the reason for its refusal, and the others would follow. Empty if it would succeed.',
  })
  problems(@Root() { problems }: Preview): UserErrorType[] {
    return problems.map(userErrorOf);
  }

  @FieldResolver(() => [PreviewWarningType], {
    description: 'Warnings about effects that are allowed, but may not be intended.',
  })
  warnings(@Root() { plan }: Preview) {
    return plan?.warnings ?? [];
  }

  @FieldResolver(() => [FieldDifferenceType], {
    description: 'Fields that an edit would change. Empty for a new profile, and for an edit without effect.',
  })
  changedFields(@Root() { plan }: Preview): FieldDifferenceType[] {
    return differencesOf(plan?.changedFields ?? []);
  }

  @FieldResolver(() => LimitRoomType, {
    description:
      'Number of script profiles that are not archived, and the limit `maxNumProfiles` of the account.',
  })
  profilesRoom(@Root() { numProfiles, limits }: Preview): LimitRoomType {
    return { used: numProfiles, max: limits.maxNumProfiles };
  }

  @FieldResolver(() => LimitRoomType, {
    nullable: true,
    description: `Number of computers that it would be associated with, and the limit \`maxNumComputers\` of the account. ${NO_FORECAST}`,
  })
  computersRoom(@Root() { plan, limits }: Preview): LimitRoomType | null {
    return plan && { used: plan.numMatched, max: limits.maxNumComputers };
  }

  @FieldResolver(() => ComputerConnection, {
    nullable: true,
    description: `Computers that it would be associated with. Empty for an event trigger, which runs on each computer when it is accepted. ${NO_FORECAST}`,
  })
  matched(
    @Root() { plan }: Preview,
    @Args(() => ComputersOfArgs) args: ComputersOfArgs,
    @Ctx() context: GraphContext,
  ) {
    return plan && computersOf({ from: null, to: targetsOf(plan).after }, args, context);
  }

  @FieldResolver(() => ComputerConnection, {
    nullable: true,
    description: `Computers that the change would add. For a new profile, all of \`matched\`. ${NO_FORECAST}`,
  })
  joining(
    @Root() { plan }: Preview,
    @Args(() => ComputersOfArgs) args: ComputersOfArgs,
    @Ctx() context: GraphContext,
  ) {
    if (!plan) return null;
    const { before, after } = targetsOf(plan);
    return computersOf({ from: before, to: after }, args, context);
  }

  @FieldResolver(() => ComputerConnection, {
    nullable: true,
    description: `Computers that the change would drop. Empty for a new profile. ${NO_FORECAST}`,
  })
  leaving(
    @Root() { plan }: Preview,
    @Args(() => ComputersOfArgs) args: ComputersOfArgs,
    @Ctx() context: GraphContext,
  ) {
    if (!plan) return null;
    const { before, after } = targetsOf(plan);
    return computersOf({ from: after, to: before }, args, context);
  }

  @FieldResolver(() => [ForecastRunType], {
    nullable: true,
    complexity: firstOf,
    description: `Forecast of the next runs, with the \`minInterval\` of the account applied, and the slots without a run of their own. ${NO_FORECAST}`,
  })
  nextRuns(
    @Root() { plan }: Preview,
    @Arg('first', () => Int, firstRuns) first: number | null,
  ): ForecastRunType[] | null {
    return plan && runsOf(plan, checkFirstRuns(first)).map(forecastRunOf);
  }

  @FieldResolver(() => [PassedOverSlotsType], {
    description: 'Slots that are due but not run yet, and that an edit of the trigger would skip.',
  })
  slotsGivenUp(@Root() { plan }: Preview): PassedOverSlotsType[] {
    return passedOver(plan?.slotsGivenUp ?? []);
  }
}

const targetsOf = ({ before, after }: Plan) => ({
  before: before && associationTarget(before),
  after: associationTarget(after),
});

async function computersOf(change: Joining, args: ComputersOfArgs, context: GraphContext) {
  const { services, caller, pageLoader } = context;
  const listing = listingOf('Computer', args, context);
  const slice = await services.previews.joining(caller, change, listing);
  pageLoader.register(slice.rows);
  return new Connection('Computer', slice, listing.order, () =>
    services.previews.countJoining(caller, change),
  );
}
