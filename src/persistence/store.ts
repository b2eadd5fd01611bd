import { Refusal } from '../domain/errors.ts';
import { type Instant, inMilliseconds } from '../domain/time.ts';
import type { Repositories, Store } from '../services/ports.ts';
import { accessGroupRepository } from './access-groups.ts';
import { accessKeyRepository } from './access-keys.ts';
import { accountRepository } from './accounts.ts';
import { activityRepository } from './activities.ts';
import { agentRepository } from './agents.ts';
import { computerRepository } from './computers.ts';
import { driverErrorOf } from './driver-error.ts';
import { eventRepository } from './events.ts';
import { executionRepository } from './executions.ts';
import type { PrismaClient } from './generated/client.ts';
import { idempotencyKeyRepository } from './idempotency-keys.ts';
import { limitsRepository } from './limits.ts';
import { logInRepository } from './log-ins.ts';
import { newOutbox } from './outbox.ts';
import { peopleRepository } from './people.ts';
import { roleRepository } from './roles.ts';
import { runRepository } from './runs.ts';
import { scriptAttachmentRepository } from './script-attachments.ts';
import { scriptProfileRepository } from './script-profiles.ts';
import { scriptVersionRepository } from './script-versions.ts';
import { scriptRepository } from './scripts.ts';
import { type Connection, instant, oneRow, type Reader, type Sql, sql, timestamp } from './sql.ts';
import { tokenRepository } from './tokens.ts';
import { refusingWhenAway, whileAvailable } from './unavailable.ts';

/** Reads the time for a transaction, once at its start. Tests and chaos runs put another clock in its place. */
export type Clock = (connection: Reader) => Promise<Instant>;

/** The database's clock: the one clock that all replicas share. */
export const databaseClock: Clock = async (connection) => {
  const answer = await oneRow<{ now: Instant }>(
    connection,
    sql`select ${instant('clock_timestamp()')} as now`,
  );
  return answer!.now;
};

/** What a store tells whoever opened it; its callers need not know. */
export interface StoreEvents {
  /** A transaction is done anew, or given up: somebody locks in another order than the others. */
  onConflict?(error: unknown): void;
  /** The database could not be reached. */
  onAway?(reason: unknown): void;
  /** The database answered. */
  onAnswer?(): void;
}

/** Every use of it throws Refusal UNAVAILABLE while the database is away. */
export const createStore = (
  prisma: PrismaClient,
  clock: Clock = databaseClock,
  { onConflict = () => {}, onAway = () => {}, onAnswer = () => {} }: StoreEvents = {},
): Store => ({
  read: repositories(refusingWhenAway(prisma, onAway, onAnswer), () => timeAsSql(prisma, clock)),
  transaction: (work) => {
    const attempt = () =>
      prisma.$transaction(async (tx) => {
        const { send, ...outbox } = newOutbox();
        // As Prisma writes times: an answer equals what is stored.
        const now = inMilliseconds(await clock(tx));
        const result = await work({ ...repositories(tx, async () => timestamp(now)), ...outbox }, now);
        await send(tx);
        return result;
      });
    return whileAvailable(retryOnConflict(attempt, onConflict), onAway, onAnswer);
  },
});

const MOST_ATTEMPTS = 5;

/**
 * Of transactions that wait for each other PostgreSQL ends one, and rolls it back: its work is done anew, whole,
 * with another reading of the clock. Everybody locks in one order, so this is for what nobody thought of.
 * @throws Refusal UNAVAILABLE when it meets another again and again
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
      if (attempt === MOST_ATTEMPTS)
        throw new Refusal('UNAVAILABLE', 'Others are changing the same: try again in a few seconds.');
    }
  }
}

/** A deadlock (40P01) or what can't be serialised (40001). */
const isConflict = (error: unknown): boolean => driverErrorOf(error)?.kind === 'TransactionWriteConflict';

/** For a statement that is a transaction by itself. */
const timeAsSql = async (prisma: PrismaClient, clock: Clock): Promise<Sql> =>
  clock === databaseClock
    ? sql`date_trunc('milliseconds', clock_timestamp())`
    : timestamp(inMilliseconds(await clock(prisma)));

const repositories = (connection: Connection, currentTime: () => Promise<Sql>): Repositories => ({
  accounts: accountRepository(connection),
  people: peopleRepository(connection),
  accessGroups: accessGroupRepository(connection),
  computers: computerRepository(connection),
  agents: agentRepository(connection, currentTime),
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
  events: eventRepository(connection),
  logIns: logInRepository(connection),
  accessKeys: accessKeyRepository(connection),
  tokens: tokenRepository(connection),
});
