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

interface Work {
  readonly messages: readonly AgentMessage[];
  readonly blocked: number | undefined;
  readonly unknown: number;
  readonly delivers: boolean;
  readonly now: Instant;
}

/** Reports, fails and delivers executions. Locks all their runs first, in the common lock order. */
export async function moveExecutions(
  tx: Transaction,
  accountId: number,
  agent: LockedAgent,
  { messages, blocked, unknown, delivers, now }: Work,
) {
  const { computerId } = agent;
  const { results, repeats } = resultsOf(messages);
  // The client confirms messages that are unknown, because the database was restored from an old backup. They
  // contained the scripts that now wait first. These may have run, so they are marked as delivered and not
  // sent again.
  const handedOut =
    unknown > 0 && agent.status === 'accepted'
      ? await tx.agents.waiting(accountId, computerId, Math.min(unknown, MAX_HANDED_OUT))
      : [];
  const waiting = agent.waiting.filter((id) => !handedOut.includes(id));
  const open = new Set(agent.delivered);
  const which = [
    ...results.keys(),
    ...(blocked === undefined ? [] : [blocked]),
    ...handedOut,
    ...(delivers ? waiting : []),
  ];
  const none = { delivered: [] as number[], open, outcomes: [] as Outcome[], reported: 0, blocked: 0 };
  if (which.length === 0) return { ...none, skipped: repeats };

  const runs = await tx.executions.lockRuns(accountId, { ids: which, in: EVERY_STATUS });
  const transitions: (Transition & { readonly parentId: number })[] = [];
  const outcomes: Outcome[] = [];
  const own = await tx.executions.ofComputer(accountId, computerId, [...results.keys()]);
  const reported = own.filter(takesReport);
  for (const { id } of reported) {
    const report = checkReport(results.get(id)!());
    const change = { ...report, completionTime: now, reportedAt: now };
    transitions.push(...(await tx.executions.change(accountId, runs, { ids: [id], in: REPORTABLE }, change)));
    outcomes.push(report.status);
    open.delete(id);
  }
  let failed = 0;
  if (blocked !== undefined && open.delete(blocked)) {
    const change = { status: 'failed', completionTime: now, resultText: BLOCKED } as const;
    const which = { ids: [blocked], in: ['delivered'] } as const;
    transitions.push(...(await tx.executions.change(accountId, runs, which, change)));
    outcomes.push('failed');
    failed = 1;
  }
  const room = delivers ? Math.max(0, MAX_OPEN - open.size - handedOut.length) : 0;
  const delivered = waiting.slice(0, room);
  const ids = [...handedOut, ...delivered];
  if (ids.length > 0) {
    const delivery = { computerId, ids, most: ids.length, at: now, graceMinutes: REPORT_GRACE_MINUTES };
    transitions.push(...(await tx.executions.deliver(accountId, runs, delivery)));
  }
  await rollUpRuns(tx, accountId, runs, transitions, now);
  return {
    delivered,
    open,
    outcomes,
    reported: reported.length,
    skipped: repeats + results.size - reported.length,
    blocked: failed,
  };
}

const MAX_HANDED_OUT = 1000;
const REPORTABLE = ['delivered', 'canceled', 'failed'] as const;
const EVERY_STATUS = [...undeliveredStatuses, ...REPORTABLE, 'succeeded'] as const;

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
