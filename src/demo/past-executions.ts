import { reaches, type Target } from '../domain/computers/association.ts';
import type { Computer } from '../domain/computers/computer.ts';
import type { Instant } from '../domain/time.ts';
import type { PastExecution } from './history.ts';
import { afterSeconds, scatter } from './scatter.ts';

/** What became of one execution: seconds until the computer took it, and until it reported. */
export interface Outcome {
  readonly deliveredAfter: number;
  readonly takes: number;
  readonly resultText: string;
  /** Null: it succeeded. */
  readonly resultCode: number | null;
}

/** Longer than any demonstration is looked at. */
export const NEVER = 10 * 365 * 86_400;

/** An execution as it is planned: final. */
export type Planned = PastExecution & { readonly deliveryTime: Instant; readonly completionTime: Instant };

export function plan(computer: Computer, at: Instant, outcome: Outcome): Planned {
  const { resultText, resultCode } = outcome;
  const deliveryTime = afterSeconds(at, outcome.deliveredAfter);
  const completionTime = afterSeconds(deliveryTime, outcome.takes);
  const status = resultCode === null ? 'succeeded' : 'failed';
  return { computerId: computer.id, status, deliveryTime, completionTime, resultText, resultCode };
}

/** As much of it as has happened by now. */
export function seenAt(now: Instant, planned: Planned): PastExecution {
  if (planned.completionTime <= now) return planned;
  const open = { ...planned, completionTime: null, resultText: null, resultCode: null };
  return planned.deliveryTime <= now
    ? { ...open, status: 'delivered' }
    : { ...open, status: 'undelivered', deliveryTime: null };
}

/** It was never taken, and canceled in the end. */
export const canceled = (computer: Computer, at: Instant): PastExecution => ({
  computerId: computer.id,
  status: 'canceled',
  deliveryTime: null,
  completionTime: at,
  resultText: null,
  resultCode: null,
});

/** @param seeds tell executions apart whose every detail would otherwise be alike */
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

/** The accepted computers that a target means, in a tree whose only upper group is the root. */
export function reachedBy(target: Target, computers: readonly Computer[]): Computer[] {
  return computers.filter(
    ({ status, tags, accessGroup: { id, parentId } }) =>
      reaches(target, { tags, groupAndAbove: parentId === null ? [id] : [id, parentId] }) &&
      status === 'accepted',
  );
}
