import { DEADLINES as DATABASE_DEADLINES, type DatabaseDeadlines } from '../../src/database/deadlines.ts';
import { DEADLINES as HTTP_DEADLINES, type HttpDeadlines } from '../../src/http/deadlines.ts';

/** Longer than jest's own limit, so that a deadline takes effect only in tests of deadlines. */
const NEVER_MS = 600_000;

function never<Deadlines extends object>(deadlines: Deadlines): Deadlines {
  return Object.fromEntries(Object.keys(deadlines).map((name) => [name, NEVER_MS])) as Deadlines;
}

export const NO_DATABASE_DEADLINES: DatabaseDeadlines = never(DATABASE_DEADLINES);
export const NO_HTTP_DEADLINES: HttpDeadlines = never(HTTP_DEADLINES);
