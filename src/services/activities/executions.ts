import { type Caller, Forbidden, type GroupPermission, scopeOf } from '../../domain/accounts/access.ts';
import {
  type Activity,
  count,
  deliverableStatuses,
  isFinal,
  rollUp,
  type Transition,
  undeliveredStatuses,
} from '../../domain/activities/activity.ts';
import {
  checkReport,
  type ExecutionReport,
  isInTime,
  REPORT_GRACE_MINUTES,
  type TakenExecution,
  takesReport,
} from '../../domain/activities/execution.ts';
import { invalid, notFound } from '../../domain/errors.ts';
import { type Instant, millisecondsUntil } from '../../domain/time.ts';
import { record } from '../event-log.ts';
import { noopObserver, type Observer } from '../observer.ts';
import type { Store, Transaction } from '../ports.ts';
import type { Due, DueBounds, ExecutionChange, ExecutionChoice, RunState } from './run-ports.ts';

export type ExecutionService = ReturnType<typeof executionService>;

/** A computer that is identified by its own token. It may access only its own executions. */
export interface ComputerCaller {
  readonly accountId: number;
  readonly computerId: number;
}

/**
 * Lets computers fetch and report executions, and lets callers cancel them. Independent of the wire format.
 */
export function executionService(store: Store, observer: Pick<Observer, 'executionEnded'> = noopObserver) {
  return {
    /**
     * Delivers the computer's waiting executions. Returns all its executions that are delivered and not
     * reported.
     */
    async take({ accountId, computerId }: ComputerCaller, first: number): Promise<TakenExecution[]> {
      if (first < 0 || first > MAX_TAKEN)
        throw invalid('first', first, `a whole number from 0 to ${MAX_TAKEN}`);
      return store.transaction(async (tx, now) => {
        const waiting = { computerIds: [computerId], in: deliverableStatuses };
        const runs = await tx.executions.lockRuns(accountId, waiting);
        // Computers poll frequently, and usually nothing is waiting.
        const inTime = runs.filter((run) => isInTime(run, now));
        if (inTime.length > 0) {
          const delivery = { computerId, most: first, at: now, graceMinutes: REPORT_GRACE_MINUTES };
          const delivered = await tx.executions.deliver(accountId, inTime, delivery);
          await rollUpRuns(tx, accountId, inTime, delivered, now);
        }
        return tx.executions.taken(accountId, computerId);
      });
    },

    /**
     * Reports the result of an execution. Only the first report counts, and a repetition changes nothing.
     * @throws Refusal INVALID_INPUT; NOT_FOUND for an execution of another computer, or one that was not
     * delivered
     */
    async report(
      { accountId, computerId }: ComputerCaller,
      id: number,
      report: ExecutionReport,
    ): Promise<void> {
      const outcome = await store.transaction(async (tx, now) => {
        const checked = checkReport(report);
        const which = { ids: [id], in: ['delivered', 'canceled', 'failed'] as const };
        const runs = await tx.executions.lockRuns(accountId, which);
        const execution = await tx.executions.byId(accountId, id);
        if (execution?.computerId !== computerId || execution.deliveryTime === null) {
          throw notFound('execution', id);
        }
        if (!takesReport(execution)) return undefined;
        const change = { ...checked, completionTime: now, reportedAt: now };
        await changeExecutions(tx, accountId, runs, which, change, now);
        return checked.status;
      });
      if (outcome) observer.executionEnded(outcome);
    },

    /**
     * Cancels a run or one execution. Undelivered executions are canceled. For a delivered one, the computer
     * is asked to stop it and may still send its report.
     * @throws Refusal NOT_FOUND
     */
    cancel(caller: Caller, id: number): Promise<Activity> {
      return store.transaction(async (tx, now) => {
        const find = async (permission: GroupPermission) =>
          (await tx.activities.byIds(scopeOf(caller, permission), [id]))[0];
        const activity = await find('ViewScriptProfile');
        if (!activity) throw notFound('activity', id);
        const entity = { type: 'Activity', id, title: activity.summary };
        if (!(await find('ManageScriptProfile'))) throw new Forbidden('ManageScriptProfile', entity);
        const open = { in: [...undeliveredStatuses, 'delivered' as const] };
        const which = activity.parentId === null ? { ...open, runIds: [id] } : { ...open, ids: [id] };
        await endExecutions(tx, caller.accountId, which, { status: 'canceled', completionTime: now }, now);
        record(tx, caller, now, { action: 'ACTIVITY_CANCELED', entity });
        return (await find('ViewScriptProfile'))!;
      });
    },

    overdue: (most: number, except: readonly Due[], bounds?: DueBounds): Promise<Due[]> =>
      store.transaction((tx, now) => tx.executions.overdue(now, most, except, bounds)),

    /** Milliseconds until the next report is overdue. Undefined if no report is pending. */
    untilNextOverdue: (except: readonly Due[], bounds?: DueBounds): Promise<number | undefined> =>
      store.transaction(async (tx, now) =>
        millisecondsUntil(await tx.executions.nextOverdue(except, bounds), now),
      ),

    /** Fails a delivered execution without a report. False if it was reported or canceled in the meantime. */
    async failOverdue({ accountId, id }: Due): Promise<boolean> {
      const ended = await store.transaction((tx, now) => {
        const change = { status: 'failed', completionTime: now, resultText: OVERDUE } as const;
        return endExecutions(tx, accountId, { ids: [id], in: ['delivered'] }, change, now);
      });
      if (ended > 0) observer.executionEnded('overdue');
      return ended > 0;
    },

    lateDeliveries: (most: number, except: readonly Due[], bounds?: DueBounds): Promise<Due[]> =>
      store.transaction((tx, now) => tx.executions.lateDeliveries(now, most, except, bounds)),

    /** Milliseconds until the next delivery deadline of a run. Undefined if there is none. */
    untilNextLateDelivery: (except: readonly Due[], bounds?: DueBounds): Promise<number | undefined> =>
      store.transaction(async (tx, now) =>
        millisecondsUntil(await tx.executions.nextLateDelivery(except, bounds), now),
      ),

    /**
     * Cancels a run's executions that were not delivered before its deadline. False if they were delivered or
     * canceled in the meantime.
     */
    async cancelLateDeliveries({ accountId, id }: Due): Promise<boolean> {
      const ended = await store.transaction(async (tx, now) => {
        const which = { runIds: [id], in: undeliveredStatuses };
        const change = { status: 'canceled', completionTime: now, resultText: NOT_IN_TIME } as const;
        const runs = await tx.executions.lockRuns(accountId, which);
        const late = runs.filter((run) => !isInTime(run, now));
        return changeExecutions(tx, accountId, late, which, change, now);
      });
      return ended > 0;
    },
  };
}

