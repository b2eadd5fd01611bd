import { createHash, type Hash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { pipeline as connect } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip, createGzip } from 'node:zlib';
import { type EmbeddedSession, migrateTo } from '../database/embedded/exclusive-access.ts';
import { type Migration, readMigrations } from '../database/migrations/migrations-folder.ts';
import type { Session } from '../database/session.ts';
import type { Copied, OnProgress } from '../services/maintenance/maintenance.ts';
import { migrationsOf } from './examination.ts';
import {
  countedTablesOf,
  insertLines,
  linesOf,
  sequencesOf,
  setSequences,
  type Table,
  tablesOf,
  withoutForeignKeys,
} from './tables.ts';

/**
 * A backup is gzipped lines of JSON. The first line describes the backup. Then each table has its rows and a line with
 * their checksum. If the last line is missing, the backup was cut off. A backup holds rows and not PostgreSQL's files,
 * so later releases can read it, whichever version of PostgreSQL they contain.
 */
const KIND = 'script profiles: backup 1';

interface Head {
  readonly kind: typeof KIND;
  readonly madeAt: string;
  readonly migrations: readonly Pick<Migration, 'name' | 'checksum'>[];
  readonly sequences: Readonly<Record<string, number>>;
  readonly tables: readonly (Table & { readonly rows: number })[];
}
interface TableEnd {
  readonly table: string;
  readonly rows: number;
  readonly sha256: string;
}
const LAST = { kind: 'the end' };

/**
 * Writes the whole database to a file, in its current state. Only the owner can read the file, because it contains
 * secrets.
 */
export async function writeBackup(session: Session, file: string, madeAt: string): Promise<Copied> {
  const tables = await countedTablesOf(session);
  const migrations = (await migrationsOf(session)).map(({ name, checksum }) => ({ name, checksum }));
  const head: Head = { kind: KIND, madeAt, migrations, sequences: await sequencesOf(session), tables };
  await pipeline(
    text(session, head),
    createGzip({ level: 4 }),
    createWriteStream(file, { mode: 0o600, flags: 'wx', flush: true }),
  );
  return { tables: tables.length, rows: sum(tables) };
}

async function* text(session: Session, head: Head): AsyncGenerator<string> {
  const inLine = (value: unknown) => `${JSON.stringify(value)}\n`;
  yield inLine(head);
  for (const table of head.tables) {
    const digest = createHash('sha256');
    let rows = 0;
    for await (const lines of linesOf(session, table)) {
      rows += lines.length;
      const chunk = `${lines.join('\n')}\n`;
      digest.update(chunk);
      yield chunk;
    }
    yield inLine({ table: table.name, rows, sha256: digest.digest('hex') } satisfies TableEnd);
  }
  yield inLine(LAST);
}

/**
 * Replaces the database by the backup, in the session's current transaction. Creates the tables as they were at the
 * time of the backup, inserts the rows and compares them by checksum. Then applies all later migrations.
 */
export async function readBackup(
  session: EmbeddedSession,
  file: string,
  onProgress: OnProgress = () => {},
): Promise<Copied> {
  const lines = linesIn(file);
  try {
    const head = headOf((await lines.next()).value);
    const all = await readMigrations();
    assertKnown(head, all);
    await session.exec('drop schema public cascade; create schema public');
    const inBackup = new Set(head.migrations.map(({ name }) => name));
    await migrateTo(
      session,
      all.filter(({ name }) => inBackup.has(name)),
    );
    assertSameTables(head.tables, await tablesOf(session));
    const { tables } = head;
    const total = sum(tables);
    const ends = await withoutForeignKeys(session, () => fill(session, tables, lines, { total, onProgress }));
    await compare(session, tables, ends, { total, onProgress });
    await setSequences(session, head.sequences);
    await migrateTo(session, all);
    return { tables: tables.length, rows: total };
  } finally {
    await lines.return(undefined);
  }
}

interface Reporting {
  readonly total: number;
  readonly onProgress: OnProgress;
}

const AT_A_TIME = 1_000_000;

