import { authorise, type Caller, scopeOf } from '../../domain/accounts/access.ts';
import type { Limits } from '../../domain/accounts/limits.ts';
import { notFound, type Refusal, refusalsOf } from '../../domain/errors.ts';
import { type ForecastFiring, type Moment, mayRunUntil } from '../../domain/schedule/forecast.ts';
import type { SlotEntry } from '../../domain/schedule/slot-ledger.ts';
import {
  firstFirings,
  slotsGivenUp,
  type Warning,
  warningsOf,
} from '../../domain/script-profiles/preview.ts';
import {
  editScriptProfile,
  type ScriptProfile,
  type ScriptProfileDraft,
  type ScriptProfileEdit,
} from '../../domain/script-profiles/script-profile.ts';
import { checkVersion, type Difference, differences } from '../../domain/script-profiles/version.ts';
import type { Instant } from '../../domain/time.ts';
import type { ComputerOrderField, Joining } from '../computers/computer-ports.ts';
import type { Listing } from '../listing.ts';
import type { Repositories, Store } from '../ports.ts';
import { creationChecks, creationContextOf, editChecks, profileOf } from './script-profile-checks.ts';
import type { CreationContext } from './script-profile-ports.ts';

/** The input of the corresponding mutation. */
export type ProposedChange =
  | { readonly create: ScriptProfileDraft }
  | {
      readonly update: {
        readonly id: number;
        readonly edit: ScriptProfileEdit;
        readonly expectedVersion?: number | null;
      };
    };

export interface Preview {
  /** The refusals of the change. The first one is the refusal that the mutation would return. */
  readonly problems: readonly Refusal[];
  readonly limits: Limits;
  /** Number of profiles that are not archived after the change. */
  readonly numProfiles: number;
  /** Null if the problems prevent a forecast. */
  readonly plan: Plan | null;
}

/** The result of the change. */
export interface Plan {
  /** Null for a new profile. */
  readonly before: ScriptProfile | null;
  /** The id of a new profile is 0. */
  readonly after: ScriptProfile;
  readonly moment: Moment;
  readonly numMatched: number;
  readonly changedFields: readonly Difference[];
  readonly slotsGivenUp: readonly SlotEntry[];
  readonly warnings: readonly Warning[];
}

/** A predicted run. */
export interface ForecastRun extends ForecastFiring {
  readonly mayRunUntil: Instant;
  readonly expectedComputers: number;
}

/** Dry run of a change. Writes nothing and locks nothing. */
export function previewService(store: Store) {
  const { read } = store;
  return {
    /** @throws Refusal FORBIDDEN. Other refusals are returned as problems. */
    preview: (caller: Caller, change: ProposedChange): Promise<Preview> =>
      store.transaction(async (tx, now) => {
        const moment = { now, limits: await tx.limits.of(caller.accountId) };
        const proposal =
          'create' in change
            ? await proposeNew(tx, caller, change.create, moment)
            : await proposeEdit(tx, caller, change.update, moment);
        const { problems, before, after, creationContext } = proposal;
        const numActive =
          creationContext?.numActive ?? (await tx.scriptProfiles.countActive(caller.accountId));
        const known = {
          problems,
          limits: moment.limits,
          numProfiles: numActive + ('create' in change ? 1 : 0),
        };
        if (after === null) return { ...known, plan: null };
        const numMatched = creationContext.numReached;
        const refused = new Set<string>(problems.map(({ code }) => code));
        const plan = {
          before,
          after,
          moment,
          numMatched,
          changedFields: before ? differences(before, after) : [],
          slotsGivenUp: slotsGivenUp(before, after, moment),
          warnings: warningsOf({ before, after, matched: numMatched }, moment).filter(
            ({ code }) => code !== 'OVER_COMPUTER_LIMIT' || !refused.has('COMPUTER_LIMIT'),
          ),
        };
        return { ...known, plan };
      }),

    /** The preview of a change that was already refused, for example because of an invalid id. */
    async refused(caller: Caller, problem: Refusal): Promise<Preview> {
      authorise(caller, 'ViewScriptProfile');
      const limits = await read.limits.of(caller.accountId);
      const numProfiles = await read.scriptProfiles.countActive(caller.accountId);
      return { problems: [problem], limits, numProfiles, plan: null };
    },

    /** A page of the computers that `change.to` matches and `change.from` does not. */
    joining(caller: Caller, change: Joining, listing: Omit<Listing<never, ComputerOrderField>, 'filter'>) {
      return read.computers.pageJoining(scopeOf(caller, 'ViewComputer'), change, listing);
    },

    countJoining(caller: Caller, change: Joining): Promise<number> {
      return read.computers.countJoining(scopeOf(caller, 'ViewComputer'), change);
    },
  };
}

