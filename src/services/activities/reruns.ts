import { type Caller, scopeOf } from '../../domain/accounts/access.ts';
import { type Activity, isFinal } from '../../domain/activities/activity.ts';
import { notFound, Refusal, show } from '../../domain/errors.ts';
import { manualOccasion } from '../../domain/schedule/firing.ts';
import { checkActive } from '../../domain/scripts/script.ts';
import type { Instant } from '../../domain/time.ts';
import { type Attempt, idempotently, ofPerson } from '../idempotency.ts';
import type { Repositories, Store, Transaction } from '../ports.ts';
import { lockProfile } from '../script-profiles/script-profiles.ts';
import { lockScript } from '../scripts/scripts.ts';
import { checkEach, checkManaged } from './activity-choice.ts';
import type { ScriptRun } from './run-ports.ts';
import { runByHand, runById } from './runs.ts';
import { openScriptRun } from './script-runs.ts';

/** Repeats runs: the profile of the run, or its script with the same user and time limit. */
export function rerunService(store: Store) {
  return {
    /**
     * Runs again on the computers on which a run failed and which still match.
     * @throws Refusal NOT_FOUND, PROFILE_ARCHIVED, SCRIPT_NOT_ACTIVE, IDEMPOTENCY_KEY_REUSED; INVALID_INPUT
     * if no execution failed
     */
    rerunFailed: (caller: Caller, activityId: number, key?: string | null): Promise<Activity> =>
      store.transaction(async (tx, now) => {
        const [activity] = await tx.activities.byIds(scopeOf(caller, 'ViewScriptProfile'), [activityId]);
        const [run] = activity?.parentId === null ? await runsOf(tx, caller, [activity]) : [];
        if (!run) throw notFound('run', activityId, 'activityId');
        const input = { activityId };
        const attempt = { ...ofPerson(caller), mutation: 'rerunFailedExecutions', key, input };
        return runAgain(tx, now, { caller, run, attempt, field: 'activityId' }, async (most) => {
          const [failures] = await tx.activities.failuresOf(caller.accountId, [activityId], most);
          if (failures!.length === 0) throw nothingFailed(activityId);
          return failures!.flatMap(({ computerId }) => computerId ?? []);
        });
      }),

    /**
     * Repeats all of the given runs and single executions, or none. Creates one run for each original run. A
     * retry with the same key returns the same runs.
     * @throws Refusal NOT_FOUND, PROFILE_ARCHIVED, SCRIPT_NOT_ACTIVE, IDEMPOTENCY_KEY_REUSED; INVALID_INPUT
     * if an activity has not ended
     */
    reapply: (caller: Caller, ids: readonly number[], key?: string | null): Promise<Activity[]> =>
      store.transaction(async (tx, now) => {
        const scope = scopeOf(caller, 'ViewScriptProfile');
        const found = await tx.activities.byIds(scope, ids);
        const missing = ids.find((_, index) => !found[index]);
        if (missing !== undefined) throw notFound('activity', missing, 'ids');
        const activities = found.flatMap((activity) => activity ?? []);
        await checkManaged(tx, caller, activities);
        checkEach(activities, 'ids', {
          breaks: ({ status }) => !isFinal(status),
          says: () => 'The activity has not ended.',
          allowed: 'activities that have ended',
        });
        const made: Activity[] = [];
        for (const run of await runsOf(tx, caller, activities)) {
          const isWhole = activities.some(({ id }) => id === run.id);
          const parts = activities.filter(({ parentId }) => parentId === run.id);
          const input = { run: run.id, parts: isWhole ? null : parts.map(({ id }) => id).sort(ascending) };
          const runKey = key == null ? null : `${key}/${run.id}`;
          const attempt = { ...ofPerson(caller), mutation: 'reapplyActivities', key: runKey, input };
          const computersOf = async (most: number) =>
            isWhole
              ? tx.runs.computersOf(caller.accountId, run.id, most)
              : parts.flatMap(({ computerId }) => computerId ?? []);
          made.push(await runAgain(tx, now, { caller, run, attempt, field: 'ids' }, computersOf));
        }
        return made;
      }),
  };
}

interface OriginalRun {
  readonly id: number;
  readonly scriptProfileId: number | null;
  /** The script of a run without a profile. Null for a run of a profile. */
  readonly script: ScriptRun | null;
}

/**
 * The runs of the activities in the common lock order: scripts before profiles, each by id. A caller who can
 * see an execution can also see its run.
 */
async function runsOf(
  tx: Repositories,
  caller: Caller,
  activities: readonly Activity[],
): Promise<OriginalRun[]> {
  const ids = [...new Set(activities.map(({ id, parentId }) => parentId ?? id))];
  const runs = await tx.runs.ran(caller.accountId, ids);
  const order = ({ script, scriptProfileId, id }: OriginalRun) => [
    script?.scriptId ?? Infinity,
    scriptProfileId ?? 0,
    id,
  ];
  return runs.toSorted((one, other) => {
    const theirs = order(other);
    return (
      order(one)
        .map((value, index) => ascending(value, theirs[index]!))
        .find((sign) => sign !== 0) ?? 0
    );
  });
}

const ascending = (one: number, other: number): number => (one < other ? -1 : one > other ? 1 : 0);

interface Rerun {
  readonly caller: Caller;
  readonly run: OriginalRun;
  readonly attempt: Attempt;
  /** The input field that refusals name. */
  readonly field: string;
}

async function runAgain(
  tx: Transaction,
  now: Instant,
  { caller, run, attempt, field }: Rerun,
  computersOf: (most: number) => Promise<readonly number[]>,
): Promise<Activity> {
  if (run.script === null) {
    if (run.scriptProfileId === null) throw notFound('run', run.id, field);
    const profile = await lockProfile(tx, caller, run.scriptProfileId);
    return runByHand(tx, now, { caller, profile, attempt }, ({ maxNumComputers }) =>
      computersOf(maxNumComputers),
    );
  }
  const script = await lockScript(tx, caller, run.script.scriptId, 'ManageScriptProfile', field);
  return idempotently(tx, now, attempt, {
    find: (activityId) => runById(tx, caller.accountId, activityId),
    make: async (secret) => {
      checkActive(script, field);
      const { maxNumComputers } = await tx.limits.of(caller.accountId);
      return openScriptRun(tx, now, {
        caller,
        script,
        run: { ...run.script!, title: script.title, deliverAfter: null },
        occasion: manualOccasion(caller.personId, attempt.key ?? secret, now),
        computerIds: await computersOf(maxNumComputers),
        most: maxNumComputers,
      });
    },
  });
}

const nothingFailed = (activityId: number): Refusal =>
  new Refusal('INVALID_INPUT', 'No execution of this run failed.', {
    field: 'activityId',
    found: show(activityId),
    allowed: 'a run with executions that failed',
  });
