import type { SqlDriverAdapter, SqlDriverAdapterFactory } from '@prisma/driver-adapter-utils';
import { CannotOpen } from '../cannot-open.ts';
import { distributeCreated, isDistributed, prepareDistributed } from '../citus/distributed-migration.ts';
import { asMigrationList, type Migration, readMigrations } from './migrations-folder.ts';
import { rowsOf } from './rows-of.ts';
import { noFilter, openSchemaEngine } from './schema-engine.ts';
import { statementsOf } from './statements.ts';

export interface MigrateOptions {
  /**
   * Whether other processes may migrate the same database now. The factory must then give one session that stays open,
   * because the session holds the lock.
   */
  readonly shared?: boolean;
  readonly log?: (message: string) => void;
  /** Defaults to the migrations of this release. Tests pass their own. */
  readonly migrations?: readonly Migration[];
}

/**
 * Applies the missing migrations of this release and returns their names. If one fails or the process is killed, none
 * is applied.
 *
 * One query recognizes an up-to-date database, so only the first start of a release loads the engine. Any
 * other state is read again under the lock, because an unfinished row may belong to another replica's running
 * migration.
 */
export async function migrate(
  factory: SqlDriverAdapterFactory,
  options: MigrateOptions = {},
): Promise<string[]> {
  const { shared = false, log = () => {} } = options;
  const migrations = options.migrations ?? (await readMigrations());
  const connection = await factory.connect();
  try {
    if (isUpToDate(migrations, await readHistory(connection))) return [];
    const applied = await inTransaction(connection, async () => {
      if (shared) await takeLock(connection, log);
      await assertSchema(connection);
      const history = await readHistory(connection);
      if (history.length === 0) await assertNobodysElse(connection);
      assertApplicable(migrations, history);
      const names = await migrateWithin(connection, migrations, await isDistributed(connection));
      await connection.executeScript(UNLOCK);
      return names;
    });
    for (const name of applied) log(`Applied the migration ${name}.`);
    if (applied.some((name) => name.endsWith('_email_key'))) await reportCollisions(connection, log);
    return applied;
  } finally {
    await connection.dispose();
  }
}

/** Logs persons whose addresses differed within their account before, and are now equal because case is ignored. */
async function reportCollisions(connection: SqlDriverAdapter, log: (message: string) => void): Promise<void> {
  const [exists] = await rowsOf(connection, `SELECT to_regclass('person') IS NOT NULL`);
  if (!exists?.[0]) return;
  const collisions = await rowsOf(
    connection,
    `SELECT account.name, person.id::text, person.email FROM person JOIN account ON account.id = account_id
     WHERE email_key <> folded_email(email) ORDER BY account_id, person.id`,
  );
  for (const [account, id, email] of collisions)
    log(
      `The account ${account} has several people with the address ${email} in different cases. ` +
        `Person ${id} is found only by exactly this spelling, another person by any spelling.`,
    );
}

interface HistoryEntry {
  readonly name: string;
  readonly checksum: string;
  readonly state: 'applied' | 'unfinished';
}

/** Reads the engine's own table. An entry that `prisma migrate resolve` marked as rolled back is ignored. */
async function readHistory(connection: SqlDriverAdapter): Promise<HistoryEntry[]> {
  const [exists] = await rowsOf(connection, `SELECT to_regclass('_prisma_migrations') IS NOT NULL`);
  if (!exists?.[0]) return [];
  const rows = await rowsOf(
    connection,
    `SELECT migration_name, checksum, finished_at IS NOT NULL FROM _prisma_migrations
     WHERE rolled_back_at IS NULL ORDER BY migration_name`,
  );
  return rows.map(([name, checksum, finished]) => ({
    name: String(name),
    checksum: String(checksum),
    state: finished ? 'applied' : 'unfinished',
  }));
}

/** Creates the session's schema if it is missing. @throws CannotOpen if the user may not create it, or tables in it */
async function assertSchema(connection: SqlDriverAdapter): Promise<void> {
  const [found] = await rowsOf(
    connection,
    `SELECT current_schema() IS NULL, current_setting('search_path'), current_user::text, current_database()::text,
       CASE WHEN current_schema() IS NULL THEN has_database_privilege(current_database(), 'CREATE')
         ELSE has_schema_privilege(current_schema(), 'CREATE') END`,
  );
  const [isMissing, schema, user, database, mayCreate] = found!;
  if (!mayCreate)
    throw new CannotOpen(
      isMissing
        ? `The user ${user} may not create the schema ${schema} in the database ${database}`
        : `The user ${user} may not create tables in the schema ${schema} of the database ${database}`,
      `as the server's administrator: ${
        isMissing
          ? `ALTER DATABASE "${database}" OWNER TO "${user}"`
          : `GRANT USAGE, CREATE ON SCHEMA ${schema} TO "${user}"`
      }`,
    );
  if (isMissing) await connection.executeScript(`CREATE SCHEMA IF NOT EXISTS ${schema}`);
}

