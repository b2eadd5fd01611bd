import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { ExecutionOutcome } from '../../services/observer.ts';
import { withTimeout } from '../../services/timeout.ts';
import { DEADLINES } from '../deadlines.ts';
import { agentMetrics } from './agent-metrics.ts';
import { verbOf } from './tracing.ts';

/** Values that are read when a client requests the metrics. */
export interface MetricSources {
  /** The backlog of the database and its clock. Undefined while the database is unreachable. */
  database(): Promise<DatabaseSample | undefined>;
  pool?(): { readonly most: number; readonly open: number; readonly idle: number; readonly waiting: number };
  /** Free bytes on the disk of an embedded database. */
  freeBytes?(): Promise<number | undefined>;
  /** Milliseconds since the scheduler's current or overdue pass should have begun. */
  clockLag?(): number;
}

export interface DatabaseSample {
  readonly clockSkewSeconds: number;
  readonly due: number;
  readonly late: number;
  readonly oldestDueSeconds: number;
  readonly overdue: number;
  readonly undelivered: number;
  readonly agentsSeen: number;
  /** Number of accounts with at least this many undelivered executions, by that number. */
  readonly accounts: Readonly<Record<string, number>>;
}

export type Metrics = ReturnType<typeof createMetrics>;

/** Metrics of the process, not of an app: memory, handles, delay of the event loop. */
let ofProcess: Registry | undefined;
function processMetrics(): Registry {
  if (!ofProcess) {
    ofProcess = new Registry();
    collectDefaultMetrics({ register: ofProcess });
  }
  return ofProcess;
}

const REQUEST_SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
const STATEMENT_SECONDS = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.5, 1, 5, 30];
const LATE_SECONDS = [0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 3600];
const STATEMENT_KINDS = ['select', 'with', 'insert', 'update', 'delete'];

/** Minimum milliseconds between two samples of the database, so that requests for metrics cause no load. */
const FRESH_FOR = 10_000;

/**
 * Creates the counters and gauges of one server. No label contains an account's data or a value that callers can
 * invent.
 */
