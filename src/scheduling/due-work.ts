import type { ExecutionService } from '../services/activities/executions.ts';
import type { Due, DueBounds } from '../services/activities/run-ports.ts';
import type { RunService } from '../services/activities/runs.ts';
import type { ScriptRunService } from '../services/activities/script-runs.ts';

/** Work in all accounts that falls due at times and is then fired. */
export interface DueWork {
  /** Returns due items, except the given ones. */
  due(most: number, except: readonly Due[], bounds?: DueBounds): Promise<Due[]>;
  /** Returns false if the work was already done, or if another replica is doing it. */
  fire(due: Due): Promise<boolean>;
  /** Milliseconds until the next item falls due. Undefined if none will. */
  untilNext(except: readonly Due[], bounds?: DueBounds): Promise<number | undefined>;
}

/** Profiles, which fall due at their next slot. */
export const dueProfiles = (runs: Pick<RunService, 'due' | 'fireDue' | 'untilNextDue'>): DueWork => ({
  due: runs.due,
  fire: runs.fireDue,
  untilNext: runs.untilNextDue,
});

/** Runs whose executions fall due if no computer has taken them in time. */
export const lateDeliveries = (
  executions: Pick<ExecutionService, 'lateDeliveries' | 'cancelLateDeliveries' | 'untilNextLateDelivery'>,
): DueWork => ({
  due: executions.lateDeliveries,
  fire: executions.cancelLateDeliveries,
  untilNext: executions.untilNextLateDelivery,
});

/** Delivered executions, which fall due if they were not reported in time. */
export const overdueExecutions = (
  executions: Pick<ExecutionService, 'overdue' | 'failOverdue' | 'untilNextOverdue'>,
): DueWork => ({
  due: executions.overdue,
  fire: executions.failOverdue,
  untilNext: executions.untilNextOverdue,
});

/** Runs that were scheduled: the time from which their executions may be delivered. */
export const scheduledRuns = (
  runs: Pick<ScriptRunService, 'dueReleases' | 'release' | 'untilNextRelease'>,
): DueWork => ({
  due: runs.dueReleases,
  fire: runs.release,
  untilNext: runs.untilNextRelease,
});
