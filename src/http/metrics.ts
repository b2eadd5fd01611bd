import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import { inTime } from '../services/in-time.ts';
import type { ExecutionOutcome } from '../services/observer.ts';
import { agentMetrics } from './agent-metrics.ts';
import { DEADLINES } from './deadlines.ts';
import { verbOf } from './tracing.ts';

/** What is looked up when somebody asks for the metrics. */
export interface MetricSources {
  /** What waits in the database, and its clock; undefined while it is away. */
  database(): Promise<DatabaseSample | undefined>;
  pool?(): { readonly most: number; readonly open: number; readonly idle: number; readonly waiting: number };
  /** On the disk of an embedded database. */
  freeBytes?(): Promise<number | undefined>;
  /** Milliseconds by which the clock is behind its own plan. */
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
  /** Accounts that have at least so many undelivered executions, by that number. */
  readonly accounts: Readonly<Record<string, number>>;
}

export type Metrics = ReturnType<typeof createMetrics>;

/** Of the process and not of an app: memory, handles, the event loop's delay. */
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

/** Looking is no more often: to ask for metrics must not be a load. */
const FRESH_FOR = 10_000;

/** Counters and gauges of one server. No label has a value of anybody’s data, nor one that callers make up. */
export function createMetrics(version: string, deadline = DEADLINES.sample) {
  const register = new Registry();
  const registers = [register];
  const requests = new Counter({
    name: 'gateway_requests_total',
    help: 'Requests that were answered, by door, by operation, and by outcome: OK, or a code.',
    labelNames: ['door', 'operation', 'outcome'] as const,
    registers,
  });
  const requestSeconds = new Histogram({
    name: 'gateway_request_duration_seconds',
    help: 'From a request’s arrival to the end of its answer; streams left out.',
    labelNames: ['door', 'operation'] as const,
    buckets: REQUEST_SECONDS,
    registers,
  });
  const statementSeconds = new Histogram({
    name: 'gateway_statement_duration_seconds',
    help: 'Statements, by what they begin with and by whether they failed.',
    labelNames: ['kind', 'outcome'] as const,
    buckets: STATEMENT_SECONDS,
    registers,
  });
  const firedLate = new Histogram({
    name: 'gateway_firing_lateness_seconds',
    help: 'From a slot to the run that was made for it.',
    buckets: LATE_SECONDS,
    registers,
  });
  const firingSeconds = new Histogram({
    name: 'gateway_firing_duration_seconds',
    help: 'How long it took to fire one thing that was due, by kind and outcome: fired, passed (another replica has it) or failed.',
    labelNames: ['kind', 'outcome'] as const,
    buckets: REQUEST_SECONDS,
    registers,
  });
  const executions = new Counter({
    name: 'gateway_executions_total',
    help: 'Executions that computers reported as succeeded or failed, and those not reported in time (overdue). A late report of an overdue one counts, too.',
    labelNames: ['outcome'] as const,
    registers,
  });
  for (const outcome of ['succeeded', 'failed', 'overdue'] as const) executions.inc({ outcome }, 0);
  const agents = agentMetrics(registers);
  const subscriptions = gauge('gateway_subscriptions', 'Subscriptions that are open.', ['transport']);
  const connections = gauge('gateway_websocket_connections', 'WebSockets that are open.');
  subscriptions.set({ transport: 'sse' }, 0);
  gauge('gateway_build_info', 'Always 1; the labels say what runs.', ['version', 'node']).set(
    { version, node: process.version },
    1,
  );

  const up = gauge('gateway_database_up', '1 while the database answers.');
  const skew = gauge('gateway_clock_skew_seconds', 'This machine’s clock less the database’s.');
  const due = gauge('gateway_due_profiles', 'Profiles whose slot has come, not yet fired.');
  const late = gauge('gateway_late_profiles', 'Profiles whose slot came more than a minute ago.');
  const oldest = gauge('gateway_oldest_due_seconds', 'How long the first due profile has been due.');
  const overdue = gauge('gateway_overdue_executions', 'Executions that should have been reported by now.');
  const undelivered = gauge('gateway_undelivered_executions', 'Executions that no computer has taken.');
  const agentsSeen = gauge(
    'gateway_agents_seen',
    'Computers whose landscape-client exchanged messages in the last 30 minutes.',
  );
  const queues = gauge(
    'gateway_accounts_with_undelivered',
    'Accounts that have at least so many undelivered executions.',
    ['at_least'],
  );
  const pool = gauge('gateway_pool_connections', 'Connections to the database that requests share.', [
    'state',
  ]);
  const freeDisk = gauge('gateway_database_free_bytes', 'Bytes free on the disk of an embedded database.');
  const poolMost = gauge('gateway_pool_connections_max', 'How many of them there may be.');
  const lag = gauge('gateway_clock_lag_seconds', 'How long the clock’s present pass has been due; 0 asleep.');

  function gauge<Label extends string = never>(name: string, help: string, labelNames: Label[] = []) {
    return new Gauge({ name, help, labelNames, registers });
  }

  let socketsNow = () => ({ connections: 0, subscriptions: 0 });
  let sample: { at: number; found: Promise<DatabaseSample | undefined> } | undefined;
  async function look({ database, pool: poolUse, freeBytes, clockLag }: MetricSources): Promise<void> {
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
    // A number that nobody knows any more is no number, and not 0.
    if (!found) {
      for (const each of [skew, due, late, oldest, overdue, undelivered, agentsSeen]) each.remove();
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
      await look(sources);
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
  tell: (outcome: 'ok' | 'failed', seconds: number) => void,
): Promise<T> {
  const begun = performance.now();
  let outcome: 'ok' | 'failed' = 'failed';
  try {
    const result = await work();
    outcome = 'ok';
    return result;
  } finally {
    tell(outcome, (performance.now() - begun) / 1000);
  }
}

/** Undefined when it fails, or takes too long. */
const orUndefined = <T>(work: Promise<T>, deadline: number): Promise<T | undefined> =>
  inTime<T | undefined>(
    work.catch(() => undefined),
    deadline,
    () => undefined,
  );
