import { invalid } from './errors.ts';
import type { Instant } from './time.ts';

/** A period from `from` (inclusive) to `until` (exclusive). An end that is omitted or null is open. */
export interface TimeRange {
  readonly from?: Instant | null;
  readonly until?: Instant | null;
}

/** @throws Refusal INVALID_INPUT for a range that ends before it begins, because it would match nothing */
export function checkRange(field: string, { from, until }: TimeRange): void {
  if (from != null && until != null && until < from)
    throw invalid(`${field}.until`, until, `no earlier than \`from\`, which is ${from}`);
}