/** The engine rejects such a database too, but its advice is not meant for operators. */
async function assertNobodysElse(connection: SqlDriverAdapter): Promise<void> {
  const tables = await rowsOf(
    connection,
    `SELECT relname::text FROM pg_class WHERE relnamespace = current_schema()::regnamespace
       AND relkind IN ('r', 'p') AND relname <> '_prisma_migrations' ORDER BY relname`,
  );
  if (tables.length === 0) return;
  throw new Error(
    `The database contains tables of other software (${tables.slice(0, 3).join(', ')}${tables.length > 3 ? ' …' : ''}), ` +
      'and none of the gateway. Name an empty database.',
  );
}

function isUpToDate(migrations: readonly Migration[], history: readonly HistoryEntry[]): boolean {
  return (
    migrations.length === history.length &&
    history.every((entry, i) => {
      const migration = migrations[i];
      return (
        entry.state === 'applied' && entry.name === migration?.name && entry.checksum === migration.checksum
      );
    })
  );
}

/**
 * Rejects histories for which the engine's error is less clear. A newer database would even pass the engine unnoticed.
 */
function assertApplicable(migrations: readonly Migration[], history: readonly HistoryEntry[]): void {
  const known = new Map(migrations.map((migration) => [migration.name, migration]));
  const names = (entries: readonly HistoryEntry[]) => entries.map((entry) => entry.name).join(', ');

  const unfinished = history.filter((entry) => entry.state === 'unfinished');
  if (unfinished.length > 0) {
    throw new Error(
      `The database has a migration that failed or was interrupted: ${names(unfinished)}. ` +
        'Restore a backup, or repair it manually and run "prisma migrate resolve".',
    );
  }
  const unknown = history.filter((entry) => !known.has(entry.name));
  if (unknown.length > 0) {
    throw new Error(
      `The database is newer than this release: it has the migrations ${names(unknown)}, ` +
        'which this release does not know. Start the newer release, or restore a backup from before it.',
    );
  }
  const edited = history.filter((entry) => known.get(entry.name)?.checksum !== entry.checksum);
  if (edited.length > 0) {
    throw new Error(
      `These migrations were changed after they were applied to the database: ${names(edited)}. ` +
        'An applied migration must never change. Undo the change, and create a new migration.',
    );
  }
}

/**
 * Wraps all migrations in one transaction, because the engine opens none. A process killed between a script and the row
 * that records it would leave a database on which no later start succeeds.
 */
async function inTransaction<Result>(
  connection: SqlDriverAdapter,
  work: () => Promise<Result>,
): Promise<Result> {
  await connection.executeScript('BEGIN');
  try {
    const result = await work();
    await connection.executeScript('COMMIT');
    return result;
  } catch (error) {
    // A lost connection has already rolled back.
    await connection.executeScript(`ROLLBACK; ${UNLOCK}`).catch(() => {});
    throw error;
  }
}

/**
 * Applies the missing migrations in the connection's current transaction and returns their names. Sends statements one
 * by one, because Citus hands the text of a message on to the workers, which accept one statement at a time.
 */
export async function migrateWithin(
  connection: SqlDriverAdapter,
  migrations: readonly Migration[],
  distributed = false,
): Promise<string[]> {
  let failure: string | undefined;
  if (distributed) await prepareDistributed(connection);
  const executeScript = async (script: string) => {
    try {
      for (const statement of statementsOf(script)) {
        await connection.executeScript(statement);
        if (distributed) await distributeCreated(connection, statement);
      }
    } catch (error) {
      const name = migrations.find((migration) => migration.sql === script)?.name;
      // Keep the error here, because the engine's own report fails in the aborted transaction and hides the reason.
      failure = `${name}: ${error instanceof Error ? error.message : error}`;
      throw error;
    }
  };
  const engine = await openSchemaEngine(
    Object.create(connection, { executeScript: { value: executeScript } }),
  );
  try {
    const migrationsList = asMigrationList(migrations);
    return (await engine.applyMigrations({ migrationsList, filters: noFilter })).appliedMigrationNames;
  } catch (error) {
    if (!failure) throw error;
    throw new Error(`A migration failed, and the database was not changed. ${failure}`, { cause: error });
  } finally {
    engine.free();
  }
}

/**
 * The key of the lock that Prisma's engine takes, so that we and an operator's `prisma migrate deploy` wait for each
 * other. The engine gives up after ten seconds. Within our transaction it gets the lock at once, because we hold it.
 */
const lockKey = 72707369;

/**
 * Releases the engine's own lock, which would outlive the transaction. Behind a pooler another client gets the session
 * next.
 */
const UNLOCK = 'SELECT pg_advisory_unlock_all()';

async function takeLock(connection: SqlDriverAdapter, log: (message: string) => void): Promise<void> {
  const [taken] = await rowsOf(connection, `SELECT pg_try_advisory_xact_lock(${lockKey})`);
  if (taken?.[0]) return;
  log('Another process is migrating the database. Waiting for it.');
  await rowsOf(connection, `SELECT pg_advisory_xact_lock(${lockKey})::text`);
}