const MAX_TAKEN = 1000;

const NOT_IN_TIME = 'Not delivered in time.';

const OVERDUE = `The computer did not report within the time limit plus ${REPORT_GRACE_MINUTES} minutes.`;

/** Cancels the undelivered executions of the profiles' runs. Delivered executions continue. */
export const cancelUndelivered = (
  tx: Transaction,
  accountId: number,
  scriptProfileIds: readonly number[],
  at: Instant,
  resultText?: string,
): Promise<number> =>
  endExecutions(
    tx,
    accountId,
    { scriptProfileIds, in: undeliveredStatuses },
    { status: 'canceled', completionTime: at, resultText },
    at,
  );

/** Cancels the undelivered executions of a script's runs without a profile. */
export const cancelUndeliveredOfScript = (
  tx: Transaction,
  accountId: number,
  scriptId: number,
  at: Instant,
): Promise<number> =>
  endExecutions(
    tx,
    accountId,
    { scriptIds: [scriptId], in: undeliveredStatuses },
    { status: 'canceled', completionTime: at },
    at,
  );

/** Fails the open executions of removed computers, because no computer will report them. */
export const failExecutionsOf = (
  tx: Transaction,
  accountId: number,
  computerIds: readonly number[],
  at: Instant,
): Promise<number> =>
  endExecutions(
    tx,
    accountId,
    { computerIds, in: [...undeliveredStatuses, 'delivered'] },
    { status: 'failed', completionTime: at, resultText: 'The computer was removed before it reported.' },
    at,
  );

/** Returns the number of executions that ended. */
async function endExecutions(
  tx: Transaction,
  accountId: number,
  which: ExecutionChoice,
  change: ExecutionChange,
  at: Instant,
): Promise<number> {
  const runs = await tx.executions.lockRuns(accountId, which);
  return changeExecutions(tx, accountId, runs, which, change, at);
}

export async function changeExecutions(
  tx: Transaction,
  accountId: number,
  runs: readonly RunState[],
  which: ExecutionChoice,
  change: ExecutionChange,
  at: Instant,
): Promise<number> {
  if (runs.length === 0) return 0;
  const transitions = await tx.executions.change(accountId, runs, which, change);
  await rollUpRuns(tx, accountId, runs, transitions, at, change.status);
  return transitions.reduce((sum, { number }) => sum + number, 0);
}

/**
 * Updates runs after changes of their executions. Counts are adjusted by the differences, so a report costs
 * the same for any number of computers.
 * @param childless status of a manually ended run that has no executions
 */
export async function rollUpRuns(
  tx: Transaction,
  accountId: number,
  runs: readonly RunState[],
  transitions: readonly (Transition & { readonly parentId: number })[],
  at: Instant,
  childless?: ExecutionChange['status'],
): Promise<void> {
  const changed = runs.flatMap((run): RunState[] => {
    const counts = count(
      run.counts,
      transitions.filter(({ parentId }) => parentId === run.id),
    );
    const total = Object.values(counts).reduce((sum, number) => sum + number, 0);
    const status = total > 0 ? rollUp(counts) : (childless ?? run.status);
    if (status === run.status && !transitions.some(({ parentId }) => parentId === run.id)) return [];
    const completionTime = isFinal(status) ? at : null;
    return [
      {
        id: run.id,
        counts,
        status,
        completionTime,
        deliverBy: counts.undelivered > 0 ? run.deliverBy : null,
      },
    ];
  });
  if (changed.length === 0) return;
  await tx.executions.saveRuns(accountId, changed);
  const statuses = new Map(runs.map(({ id, status }) => [id, status]));
  for (const { id, status } of changed) {
    const ended = isFinal(status) && status !== statuses.get(id);
    tx.announce({ kind: 'run', accountId, id, change: ended ? 'ENDED' : 'PROGRESSED' });
  }
}
