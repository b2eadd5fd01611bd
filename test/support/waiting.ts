import { setImmediate as turn } from 'node:timers/promises';
import type { Database } from '../../src/persistence/database.ts';

/** Asks again and again; a test that waits in vain runs into jest's own limit. */
export async function waitUntil(holds: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await holds())) await turn();
}

/** How many sessions of the database wait for a lock that another has. */
export async function blocked({ prisma }: Database): Promise<number> {
  const [found] = await prisma.$queryRawUnsafe<[{ number: number }]>(
    `SELECT count(*)::int AS number FROM pg_stat_activity
     WHERE datname = current_database() AND cardinality(pg_blocking_pids(pid)) > 0`,
  );
  return found.number;
}