async function fill(
  session: Session,
  tables: readonly Table[],
  lines: AsyncGenerator<string>,
  { total, onProgress }: Reporting,
): Promise<TableEnd[]> {
  const ends: TableEnd[] = [];
  let done = 0;
  for (const table of tables) {
    const digest = createHash('sha256');
    let waiting: string[] = [];
    let size = 0;
    const insert = async () => {
      await insertLines(session, table, waiting);
      done += waiting.length;
      onProgress({ step: 'copied', table: table.name, done, total });
      [waiting, size] = [[], 0];
    };
    for (;;) {
      const { value: line, done: isOver } = await lines.next();
      if (isOver) throw cutOff();
      const end = endOf(line, table);
      if (end) {
        await insert();
        ends.push(assertWhole(end, digest));
        break;
      }
      digest.update(`${line}\n`);
      waiting.push(line);
      size += line.length;
      if (size > AT_A_TIME) await insert();
    }
  }
  const { value: last } = await lines.next();
  if (last !== JSON.stringify(LAST)) throw cutOff();
  return ends;
}

/** Reads the inserted rows back and compares them by checksum. */
async function compare(
  session: Session,
  tables: readonly Table[],
  ends: readonly TableEnd[],
  { total, onProgress }: Reporting,
): Promise<void> {
  let done = 0;
  for (const [i, table] of tables.entries()) {
    const digest = createHash('sha256');
    for await (const lines of linesOf(session, table)) {
      digest.update(`${lines.join('\n')}\n`);
      done += lines.length;
      onProgress({ step: 'compared', table: table.name, done, total });
    }
    if (digest.digest('hex') !== ends[i]!.sha256)
      throw new Error(`The restored table ${table.name} differs from the backup.`);
  }
}

async function* linesIn(file: string): AsyncGenerator<string, undefined> {
  // Errors of the streams are thrown by the loop below.
  const unpacked = connect(createReadStream(file), createGunzip(), () => {});
  let rest = '';
  let begun = false;
  try {
    for await (const chunk of unpacked.setEncoding('utf8')) {
      const parts = (rest + chunk).split('\n');
      rest = parts.pop()!;
      begun = true;
      yield* parts;
    }
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'Z_BUF_ERROR') throw cutOff();
    if (!code?.startsWith('Z_')) throw error;
    throw begun ? new Error('The backup is damaged: it cannot be unpacked completely.') : noBackup();
  }
  return undefined;
}

function headOf(line: string | undefined): Head {
  try {
    const head: Head = JSON.parse(line ?? '');
    if (head.kind === KIND) return head;
  } catch {
    // An unreadable head is reported below.
  }
  throw noBackup();
}

function tableEnd(line: string, name: string): TableEnd {
  try {
    return JSON.parse(line);
  } catch {
    throw new Error(`The backup is damaged: the end of its table ${name} is not readable.`);
  }
}

function endOf(line: string, { name }: Table): TableEnd | undefined {
  // A row starts with its first column, and no table has a column named "table".
  if (!line.startsWith('{"table":')) return undefined;
  const end = tableEnd(line, name);
  if (end.table !== name)
    throw new Error(`The backup contains the table ${end.table} where ${name} was expected.`);
  return end;
}

function assertWhole(end: TableEnd, digest: Hash): TableEnd {
  if (digest.digest('hex') !== end.sha256)
    throw new Error(`The backup is damaged: its rows of ${end.table} do not match their checksum.`);
  return end;
}

function assertKnown({ migrations, madeAt }: Head, known: readonly Migration[]): void {
  const strange = migrations.find(
    ({ name, checksum }) => known.find((migration) => migration.name === name)?.checksum !== checksum,
  );
  if (strange)
    throw new Error(
      `The backup of ${madeAt} has the migration ${strange.name}, which this release does not know. Restore ` +
        'it with the release that wrote it, or a later one.',
    );
}

function assertSameTables(inBackup: readonly Table[], inDatabase: readonly Table[]): void {
  const shape = (tables: readonly Table[]) =>
    tables
      .map(({ name, columns }) => `${name}(${[...columns].sort()})`)
      .sort()
      .join(' ');
  if (shape(inBackup) !== shape(inDatabase))
    throw new Error('The tables in the backup differ from the tables that its migrations create.');
}

/** The details of a backup file that a command shows before it sends the file. */
export async function describeBackup(file: string): Promise<{ madeAt: string; rows: number }> {
  const lines = linesIn(file);
  try {
    const { madeAt, tables } = headOf((await lines.next()).value);
    return { madeAt, rows: sum(tables) };
  } finally {
    await lines.return(undefined);
  }
}

const sum = (tables: readonly { readonly rows: number }[]) => tables.reduce((all, { rows }) => all + rows, 0);
const cutOff = () => new Error('The backup is incomplete: its end is missing.');
const noBackup = () => new Error('The file is not a backup of this gateway.');
