import { type Caller, scopeOf, wholeAccount } from '../../domain/accounts/access.ts';
import type { Limits } from '../../domain/accounts/limits.ts';
import type { Activity } from '../../domain/activities/activity.ts';
import type { Computer } from '../../domain/computers/computer.ts';
import { notFound, Refusal, show } from '../../domain/errors.ts';
import {
  deliveredBy,
  enrolmentOccasion,
  fire,
  manualOccasion,
  ranAt,
  slotOccasion,
} from '../../domain/schedule/firing.ts';
import { checkNotArchived, type ScriptProfile } from '../../domain/script-profiles/script-profile.ts';
import { type Instant, millisecondsUntil } from '../../domain/time.ts';
import { record } from '../event-log.ts';
import { type Attempt, idempotently, ofPerson } from '../idempotency.ts';
import type { Listing } from '../listing.ts';
import { noopObserver, type Observer } from '../observer.ts';
import type { Repositories, Store, Transaction } from '../ports.ts';
import { asEntity, lockProfile } from '../script-profiles/script-profiles.ts';
import { cancelUndelivered } from './executions.ts';
import type { Due, DueBounds, NewRun, SlotOrderField } from './run-ports.ts';

export type RunService = ReturnType<typeof runService>;

export interface RunByHand {
  /** Restricts the run to these of the matching computers. Defaults to all of them. */
  readonly computerIds?: readonly number[] | null;
  /** A retry with the same key returns the same run. Without a key, every call creates a run. */
  readonly idempotencyKey?: string | null;
  /** The mutation that the key belongs to. */
  readonly mutation?: 'runScriptProfile' | 'runScriptProfiles';
}

/** Creates runs for the scheduler, for accepted computers and for callers. */
export function runService(store: Store, observer: Pick<Observer, 'fired'> = noopObserver) {
  const { read } = store;
  return {
    /** A page of each profile's ledger. */
    slotsOf(caller: Caller, ids: readonly number[], listing: Omit<Listing<never, SlotOrderField>, 'filter'>) {
      return read.runs.slotsOf(scopeOf(caller, 'ViewScriptProfile'), ids, listing);
    },

    slotCountsOf(caller: Caller, ids: readonly number[]) {
      return read.runs.slotCountsOf(scopeOf(caller, 'ViewScriptProfile'), ids);
    },

    due: (most: number, except: readonly Due[], bounds?: DueBounds): Promise<Due[]> =>
      store.transaction((tx, now) => tx.runs.due(now, most, except, bounds)),

    /** Milliseconds until the next profile falls due. Undefined if none will. */
    untilNextDue: (except: readonly Due[], bounds?: DueBounds): Promise<number | undefined> =>
      store.transaction(async (tx, now) => millisecondsUntil(await tx.runs.nextDue(except, bounds), now)),

    /**
     * Fires a due profile. Locks the profile, and writes the run, its activities, the ledger and the next run
     * in one transaction. False if another replica locked the profile, or if nothing is due any more.
     */
    async fireDue({ accountId, id }: Due): Promise<boolean> {
      const done = await store.transaction(async (tx, now) => {
        const profile = await tx.scriptProfiles.claim(accountId, id);
        if (!profile) return undefined;
        const limits = await tx.limits.of(accountId);
        const lastRunInProgress = profile.overlap === 'SKIP' && (await tx.runs.lastInProgress(accountId, id));
        const firing = fire(profile, { now, limits, lastRunInProgress });
        if (!firing) return undefined;
        let runId: number | null = null;
        if (firing.slot !== null) {
          await tx.computers.lockAgainstRemoval(accountId);
          const occasion = slotOccasion(firing.slot, profile.arming);
          const made = await startRun(tx, accountId, profile, {
            occasion,
            slot: firing.slot,
            createdAt: now,
            creatorId: profile.createdBy?.id ?? null,
            most: limits.maxNumComputers,
          });
          runId = made?.runId ?? null;
        }
        if (runId === null) tx.announce({ kind: 'scriptProfile', accountId, id, change: 'RESCHEDULED' });
        await tx.runs.enterSlots(accountId, id, firing.ledger, runId);
        await tx.scriptProfiles.save(accountId, profile, firing.profile);
        return { ranFor: runId === null ? null : firing.slot, now };
      });
      // The observer is notified after the commit, because a rolled back attempt did not fire.
      if (done?.ranFor) observer.fired(-millisecondsUntil(done.ranFor, done.now)!);
      return done !== undefined;
    },

    /**
     * Runs a profile now. It neither finishes a one-time profile nor moves the next run.
     * @throws Refusal NOT_FOUND, PROFILE_ARCHIVED, INVALID_INPUT, IDEMPOTENCY_KEY_REUSED
     */
    runNow: (
      caller: Caller,
      id: number,
      { computerIds = null, idempotencyKey, mutation = 'runScriptProfile' }: RunByHand,
    ): Promise<Activity> =>
      store.transaction(async (tx, now) => {
        const profile = await lockProfile(tx, caller, id);
        const attempt = { ...ofPerson(caller), mutation, key: idempotencyKey, input: { id, computerIds } };
        return runByHand(
          tx,
          now,
          { caller, profile, attempt },
          async () => computerIds && (await seenAmong(tx, caller, computerIds)),
        );
      }),
  };
}

