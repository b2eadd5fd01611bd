import type { Config } from './config.ts';
import type { Database } from './database/database.ts';
import type { Metrics } from './http/observability/metrics.ts';
import { CLOCK_CHANNEL } from './repositories/activities/runs.ts';
import {
  type DueWork,
  dueProfiles,
  lateDeliveries,
  overdueExecutions,
  scheduledRuns,
} from './scheduling/due-work.ts';
import { type ReachableAccountsOptions, reachableAccounts } from './scheduling/reachable-accounts.ts';
import { createScheduler, type Scheduler } from './scheduling/scheduler.ts';
import { createTick } from './scheduling/tick.ts';
import type { Services } from './services/index.ts';
import type { Store } from './services/ports.ts';

/** Number of profiles that fire in parallel. The rest of the pool's connections is for requests. */
const FIRED_SIDE_BY_SIDE = 3;

interface Parts {
  readonly config: Pick<Config, 'activityRetentionDays' | 'eventRetentionDays'>;
  readonly database: Pick<Database, 'kind' | 'listen'>;
  readonly store: Store;
  readonly services: Services;
  readonly metrics: Pick<Metrics, 'firing'>;
  readonly onLostAccounts: ReachableAccountsOptions['report'];
  logFault(fault: unknown, about: object, message: string): void;
}

/** The scheduler with all kinds of work that falls due. */
export function schedulerOf({
  config,
  database,
  store,
  services,
  metrics,
  onLostAccounts,
  logFault,
}: Parts): Scheduler {
  const ofReachableAccounts = reachableAccounts({
    accounts: store.read.accounts.ids,
    report: onLostAccounts,
  });
  const tickOf = (kind: string, work: DueWork, concurrency = 1) =>
    createTick({
      work: ofReachableAccounts(work),
      concurrency,
      observe: (fire) => metrics.firing(kind, fire),
      report: (fault, due) => logFault(fault, { due }, `The ${kind} could not be run.`),
    });
  return createScheduler({
    ticks: [
      tickOf('profile', dueProfiles(services.runs), database.kind === 'embedded' ? 1 : FIRED_SIDE_BY_SIDE),
      tickOf('overdue execution', overdueExecutions(services.executions)),
      tickOf('late delivery', lateDeliveries(services.executions)),
      tickOf('scheduled run', scheduledRuns(services.scriptRuns)),
    ],
    sweeps: [
      (isStopping) => services.retention.sweep(config.activityRetentionDays, isStopping),
      (isStopping) => services.retention.sweepEvents(config.eventRetentionDays, isStopping),
    ],
    listen: (onWake) => database.listen(CLOCK_CHANNEL, onWake),
    report: (fault) => logFault(fault, {}, 'A part of the scheduler’s pass failed.'),
  });
}
