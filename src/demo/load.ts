import type { PrismaClient } from '../database/generated/client.ts';
import { type Connection, oneRow, sql } from '../database/sql.ts';
import { loadDemo } from './demo.ts';
import { loadPage, type Made } from './page.ts';

export type Seed = 'page' | 'demo';

/** The administrator of both worlds. */
export const DEMONSTRATION_ADMINISTRATOR = { email: 'john@example.com', account: 'standalone' } as const;

const loaders: Record<Seed, (tx: Connection, made: Made) => Promise<unknown>> = {
  page: loadPage,
  demo: loadDemo,
};

/**
 * Fills an empty database, or changes nothing. Returns whether it filled the database. Replicas may start together, so
 * the lock keeps other accounts from being created until this transaction ends. The second replica then finds the
 * account of the first.
 */
export function loadDemonstration(prisma: PrismaClient, seed: Seed, made: Made): Promise<boolean> {
  return prisma.$transaction(async (tx) => {
    await tx.$executeRaw(sql`lock table account in share row exclusive mode`);
    if (await oneRow(tx, sql`select id from account limit 1`)) return false;
    await loaders[seed](tx, made);
    return true;
  });
}
