import { isDriverAdapterError } from '@prisma/driver-adapter-utils';
import { Refusal } from '../domain/errors.ts';
import type { Instant } from '../domain/time.ts';
import type { Repositories, Store } from '../services/ports.ts';
import { accessGroupRepository } from './access-groups.ts';
import { accessKeyRepository } from './access-keys.ts';
import { accountRepository } from './accounts.ts';
import { activityRepository } from './activities.ts';
import { agentRepository } from './agents.ts';
import { computerRepository } from './computers.ts';
import type { TransactionalConnection } from './connection.ts';
import { eventRepository } from './events.ts';
import { executionRepository } from './executions.ts';
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
import { type Connection, instant, oneRow, sql } from './sql.ts';
import { tokenRepository } from './tokens.ts';
import { refusingWhenAway, whileAvailable } from './unavailable.ts';

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
  connection: TransactionalConnection,
  clock: Clock = databaseClock,
  { onConflict = () => {}, onAway = () => {}, onAnswer = () => {} }: StoreEvents = {},
): Store => {
  const beginWith: Store['beginWith'] = (first, work) =>
    whileAvailable(
      anewAfterConflict(
        () =>
          notAwaiting(({ along, areSent }) =>
            connection.transaction(async (tx) => {
              const { send, ...outbox } = newOutbox();
              const repositoriesOfTx = repositories(tx);
              // In a function of its own: what it throws at once must not leave the clock behind, unheard.
              const begun = async () => first(repositoriesOfTx);
              const [now, found] = await Promise.all([clock(tx), begun()]);
              const result = await work({ ...repositoriesOfTx, ...outbox, along }, now, found);
              along(send(tx));
              await areSent();
              return result;
            }),
          ),
        onConflict,
      ),
      onAway,
      onAnswer,
    );
  return {
    read: repositories(refusingWhenAway(connection, onAway, onAnswer)),
    transaction: (work) => beginWith(async () => {}, work),
    beginWith,
  };
};

interface Unawaited {
  along(statement: Promise<unknown>): void;
  /** What can't be sent, or not even written, fails without an answer: before COMMIT, which would keep the rest. */
  areSent(): Promise<void>;
}

/**
 * A transaction that does not wait for some of its statements: COMMIT goes behind them, and fails with them; others wait
 * for its locks so much less. What fails all the same was asked too late to be part of it, and is a fault of ours.
 */
async function notAwaiting<Result>(transaction: (tx: Unawaited) => Promise<Result>): Promise<Result> {
  const statements: Promise<unknown>[] = [];
  const failures: unknown[] = [];
  const result = await transaction({
    along(statement) {
      statements.push(statement);
      statement.catch((failure) => failures.push(failure));
    },
    async areSent() {
      await new Promise<void>((resolve) => process.nextTick(resolve));
      if (failures.length > 0) throw failures[0];
    },
  });
  await Promise.all(statements);
  return result;
}

const MOST_ATTEMPTS = 5;

/**
 * Of transactions that wait for each other PostgreSQL ends one, and rolls it back: its work is done anew, whole,
 * with another reading of the clock. Everybody locks in one order, so this is for what nobody thought of.
 * @throws Refusal UNAVAILABLE when it meets another again and again
 */
async function anewAfterConflict<Result>(
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
const isConflict = (error: unknown): boolean =>
  isDriverAdapterError(error) && error.cause.kind === 'TransactionWriteConflict';

const repositories = (connection: Connection): Repositories => ({
  accounts: accountRepository(connection),
  people: peopleRepository(connection),
  accessGroups: accessGroupRepository(connection),
  computers: computerRepository(connection),
  agents: agentRepository(connection),
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