export function createMetrics(version: string, deadline = DEADLINES.sample) {
  const register = new Registry();
  const registers = [register];
  const requests = new Counter({
    name: 'gateway_requests_total',
    help: 'Number of completed requests, by API (door), by operation and by outcome: OK or a code.',
    labelNames: ['door', 'operation', 'outcome'] as const,
    registers,
  });
  const requestSeconds = new Histogram({
    name: 'gateway_request_duration_seconds',
    help: 'Seconds from the arrival of a request to the end of its response. Excludes streams.',
    labelNames: ['door', 'operation'] as const,
    buckets: REQUEST_SECONDS,
    registers,
  });
  const statementSeconds = new Histogram({
    name: 'gateway_statement_duration_seconds',
    help: 'Duration of statements in seconds, by their first word and outcome.',
    labelNames: ['kind', 'outcome'] as const,
    buckets: STATEMENT_SECONDS,
    registers,
  });
  const firedLate = new Histogram({
    name: 'gateway_firing_lateness_seconds',
    help: 'Seconds from a slot to its run.',
    buckets: LATE_SECONDS,
    registers,
  });
  const firingSeconds = new Histogram({
    name: 'gateway_firing_duration_seconds',
    help: 'Seconds to process one due item, by kind and outcome: fired, passed (another replica processes it) or failed.',
    labelNames: ['kind', 'outcome'] as const,
    buckets: REQUEST_SECONDS,
    registers,
  });
  const executions = new Counter({
    name: 'gateway_executions_total',
    help: 'Number of executions that computers reported as succeeded or failed, or that were not reported in time (overdue). A late report of an overdue execution counts as well.',
    labelNames: ['outcome'] as const,
    registers,
  });
  for (const outcome of ['succeeded', 'failed', 'overdue'] as const) executions.inc({ outcome }, 0);
  const agents = agentMetrics(registers);
  const subscriptions = gauge('gateway_subscriptions', 'Number of open subscriptions.', ['transport']);
  const connections = gauge('gateway_websocket_connections', 'Number of open WebSockets.');
  subscriptions.set({ transport: 'sse' }, 0);
  gauge('gateway_build_info', 'Always 1. The labels describe the running version.', ['version', 'node']).set(
    { version, node: process.version },
    1,
  );

  const up = gauge('gateway_database_up', '1 while the database answers, otherwise 0.');
  const skew = gauge(
    'gateway_clock_skew_seconds',
    'Difference between the clock of this machine and the clock of the database, in seconds.',
  );
  const due = gauge('gateway_due_profiles', 'Number of script profiles that are due and not run yet.');
  const late = gauge(
    'gateway_late_profiles',
    'Number of script profiles that have been due for more than a minute.',
  );
  const oldest = gauge('gateway_oldest_due_seconds', 'Seconds since the first due script profile fell due.');
  const overdue = gauge('gateway_overdue_executions', 'Number of executions whose report is overdue.');
  const undelivered = gauge(
    'gateway_undelivered_executions',
    'Number of executions that no computer has taken.',
  );
  const agentsSeen = gauge(
    'gateway_agents_seen',
    'Number of computers whose landscape-client exchanged messages in the last 30 minutes.',
  );
  const queues = gauge(
    'gateway_accounts_with_undelivered',
    'Number of accounts with at least this number of undelivered executions.',
    ['at_least'],
  );
  const pool = gauge('gateway_pool_connections', 'Number of database connections in the pool.', ['state']);
  const freeDisk = gauge('gateway_database_free_bytes', 'Free bytes on the disk of an embedded database.');
  const poolMost = gauge(
    'gateway_pool_connections_max',
    'Maximum number of database connections in the pool.',
  );
  const lag = gauge(
    'gateway_clock_lag_seconds',
    'Seconds since the current pass of the scheduler fell due. 0 while it waits.',
  );

  function gauge<Label extends string = never>(name: string, help: string, labelNames: Label[] = []) {
    return new Gauge({ name, help, labelNames, registers });
  }

  let socketsNow = () => ({ connections: 0, subscriptions: 0 });
  let sample: { at: number; found: Promise<DatabaseSample | undefined> } | undefined;
  async function readSources({ database, pool: poolUse, freeBytes, clockLag }: MetricSources): Promise<void> {
    if (!sample || performance.now() - sample.at > FRESH_FOR)
      sample = { at: performance.now(), found: orUndefined(database(), deadline) };
    const use = poolUse?.();
    if (use) {
      poolMost.set(use.most);
      pool.set({ state: 'busy' }, use.open - use.idle);
      pool.set({ state: 'idle' }, use.idle);
      pool.set({ state: 'waiting' }, use.waiting);
    }
    const free = await freeBytes?.();
    if (free === undefined) freeDisk.remove();
    else freeDisk.set(free);
    const sockets = socketsNow();
    connections.set(sockets.connections);
    subscriptions.set({ transport: 'websocket' }, sockets.subscriptions);
    lag.set((clockLag?.() ?? 0) / 1000);
    const found = await sample.found;
    up.set(found ? 1 : 0);
    // Remove gauges with unknown values, because 0 would be wrong.
    if (!found) {
      for (const unknown of [skew, due, late, oldest, overdue, undelivered, agentsSeen]) unknown.remove();
      return queues.reset();
    }
    skew.set(found.clockSkewSeconds);
    due.set(found.due);
    late.set(found.late);
    oldest.set(found.oldestDueSeconds);
    overdue.set(found.overdue);
    undelivered.set(found.undelivered);
    agentsSeen.set(found.agentsSeen);
    for (const [size, number] of Object.entries(found.accounts)) queues.set({ at_least: size }, number);
  }

  return {
    agents,
    subscriptions,
    watchSockets(count: typeof socketsNow): void {
      socketsNow = count;
    },
    request(
      { door, operation, outcome }: { door: string; operation: string; outcome: string },
      seconds?: number,
    ): void {
      requests.inc({ door, operation, outcome });
      if (seconds !== undefined) requestSeconds.observe({ door, operation }, seconds);
    },
    async statement<T>(text: string, work: () => Promise<T>): Promise<T> {
      return timed(work, (outcome, seconds) =>
        statementSeconds.observe({ kind: statementKind(text), outcome }, seconds),
      );
    },
    fired: (millisecondsLate: number) => firedLate.observe(Math.max(0, millisecondsLate) / 1000),
    executionEnded: (outcome: ExecutionOutcome) => executions.inc({ outcome }),
    async firing(kind: string, work: () => Promise<boolean>): Promise<boolean> {
      let passed = false;
      return timed(
        async () => {
          const done = await work();
          passed = !done;
          return done;
        },
        (outcome, seconds) =>
          firingSeconds.observe(
            { kind, outcome: outcome === 'failed' ? outcome : passed ? 'passed' : 'fired' },
            seconds,
          ),
      );
    },
    contentType: register.contentType,
    async text(sources: MetricSources): Promise<string> {
      await readSources(sources);
      return `${await register.metrics()}\n${await processMetrics().metrics()}`;
    },
  };
}

const statementKind = (text: string): string => {
  const verb = verbOf(text)?.toLowerCase() ?? '';
  return STATEMENT_KINDS.includes(verb) ? verb : 'other';
};

async function timed<T>(
  work: () => Promise<T>,
  record: (outcome: 'ok' | 'failed', seconds: number) => void,
): Promise<T> {
  const begun = performance.now();
  let outcome: 'ok' | 'failed' = 'failed';
  try {
    const result = await work();
    outcome = 'ok';
    return result;
  } finally {
    record(outcome, (performance.now() - begun) / 1000);
  }
}

/** Undefined if the work fails or takes too long. */
const orUndefined = <T>(work: Promise<T>, deadline: number): Promise<T | undefined> =>
  withTimeout<T | undefined>(
    work.catch(() => undefined),
    deadline,
    () => undefined,
  );
