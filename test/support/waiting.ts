import { setTimeout as pause } from 'node:timers/promises';
import { inspect } from 'node:util';
import type { Database } from '../../src/database/database.ts';
import { isOnCitus } from './server.ts';

/** A pause, so that the awaited work gets the processor. */
const PAUSE_MS = 10;
/** Shorter than jest's time limit, whose message would not say what was awaited. */
const GIVE_UP_AFTER_MS = 120_000;

/**
 * Polls until `read` returns a value that holds (by default: is truthy), and returns that value.
 *
 * @param awaited what should become true, for the message of the error
 * @throws Error with `awaited` and the last value that was read
 */
export async function waitUntil<Value>(
  awaited: string,
  read: () => Value | Promise<Value>,
  holds: (value: Value) => boolean = Boolean,
): Promise<Value> {
  const deadline = performance.now() + GIVE_UP_AFTER_MS;
  for (;;) {
    const value = await read();
    if (holds(value)) return value;
    if (performance.now() > deadline)
      throw new Error(`Waited ${GIVE_UP_AFTER_MS} ms until ${awaited}; found ${inspect(value)}.`);
    await pause(PAUSE_MS);
  }
}

/** Sessions in the database that wait for a lock of another session. On Citus, they may wait on a worker. */
export const blockedSessions = (): string =>
  isOnCitus()
    ? 'SELECT DISTINCT waiting_gpid AS pid FROM citus_lock_waits'
    : `SELECT pid FROM pg_stat_activity
       WHERE datname = current_database() AND cardinality(pg_blocking_pids(pid)) > 0`;

/** The number of these sessions. */
export async function blocked({ prisma }: Database): Promise<number> {
  const [found] = await prisma.$queryRawUnsafe<[{ count: number }]>(
    `SELECT count(*)::int AS count FROM (${blockedSessions()}) blocked`,
  );
  return found.count;
}

export async function waitUntilBlocked(database: Database, least = 1): Promise<void> {
  await waitUntil(
    `${least} sessions wait for a lock`,
    () => blocked(database),
    (count) => count >= least,
  );
}
