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
  atMostForeseen,
  ForeseenRunType,
  firstRuns,
  foreseenRunOf,
  PassedOverSlotsType,
  passedOver,
} from '../schedule/foreseen-run.type.ts';
import {
  LimitRoomType,
  PreviewWarningType,
  ScriptProfilePreviewInput,
  ScriptProfilePreviewType,
} from './preview.type.ts';
import { draftOf, editOf } from './script-profile.input.ts';
import { differencesOf, FieldDifferenceType } from './script-profile.payload.ts';

const UNFORESEEN = 'Null where `problems` leave nothing to foresee.';

@Resolver(() => ScriptProfilePreviewType)
export class PreviewResolver {
  @Query(() => ScriptProfilePreviewType, {
    nullable: true,
    complexity: ({ childComplexity }) => 20 + childComplexity,
    description:
      'What creating or changing a script profile would do. What the mutation would refuse is in `problems`, not an error.',
  })
  async scriptProfilePreview(
    @Arg('input', () => ScriptProfilePreviewInput, { description: 'The change.' })
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
      'What stands against it: first what the mutation would be refused with, then whatever else would be next.',
  })
  problems(@Root() { problems }: Preview): UserErrorType[] {
    return problems.map(userErrorOf);
  }

  @FieldResolver(() => [PreviewWarningType], {
    description: 'What is not refused, and may still not be what was meant.',
  })
  warnings(@Root() { plan }: Preview) {
    return plan?.warnings ?? [];
  }

  @FieldResolver(() => [FieldDifferenceType], {
    description: 'What an edit would change. Empty for a new profile, and for an edit that changes nothing.',
  })
  changedFields(@Root() { plan }: Preview): FieldDifferenceType[] {
    return differencesOf(plan?.changedFields ?? []);
  }

  @FieldResolver(() => LimitRoomType, {
    description: 'Profiles that are not archived, against the account’s `maxNumProfiles`.',
  })
  profilesRoom(@Root() { numProfiles, limits }: Preview): LimitRoomType {
    return { used: numProfiles, max: limits.maxNumProfiles };
  }

  @FieldResolver(() => LimitRoomType, {
    nullable: true,
    description: `Computers that it would be associated with, against the account’s \`maxNumComputers\`. ${UNFORESEEN}`,
  })
  computersRoom(@Root() { plan, limits }: Preview): LimitRoomType | null {
    return plan && { used: plan.numMatched, max: limits.maxNumComputers };
  }

  @FieldResolver(() => ComputerConnection, {
    nullable: true,
    description: `The computers that it would be associated with: none for event triggers, which wait for computers one by one. ${UNFORESEEN}`,
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
    description: `Those of them that it is not associated with now: all, for a new profile. ${UNFORESEEN}`,
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
    description: `The computers that it is associated with now and would not be any more. ${UNFORESEEN}`,
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

  @FieldResolver(() => [ForeseenRunType], {
    nullable: true,
    complexity: firstOf,
    description: `The next runs as they will really happen, spaced by the account’s \`minInterval\`, and the slots that are passed over for it. ${UNFORESEEN}`,
  })
  nextRuns(
    @Root() { plan }: Preview,
    @Arg('first', () => Int, firstRuns) first: number | null,
  ): ForeseenRunType[] | null {
    return plan && runsOf(plan, atMostForeseen(first)).map(foreseenRunOf);
  }

  @FieldResolver(() => [PassedOverSlotsType], {
    description: 'Slots that are due and not run yet, and that an edit of the trigger gives up.',
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
