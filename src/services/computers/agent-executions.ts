import { type Transition, undeliveredStatuses } from '../../domain/activities/activity.ts';
import {
  checkReport,
  type ExecutionReport,
  REPORT_GRACE_MINUTES,
  takesReport,
} from '../../domain/activities/execution.ts';
import { type AgentFacts, MAX_OPEN } from '../../domain/computers/agent.ts';
import type { Instant } from '../../domain/time.ts';
import { rollUpRuns } from '../activities/executions.ts';
import type { Transaction } from '../ports.ts';
import type { LockedAgent } from './agent-ports.ts';

/** One message of a client. Results are decoded on demand, because 100 of them may take 40 MB. */
export type AgentMessage =
  | { readonly kind: 'result'; readonly executionId: number; report(): ExecutionReport }
  | { readonly kind: 'facts'; readonly facts: AgentFacts }
  /** Requires no action. */
  | { readonly kind: 'ignored' }
  /** Invalid. */
  | { readonly kind: 'skipped' };

export type Outcome = 'succeeded' | 'failed';

const BLOCKED = 'The computer requested this script repeatedly, but could not start it.';
const IN_DOUBT =
  'The computer has received messages that this server does not know, because a backup was restored. It may have run this script.';

interface Work {
  readonly messages: readonly AgentMessage[];
  readonly blocked: number | undefined;
  readonly unknown: number;
  readonly delivers: boolean;
  readonly now: Instant;
}

type Results = ReadonlyMap<number, () => ExecutionReport>;

/** Changes of a computer's executions in one exchange. */
interface Moves {
  readonly results: Results;
  /** Number of repeated results: those of executions that already have one. */
  readonly repeats: number;
  readonly inDoubt: readonly number[];
  readonly blocked: readonly number[];
  readonly delivered: readonly number[];
  /** Executions that were delivered earlier and have not ended. */
  readonly open: ReadonlySet<number>;
}

export async function planMoves(
  tx: Transaction,
  accountId: number,
  agent: LockedAgent,
  { messages, blocked, unknown, delivers, now }: Work,
): Promise<Moves> {
  const { results, repeats } = resultsOf(messages);
  const inDoubt = await executionsInDoubt(tx, accountId, agent, { unknown, results, now });
  const open = new Set(agent.delivered.filter((id) => !results.has(id)));
  const isBlocked = blocked !== undefined && open.delete(blocked);
  const room = delivers ? Math.max(0, MAX_OPEN - open.size) : 0;
  const delivered = agent.waiting.filter((id) => !inDoubt.includes(id)).slice(0, room);
  return { results, repeats, inDoubt, blocked: isBlocked ? [blocked] : [], delivered, open };
}

/** Reports, fails and delivers executions. Locks all their runs first, in the common lock order. */
export async function moveExecutions(
  tx: Transaction,
  accountId: number,
  computerId: number,
  { results, repeats, inDoubt, blocked, delivered }: Moves,
  now: Instant,
): Promise<{ reported: number; skipped: number; outcomes: readonly Outcome[] }> {
  const ids = [...results.keys(), ...inDoubt, ...blocked, ...delivered];
  if (ids.length === 0) return { reported: 0, skipped: repeats, outcomes: [] };

  const runs = await tx.executions.lockRuns(accountId, { ids, in: EVERY_STATUS });
  const transitions: (Transition & { readonly parentId: number })[] = [];
  const outcomes: Outcome[] = [];
  const deliver = async (ids: readonly number[]) => {
    if (ids.length === 0) return;
    const delivery = { computerId, ids, most: ids.length, at: now, graceMinutes: REPORT_GRACE_MINUTES };
    transitions.push(...(await tx.executions.deliver(accountId, runs, delivery)));
  };
  const fail = async (ids: readonly number[], resultText: string) => {
    if (ids.length === 0) return;
    const change = { status: 'failed', completionTime: now, resultText } as const;
    const which = { ids, in: ['delivered'] } as const;
    transitions.push(...(await tx.executions.change(accountId, runs, which, change)));
    outcomes.push(...ids.map(() => 'failed' as const));
  };
  // First, because the client may report them in this exchange, and only a delivered execution accepts a report.
  await deliver(inDoubt);
  const own =
    results.size > 0 ? await tx.executions.ofComputer(accountId, computerId, [...results.keys()]) : [];
  const reported = own.filter(takesReport);
  for (const { id } of reported) {
    const report = checkReport(results.get(id)!());
    const change = { ...report, completionTime: now, reportedAt: now };
    transitions.push(...(await tx.executions.change(accountId, runs, { ids: [id], in: REPORTABLE }, change)));
    outcomes.push(report.status);
  }
  await fail(
    inDoubt.filter((id) => !results.has(id)),
    IN_DOUBT,
  );
  await fail(blocked, BLOCKED);
  await deliver(delivered);
  await rollUpRuns(tx, accountId, runs, transitions, now);
  return {
    reported: reported.length,
    skipped: repeats + results.size - reported.length,
    outcomes,
  };
}

const MAX_IN_DOUBT = 1000;
const REPORTABLE = ['delivered', 'canceled', 'failed'] as const;
const EVERY_STATUS = [...undeliveredStatuses, ...REPORTABLE, 'succeeded'] as const;

/**
 * Executions that wait here, but that the client may have received before a backup was restored: it has confirmed
 * messages that are unknown here, or it reports an execution that was not delivered to it. They are not delivered again.
 * In a restored database that was not marked (`mark_restored`), no more are chosen than there are unknown messages,
 * because the others may be new.
 */
async function executionsInDoubt(
  tx: Transaction,
  accountId: number,
  { computerId, status, waiting, inDoubtUntil }: LockedAgent,
  { unknown, results, now }: { readonly unknown: number; readonly results: Results; readonly now: Instant },
): Promise<number[]> {
  const reported = waiting.filter((id) => results.has(id));
  if (unknown === 0 || status !== 'accepted') return reported;
  const most = inDoubtUntil === null ? Math.min(unknown, MAX_IN_DOUBT) : null;
  const found = await tx.agents.deliverable(accountId, computerId, { until: inDoubtUntil, most, now });
  return [...new Set([...reported, ...found])];
}

/** Returns the first result of each execution, and the number of repetitions. */
function resultsOf(messages: readonly AgentMessage[]) {
  const results = new Map<number, () => ExecutionReport>();
  let repeats = 0;
  for (const message of messages) {
    if (message.kind !== 'result') continue;
    if (results.has(message.executionId)) repeats += 1;
    else results.set(message.executionId, message.report);
  }
  return { results, repeats };
}
