import { type Caller, scopeOf } from '../../domain/accounts/access.ts';
import type { Activity } from '../../domain/activities/activity.ts';
import { check, insteadOf, invalid } from '../../domain/errors.ts';
import { manualOccasion } from '../../domain/schedule/firing.ts';
import { checkActive, type Script, timeLimitOf, usernameOf } from '../../domain/scripts/script.ts';
import type { SearchQuery } from '../../domain/search/search-query.ts';
import type { ComputerCondition } from '../../domain/search/search-terms.ts';
import { type Instant, millisecondsUntil } from '../../domain/time.ts';
import { queryWithTerm } from '../computers/computer-choice.ts';
import { record } from '../event-log.ts';
import { idempotently, ofPerson } from '../idempotency.ts';
import type { Store, Transaction } from '../ports.ts';
import { asEntity, lockScript } from '../scripts/scripts.ts';
import type { Due, DueBounds, RunReach, ScriptRun } from './run-ports.ts';
import { runById } from './runs.ts';

export type ScriptRunService = ReturnType<typeof scriptRunService>;

/** The input of a run without a profile. */
export interface ScriptRunDraft {
  readonly scriptId: number;
  /** Exactly one of `computerIds` and `query` must be given. */
  readonly computerIds?: readonly number[] | null;
  readonly query?: string | null;
  /** Defaults to the script's user. */
  readonly username?: string | null;
  readonly timeLimit?: number | null;
  readonly deliverAfter?: Instant | null;
}

/**
 * Runs scripts without a profile. They match the same computers as a profile of the script for all computers.
 */
export function scriptRunService(store: Store) {
  return {
    /**
     * A retry with the same key returns the same run.
     * @throws Refusal NOT_FOUND, SCRIPT_NOT_ACTIVE, INVALID_INPUT, IDEMPOTENCY_KEY_REUSED
     */
    run: (caller: Caller, draft: ScriptRunDraft, key?: string | null): Promise<Activity> =>
      store.transaction(async (tx, now) => {
        const script = await lockScript(tx, caller, draft.scriptId, 'ManageScriptProfile', 'scriptId');
        const attempt = { ...ofPerson(caller), mutation: 'runScript', key, input: draft };
        return idempotently(tx, now, attempt, {
          find: (activityId) => runById(tx, caller.accountId, activityId),
          make: async (secret) => {
            const { run, query } = checkDraft(script, draft, now);
            const { maxNumComputers } = await tx.limits.of(caller.accountId);
            const scope = scopeOf(caller, 'ViewComputer');
            const seen = draft.computerIds && (await tx.computers.byIds(scope, draft.computerIds));
            return openScriptRun(tx, now, {
              caller,
              script,
              run,
              occasion: manualOccasion(caller.personId, key ?? secret, now),
              computerIds: seen?.flatMap((computer) => computer?.id ?? []),
              search: query && { scope, query },
              most: maxNumComputers,
            });
          },
        });
      }),

    dueReleases: (most: number, except: readonly Due[], bounds?: DueBounds): Promise<Due[]> =>
      store.transaction((tx, now) => tx.runs.toRelease(now, most, except, bounds)),

    /** Milliseconds until the next run is released. Undefined if none will be. */
    untilNextRelease: (except: readonly Due[], bounds?: DueBounds): Promise<number | undefined> =>
      store.transaction(async (tx, now) => millisecondsUntil(await tx.runs.nextRelease(except, bounds), now)),

    /** Releases scheduled executions for delivery. False if another replica has released them. */
    release: ({ accountId, id }: Due): Promise<boolean> =>
      store.transaction(async (tx, now) => {
        if (!(await tx.runs.release(accountId, id, now))) return false;
        tx.announce({ kind: 'run', accountId, id, change: 'PROGRESSED' });
        return true;
      }),
  };
}

interface Opening extends Omit<RunReach, 'target'> {
  readonly caller: Caller;
  readonly script: Script;
  readonly run: ScriptRun;
  readonly occasion: string;
}

/** Starts a run of a locked script. */
export async function openScriptRun(
  tx: Transaction,
  now: Instant,
  { caller, script, run, occasion, ...reach }: Opening,
): Promise<Activity> {
  const { accountId, personId } = caller;
  await tx.computers.lockAgainstRemoval(accountId);
  const made = { scriptProfileId: null, occasion, slot: null, createdAt: now };
  const id = await tx.runs.insert(accountId, made);
  const activityId = await tx.runs.open(
    accountId,
    { ...made, id: id!, creatorId: personId, deliverBy: null, script: run },
    { ...reach, target: { accessGroupId: script.accessGroup.id, allComputers: true, tags: [] } },
  );
  if (run.deliverAfter) tx.wakeClocks();
  tx.announce({ kind: 'run', accountId, id: activityId, change: 'STARTED' });
  record(tx, caller, now, {
    action: 'SCRIPT_RUN',
    entity: asEntity(script),
    changes: { activity: { from: null, to: activityId } },
  });
  return runById(tx, accountId, activityId);
}

/** @throws Refusal SCRIPT_NOT_ACTIVE, INVALID_INPUT */
function checkDraft(
  script: Script,
  { computerIds, query, username, timeLimit, deliverAfter }: ScriptRunDraft,
  now: Instant,
): { run: ScriptRun; query: SearchQuery<ComputerCondition> | null } {
  checkActive(script, 'scriptId');
  if ((computerIds == null) === (query == null))
    throw invalid('computerIds', computerIds ?? undefined, insteadOf('query'));
  const checked = check({
    query: () => (query == null ? null : queryWithTerm(query, now)),
    username: () => usernameOf(username ?? script.username),
    timeLimit: () => timeLimitOf(timeLimit ?? script.timeLimit),
  });
  return {
    query: checked.query,
    run: {
      scriptId: script.id,
      title: script.title,
      username: checked.username,
      timeLimit: checked.timeLimit,
      deliverAfter: deliverAfter != null && deliverAfter > now ? deliverAfter : null,
    },
  };
}
