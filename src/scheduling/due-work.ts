import type { ExecutionService } from '../services/activities/executions.ts';
import type { Due } from '../services/activities/run-ports.ts';
import type { RunService } from '../services/activities/runs.ts';
import type { ScriptRunService } from '../services/activities/script-runs.ts';

/** What falls due at times, and is then fired, in all accounts. */
export interface DueWork {
  /** What is due, apart from these. */
  due(most: number, except: readonly Due[]): Promise<Due[]>;
  /** False when there was nothing to do any more, or another replica is at it. */
  fire(due: Due): Promise<boolean>;
  /** Milliseconds until the next falls due; undefined while none will. */
  untilNext(except: readonly Due[]): Promise<number | undefined>;
}

/** Profiles: their slots. */
export const dueProfiles = (runs: Pick<RunService, 'due' | 'fireDue' | 'untilNextDue'>): DueWork => ({
  due: runs.due,
  fire: runs.fireDue,
  untilNext: runs.untilNextDue,
});

/** Executions that were delivered: the time by which they must be reported. */
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
