import { openServer } from '../database/postgresql/postgresql-server.ts';
import type { Log } from '../database/postgresql/postgresql-session.ts';
import { onServer, quoted, type Session } from '../database/session.ts';
import type { Copied, CopyProgress, OnProgress } from '../services/maintenance/maintenance.ts';
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

interface MoveOptions {
  readonly to: string;
  readonly log: Log;
  readonly onProgress: OnProgress;
}

/**
 * Copies all rows that this session sees to an empty database of a PostgreSQL server, in one transaction. Before it
 * commits, it compares source and copy row by row.
 */
export async function copyTo(source: Session, { to, log, onProgress }: MoveOptions): Promise<Copied> {
  await openServer(to, log);
  const copied = await onServer({ url: to, log }, async (target) => {
    const tables = await countedTablesOf(source);
    await assertEmpty(target, await tablesOf(target));
    const total = tables.reduce((sum, { rows }) => sum + rows, 0);
    const reportOn = counter(total, onProgress);
    const onCopied = reportOn('copied');
    await withoutForeignKeys(target, async () => {
      for (const table of tables)
        for await (const lines of linesOf(source, table)) {
          await insertLines(target, table, lines);
          onCopied(table, lines.length);
        }
    });
    await setSequences(target, await sequencesOf(source));
    const onCompared = reportOn('compared');
    for (const table of tables) await compare(source, target, table, onCompared);
    return { tables: tables.length, rows: total };
  });
  // Otherwise the planner would use the statistics of empty tables.
  await onServer({ url: to, log }, (target) => target.exec('analyze'));
  return copied;
}

/** Lock first. If two moves have the same target, the second one finds rows. */
async function assertEmpty(target: Session, tables: readonly Table[]): Promise<void> {
  await target.exec(`lock table ${tables.map(({ name }) => quoted(name)).join(', ')} in exclusive mode`);
  for (const { name } of tables) {
    const { rows } = await target.query<{ some: boolean }>(
      `select exists(select from ${quoted(name)}) as some`,
    );
    if (rows[0]!.some)
      throw new Error(`The target database is not empty: the table ${name} has rows. Nothing was changed.`);
  }
}

async function compare(
  source: Session,
  target: Session,
  table: Table,
  onRow: (table: Table, rows: number) => void,
): Promise<void> {
  const copies = rowsOf(linesOf(target, table));
  for await (const lines of linesOf(source, table)) {
    for (const line of lines) {
      const { value: copy } = await copies.next();
      if (copy !== line) throw different(table, line, copy);
    }
    onRow(table, lines.length);
  }
  const { value: more } = await copies.next();
  if (more !== undefined) throw different(table, undefined, more);
}

async function* rowsOf(batches: AsyncGenerator<string[]>): AsyncGenerator<string, undefined> {
  for await (const lines of batches) yield* lines;
  return undefined;
}

const SHOWN = 200;

/** Shows only the id and the first column, which identify a row, because other columns may contain secrets. */
function different({ name, columns }: Table, line: string | undefined, copy: string | undefined): Error {
  const [first] = columns;
  const shown = (row: string | undefined) => {
    if (row === undefined) return 'nothing';
    const { id, [first!]: leading } = JSON.parse(row) as Record<string, unknown>;
    return `the row ${JSON.stringify({ [first!]: leading, id })}`.slice(0, SHOWN);
  };
  return new Error(
    `The copy of the table ${name} differs: ${shown(line)} became ${shown(copy)}. Nothing was changed.`,
  );
}

const counter = (total: number, onProgress: OnProgress) => (step: CopyProgress['step']) => {
  let done = 0;
  return ({ name }: Table, rows: number) => {
    done += rows;
    onProgress({ step, table: name, done, total });
  };
};
