import type { PrismaClient } from '../../src/database/generated/client.ts';

/** Current rows of a computer's session and its runs. */
export interface Backup {
  readonly runs: readonly number[];
  readonly rows: Readonly<Record<(typeof TABLES)[number], string>>;
}

const TABLES = ['agent', 'activity', 'run'] as const;

/** Conditions for the rows of computer $1 and of runs $2. */
const OWN = {
  agent: 'computer_id = $1::bigint and $2::bigint[] is not null',
  activity: '$1::bigint is not null and (id = any($2::bigint[]) or parent_id = any($2::bigint[]))',
  run: '$1::bigint is not null and activity_id = any($2::bigint[])',
} as const;

/** Backs up the rows that an agent changes: its session and its runs. No other computer has executions of these runs. */
export async function backUp(
  prisma: PrismaClient,
  computerId: number,
  runs: readonly number[],
): Promise<Backup> {
  const rows = {} as Record<(typeof TABLES)[number], string>;
  for (const table of TABLES) {
    const [found] = await prisma.$queryRawUnsafe<[{ rows: string }]>(
      `select coalesce(json_agg(r), '[]')::text as rows from ${table} r where ${OWN[table]}`,
      computerId,
      runs,
    );
    rows[table] = found.rows;
  }
  return { runs: [...runs], rows };
}

/** Replaces an agent's session and runs with those of the backup, as when an operator restores a database. */
export async function restore(
  prisma: PrismaClient,
  { rows }: Backup,
  computerId: number,
  runs: readonly number[],
): Promise<void> {
  await prisma.$transaction(async (tx) => {
    for (const table of ['run', 'activity', 'agent'] as const)
      await tx.$executeRawUnsafe(`delete from ${table} where ${OWN[table]}`, computerId, runs);
    for (const table of TABLES)
      await tx.$executeRawUnsafe(
        `insert into ${table} select * from json_populate_recordset(null::${table}, $1::json)`,
        rows[table],
      );
    await tx.$queryRawUnsafe('select mark_restored()::text');
  });
}
