import { reaches, type Target } from '../domain/computers/association.ts';
import type { Computer } from '../domain/computers/computer.ts';
import type { Instant } from '../domain/time.ts';
import type { PastExecution } from './history.ts';
import { afterSeconds, scatter } from './scatter.ts';

/** The result of one execution: seconds until the computer took it, and seconds until it reported. */
export interface Outcome {
  readonly deliveredAfter: number;
  readonly takes: number;
  readonly resultText: string;
  /** Null if the execution succeeded. */
  readonly resultCode: number | null;
}

/** Seconds that are longer than any demonstration runs. */
export const NEVER = 10 * 365 * 86_400;

/** An execution in its planned final state. */
export type Planned = PastExecution & { readonly deliveryTime: Instant; readonly completionTime: Instant };

export function plan(computer: Computer, at: Instant, outcome: Outcome): Planned {
  const { resultText, resultCode } = outcome;
  const deliveryTime = afterSeconds(at, outcome.deliveredAfter);
  const completionTime = afterSeconds(deliveryTime, outcome.takes);
  const status = resultCode === null ? 'succeeded' : 'failed';
  return { computerId: computer.id, status, deliveryTime, completionTime, resultText, resultCode };
}

/** The state of a planned execution at `now`. */
export function seenAt(now: Instant, planned: Planned): PastExecution {
  if (planned.completionTime <= now) return planned;
  const open = { ...planned, completionTime: null, resultText: null, resultCode: null };
  return planned.deliveryTime <= now
    ? { ...open, status: 'delivered' }
    : { ...open, status: 'undelivered', deliveryTime: null };
}

/** An execution that no computer took and that was canceled. */
export const canceled = (computer: Computer, at: Instant): PastExecution => ({
  computerId: computer.id,
  status: 'canceled',
  deliveryTime: null,
  completionTime: at,
  resultText: null,
  resultCode: null,
});

/** @param seeds vary the delays of executions that are otherwise equal */
export function succeeded(resultText: string, ...seeds: readonly number[]): Outcome {
  return {
    deliveredAfter: 2 + scatter(45, 1, ...seeds),
    takes: 1 + scatter(30, 2, ...seeds),
    resultText,
    resultCode: null,
  };
}

export const failed = (resultCode: 102 | 103 | 104, resultText: string, takes = 4): Outcome => ({
  deliveredAfter: 11,
  takes,
  resultText,
  resultCode,
});

/** The accepted computers that a target reaches, in a tree of only two levels. */
export function reachedBy(target: Target, computers: readonly Computer[]): Computer[] {
  return computers.filter(
    ({ status, tags, accessGroup: { id, parentId } }) =>
      reaches(target, { tags, groupAndAbove: parentId === null ? [id] : [id, parentId] }) &&
      status === 'accepted',
  );
}
