import type { Instant } from '../domain/time.ts';
import type { Repositories, Store } from '../services/ports.ts';
import { accessGroupRepository } from './access-groups.ts';
import { activityRepository } from './activities.ts';
import { computerRepository } from './computers.ts';
import type { PrismaClient } from './generated/client.ts';
import { limitsRepository } from './limits.ts';
import { peopleRepository } from './people.ts';
import { scriptProfileRepository } from './script-profiles.ts';
import { scriptRepository } from './scripts.ts';
import { type Connection, instant, oneRow, sql } from './sql.ts';

/** Reads the time for a transaction, once at its start. Tests and chaos runs put another clock in its place. */
export type Clock = (connection: Connection) => Promise<Instant>;

/** The database's clock: the one clock that all replicas share. */
export const databaseClock: Clock = async (connection) => {
  const answer = await oneRow<{ now: Instant }>(
    connection,
    sql`select ${instant('clock_timestamp()')} as now`,
  );
  return answer!.now;
};

// Long enough to wait behind another's transaction on the embedded database's single connection.
const TRANSACTION_TIMES = { maxWait: 15_000, timeout: 60_000 };

export const createStore = (prisma: PrismaClient, clock: Clock = databaseClock): Store => ({
  read: repositories(prisma),
  transaction: (work) =>
    prisma.$transaction(async (tx) => work(repositories(tx), await clock(tx)), TRANSACTION_TIMES),
});

const repositories = (connection: Connection): Repositories => ({
  people: peopleRepository(connection),
  accessGroups: accessGroupRepository(connection),
  computers: computerRepository(connection),
  scripts: scriptRepository(connection),
  scriptProfiles: scriptProfileRepository(connection),
  activities: activityRepository(connection),
  limits: limitsRepository(connection),
});
