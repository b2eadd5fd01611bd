import { driverErrorOf } from '../database/driver-error.ts';
import type { PrismaClient } from '../database/generated/client.ts';
import { type Connection, instant, oneRow, type Reader, type Sql, sql, timestamp } from '../database/sql.ts';
import { translatingOutages, withOutageRefusals } from '../database/unavailable.ts';
import { Refusal } from '../domain/errors.ts';
import { type Instant, inMilliseconds } from '../domain/time.ts';
import type { Repositories, Store } from '../services/ports.ts';
import { accessGroupRepository } from './accounts/access-groups.ts';
import { accessKeyRepository } from './accounts/access-keys.ts';
import { accountRepository } from './accounts/accounts.ts';
import { limitsRepository } from './accounts/limits.ts';
import { logInRepository } from './accounts/log-ins.ts';
import { passwordRepository } from './accounts/passwords.ts';
import { peopleRepository } from './accounts/people.ts';
import { roleRepository } from './accounts/roles.ts';
import { tokenRepository } from './accounts/tokens.ts';
import { activityRepository } from './activities/activities.ts';
import { executionRepository } from './activities/executions.ts';
import { runRepository } from './activities/runs.ts';
import { agentRepository } from './computers/agents.ts';
import { computerRepository } from './computers/computers.ts';
import { savedSearchRepository } from './computers/saved-searches.ts';
import { eventRepository } from './events.ts';
import { idempotencyKeyRepository } from './idempotency-keys.ts';
import { newOutbox } from './outbox.ts';
import { scriptProfileRepository } from './script-profiles/script-profiles.ts';
import { scriptAttachmentRepository } from './scripts/script-attachments.ts';
import { scriptVersionRepository } from './scripts/script-versions.ts';
import { scriptRepository } from './scripts/scripts.ts';

/** Reads the time for a transaction, once at its start. Tests and chaos runs pass another clock. */
export type Clock = (connection: Reader) => Promise<Instant>;

/** The database's clock, which is the only clock that all replicas share. */
export const databaseClock: Clock = async (connection) => {
  const answer = await oneRow<{ now: Instant }>(
    connection,
    sql`select ${instant('clock_timestamp()')} as now`,
  );
  return answer!.now;
};

/** Notifies the code that opened the store, but not the callers of the store. */
export interface StoreEvents {
  /** A transaction is retried or given up, because its code locks in another order than other code. */
  onConflict?(error: unknown): void;
  /** The database was unreachable. */
  onOutage?(reason: unknown): void;
  /** The database answered. */
  onAnswer?(): void;
}

/** Creates a store. Every use of it throws Refusal UNAVAILABLE while the database is unreachable. */
export const createStore = (
  prisma: PrismaClient,
  clock: Clock = databaseClock,
  { onConflict = () => {}, onOutage = () => {}, onAnswer = () => {} }: StoreEvents = {},
): Store => ({
  read: repositories(withOutageRefusals(prisma, onOutage, onAnswer), () => timeAsSql(prisma, clock)),
  transaction: (work) => {
    const attempt = () =>
      prisma.$transaction(async (tx) => {
        const { send, ...outbox } = newOutbox();
        // Use Prisma's precision for times, so that a result equals the stored row.
        const now = inMilliseconds(await clock(tx));
        const result = await work({ ...repositories(tx, async () => timestamp(now)), ...outbox }, now);
        await send(tx);
        return result;
      });
    return translatingOutages(retryOnConflict(attempt, onConflict), onOutage, onAnswer);
  },
});

const MAX_ATTEMPTS = 5;

/**
 * Retries a transaction that PostgreSQL rolled back because of a deadlock or another conflict. The whole work runs
 * again, with a new reading of the clock. All code locks in one order, so conflicts are exceptions.
 * @throws Refusal UNAVAILABLE after too many conflicts
 */
async function retryOnConflict<Result>(
  transaction: () => Promise<Result>,
  onConflict: (error: unknown) => void,
): Promise<Result> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await transaction();
    } catch (error) {
      if (!isConflict(error)) throw error;
      onConflict(error);
      if (attempt === MAX_ATTEMPTS)
        throw new Refusal(
          'UNAVAILABLE',
          'Other requests are changing the same data. Try again in a few seconds.',
        );
    }
  }
}

/** A deadlock (40P01) or a serialization failure (40001). */
const isConflict = (error: unknown): boolean => driverErrorOf(error)?.kind === 'TransactionWriteConflict';

/** For a statement that is a transaction by itself. */
const timeAsSql = async (prisma: PrismaClient, clock: Clock): Promise<Sql> =>
  clock === databaseClock
    ? // Citus rejects changes with volatile functions such as clock_timestamp().
      sql`date_trunc('milliseconds', statement_timestamp())`
    : timestamp(inMilliseconds(await clock(prisma)));

const repositories = (connection: Connection, currentTime: () => Promise<Sql>): Repositories => ({
  accounts: accountRepository(connection),
  people: peopleRepository(connection),
  accessGroups: accessGroupRepository(connection),
  computers: computerRepository(connection),
  agents: agentRepository(connection, currentTime),
  savedSearches: savedSearchRepository(connection),
  scripts: scriptRepository(connection),
  scriptVersions: scriptVersionRepository(connection),
  scriptAttachments: scriptAttachmentRepository(connection),
  scriptProfiles: scriptProfileRepository(connection),
  activities: activityRepository(connection),
  executions: executionRepository(connection),
  runs: runRepository(connection),
  limits: limitsRepository(connection),
  idempotencyKeys: idempotencyKeyRepository(connection),
  roles: roleRepository(connection),
  events: eventRepository(connection, currentTime),
  logIns: logInRepository(connection),
  accessKeys: accessKeyRepository(connection),
  tokens: tokenRepository(connection),
  passwords: passwordRepository(connection),
});