/** @param computersOf returns the ids of the computers to run on, or null for all matching computers */
export function runByHand(
  tx: Transaction,
  now: Instant,
  { caller, profile, attempt }: { caller: Caller; profile: ScriptProfile; attempt: Attempt },
  computersOf: (limits: Limits) => Promise<readonly number[] | null>,
): Promise<Activity> {
  const { accountId } = caller;
  return idempotently(tx, now, attempt, {
    find: (activityId) => runById(tx, accountId, activityId),
    make: async (secret) => {
      checkNotArchived(profile);
      await checkOverlap(tx, accountId, profile);
      const limits = await tx.limits.of(accountId);
      await tx.computers.lockAgainstRemoval(accountId);
      const made = await startRun(tx, accountId, profile, {
        occasion: manualOccasion(caller.personId, attempt.key ?? secret, now),
        slot: null,
        createdAt: now,
        creatorId: caller.personId,
        computerIds: await computersOf(limits),
        most: limits.maxNumComputers,
      });
      await tx.scriptProfiles.save(accountId, profile, { ...profile, lastRun: ranAt(profile, now) });
      record(tx, caller, now, {
        action: 'SCRIPT_PROFILE_RUN',
        entity: asEntity(profile),
        changes: { activity: { from: null, to: made!.activityId } },
      });
      return runById(tx, accountId, made!.activityId);
    },
  });
}

/**
 * Runs each event profile that matches the computer, once per enrolment. The caller has locked the computer,
 * so it cannot be removed in the meantime.
 */
export async function runOnEnrolment(
  tx: Transaction,
  accountId: number,
  computer: Computer,
  at: Instant,
): Promise<void> {
  const { id, tags, accessGroup } = computer;
  for (const profile of await tx.scriptProfiles.setOffBy(accountId, {
    accessGroupId: accessGroup.id,
    tags,
  })) {
    const made = await startRun(tx, accountId, profile, {
      occasion: enrolmentOccasion(id),
      slot: null,
      createdAt: at,
      creatorId: profile.createdBy?.id ?? null,
      computerIds: [id],
      most: 1,
    });
    if (made) await tx.scriptProfiles.save(accountId, profile, { ...profile, lastRun: ranAt(profile, at) });
  }
}

interface Occasion extends Omit<NewRun, 'scriptProfileId'> {
  readonly creatorId: number | null;
  readonly computerIds?: readonly number[] | null;
  readonly most: number;
}

/**
 * Drops computers that the caller cannot see. The caller can neither run on them nor learn that they exist.
 */
async function seenAmong(tx: Repositories, caller: Caller, ids: readonly number[]): Promise<number[]> {
  const computers = await tx.computers.byIds(scopeOf(caller, 'ViewComputer'), ids);
  return computers.flatMap((computer) => computer?.id ?? []);
}

/** Undefined if the occasion already has a run. Nothing is written in that case. */
async function startRun(
  tx: Transaction,
  accountId: number,
  profile: ScriptProfile,
  { creatorId, computerIds = null, most, ...occasion }: Occasion,
): Promise<{ runId: number; activityId: number } | undefined> {
  const run = { ...occasion, scriptProfileId: profile.id };
  const runId = await tx.runs.insert(accountId, run);
  if (runId === undefined) return undefined;
  // A computer that is switched off must not block a profile whose runs may not overlap. Runs of event
  // profiles are excepted, because each is for a different computer.
  if (profile.overlap === 'SKIP' && profile.trigger.kind !== 'event') {
    await cancelUndelivered(tx, accountId, [profile.id], run.createdAt, 'Superseded by a later run.');
  }
  const { accessGroup, allComputers, tags } = profile;
  const target = { accessGroupId: accessGroup.id, allComputers, tags };
  const activityId = await tx.runs.open(
    accountId,
    { ...run, id: runId, creatorId, deliverBy: deliveredBy(profile, run.createdAt) },
    { target, computerIds, most },
  );
  tx.announce(
    { kind: 'run', accountId, id: activityId, change: 'STARTED' },
    { kind: 'scriptProfile', accountId, id: profile.id, change: 'RAN' },
  );
  return { runId, activityId };
}

async function checkOverlap(tx: Repositories, accountId: number, profile: ScriptProfile): Promise<void> {
  if (profile.overlap !== 'SKIP' || !(await tx.runs.lastInProgress(accountId, profile.id))) return;
  throw new Refusal(
    'INVALID_INPUT',
    'The last run is still in progress, and runs of this script profile may not overlap.',
    {
      field: 'id',
      found: show(profile.id),
      allowed: 'a script profile whose last run has ended, or whose overlap policy is ALLOW',
    },
  );
}

export async function runById(tx: Repositories, accountId: number, activityId: number): Promise<Activity> {
  const [activity] = await tx.activities.byIds(wholeAccount(accountId), [activityId]);
  if (!activity) throw notFound('run', activityId);
  return activity;
}