/** The next runs of the plan. */
export const runsOf = ({ after, moment, numMatched }: Plan, most: number): ForecastRun[] =>
  firstFirings(after, moment, most).map((firing) => forecastRun(firing, after, numMatched, moment.limits));

export const forecastRun = (
  firing: ForecastFiring,
  profile: ScriptProfile,
  numMatched: number,
  { maxNumComputers }: Limits,
): ForecastRun => ({
  ...firing,
  mayRunUntil: mayRunUntil(firing.at, profile),
  expectedComputers: Math.min(numMatched, maxNumComputers),
});

type Proposal = {
  readonly problems: readonly Refusal[];
  readonly before: ScriptProfile | null;
} & (
  | { readonly after: ScriptProfile; readonly creationContext: CreationContext }
  | { readonly after: null; readonly creationContext?: undefined }
);

async function proposeNew(
  tx: Repositories,
  caller: Caller,
  draft: ScriptProfileDraft,
  { now, limits }: Moment,
): Promise<Proposal> {
  const [script] = await tx.scripts.byIds(scopeOf(caller, 'ViewScript'), [draft.scriptId]);
  authorise(caller, 'ManageScriptProfile', script?.accessGroup.id);
  const made = withPlaceholders({ title: 'Untitled', username: 'root' }, (standIns) =>
    profileOf(caller, { ...draft, ...standIns }, { script, at: now, limits }),
  );
  if (made.value === null) return { problems: made.problems, before: null, after: null };
  const after = { ...made.value, id: 0 };
  const creationContext = await creationContextOf(tx, caller, after);
  const problems = found(creationChecks(caller, after, limits, creationContext), made.problems);
  return { problems, before: null, after, creationContext };
}

async function proposeEdit(
  tx: Repositories,
  caller: Caller,
  { id, edit, expectedVersion }: { id: number; edit: ScriptProfileEdit; expectedVersion?: number | null },
  { now, limits }: Moment,
): Promise<Proposal> {
  const [before] = await tx.scriptProfiles.byIds(scopeOf(caller, 'ViewScriptProfile'), [id]);
  if (!before) return { problems: [notFound('script profile', id)], before: null, after: null };
  authorise(caller, 'ManageScriptProfile', before.accessGroup.id);
  const change = (some: ScriptProfileEdit) => (current: ScriptProfile) =>
    editScriptProfile(current, some, { at: now, limits });
  const version = refusalsOf(() => checkVersion(before, expectedVersion, change(edit)));
  const made = withPlaceholders({ title: null, username: null }, (placeholders) =>
    change({ ...edit, ...placeholders })(before),
  );
  // Both checks return the refusals of the caller's own input.
  const problems = version.some(({ code }) => code === 'VERSION_CLASH')
    ? [...version, ...made.problems]
    : made.problems;
  if (made.value === null) return { problems, before, after: null };
  const after = made.value;
  const creationContext = await creationContextOf(tx, caller, after);
  const checks = editChecks(caller, { before, after, limits }, creationContext);
  return { problems: found(checks, problems), before, after, creationContext };
}

/**
 * Creates a profile from a draft. If only the title or the user is invalid, placeholders replace them,
 * because they do not affect the forecast. A dashboard can then show the forecast while the user types.
 */
function withPlaceholders<StandIns extends object, Value>(
  standIns: StandIns,
  make: (used: Partial<StandIns>) => Value,
): { value: Value | null; problems: Refusal[] } {
  let value: Value | null = null;
  const refused = (used: Partial<StandIns>) =>
    refusalsOf(() => {
      value = make(used);
    });
  const problems = refused({});
  const wrong = problems.map(({ detail }) => detail.field);
  const areReplaceable = wrong.every((field) => field !== undefined && field in standIns);
  const used = Object.entries(standIns).filter(([field]) => wrong.includes(field));
  // With placeholders, later checks may find more problems, such as an unknown script.
  if (problems.length > 0 && areReplaceable)
    problems.push(...refused(Object.fromEntries(used) as Partial<StandIns>));
  return { value, problems };
}

/** Adds the problems that further checks find. A second problem with the title is left out. */
function found(checks: readonly (() => void)[], known: readonly Refusal[]): Refusal[] {
  const isTitleKnown = known.some(({ detail }) => detail.field === 'title');
  const more = checks.flatMap(refusalsOf);
  return [...known, ...more.filter(({ detail }) => !(isTitleKnown && detail.field === 'title'))];
}
