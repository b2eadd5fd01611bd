import { invalid } from './errors.ts';
import type { Instant } from './time.ts';

/** From one time on, until just before another; an end that is left out, or null, is open. */
export interface TimeRange {
  readonly from?: Instant | null;
  readonly until?: Instant | null;
}

/** @throws Refusal INVALID_INPUT for a range that ends before it begins: nothing is in it, and nobody means that */
export function checkRange(field: string, { from, until }: TimeRange): void {
  if (from != null && until != null && until < from)
    throw invalid(`${field}.until`, until, `no earlier than \`from\`, which is ${from}`);
}
