import pg from 'pg';
import type { Database } from '../../src/database/database.ts';
import { PrismaClient } from '../../src/database/generated/client.ts';
import { listenOn } from '../../src/database/listener.ts';
import { postgresqlAdapter } from '../../src/database/postgresql/postgresql-adapter.ts';
import { openPool } from '../../src/database/postgresql/postgresql-session.ts';
import { onServer } from './server.ts';

/** A statement that ran, and the partitions that it visited. */
export interface Visit {
  readonly statement: string;
  readonly partitions: readonly number[];
}

export interface WatchedDatabase extends Database {
  /** Returns the statements that ran during the work. */
  during(work: () => Promise<unknown>): Promise<Visit[]>;
}

interface PlanNode {
  readonly 'Relation Name'?: string;
  readonly 'Actual Loops'?: number;
  readonly 'Target Tables'?: readonly { readonly 'Relation Name': string }[];
  readonly Plans?: readonly PlanNode[];
}

/** Opens a database whose server reports the plan of each statement, including those of foreign keys and functions. */
export async function watchPartitions(url: string): Promise<WatchedDatabase> {
  const name = new URL(url).pathname.slice(1);
  const settings = {
    session_preload_libraries: 'auto_explain',
    'auto_explain.log_min_duration': '0',
    'auto_explain.log_analyze': 'on',
    'auto_explain.log_timing': 'off',
    'auto_explain.log_format': 'json',
    'auto_explain.log_level': 'notice',
    'auto_explain.log_nested_statements': 'on',
  };
  await onServer(url, async (client) => {
    for (const [setting, value] of Object.entries(settings))
      await client.query(`ALTER DATABASE "${name}" SET ${setting} TO '${value}'`);
  });
  const visits: Visit[] = [];
  const pool = openPool(url, () => {});
  pool.on('connect', (client) => {
    client.on('notice', ({ message = '' }) => {
      const plan = /^duration: .*?plan:\n(.*)$/s.exec(message)?.[1];
      if (plan) visits.push(visitOf(JSON.parse(plan)));
    });
  });
  return watchedDatabase(url, pool, () => visits.splice(0));
}

/** @param takeVisits returns and forgets what ran so far */
export function watchedDatabase(url: string, pool: pg.Pool, takeVisits: () => Visit[]): WatchedDatabase {
  const prisma = new PrismaClient({ adapter: postgresqlAdapter(pool) });
  return {
    prisma,
    kind: 'postgresql',
    open: async () => {},
    observe: () => {},
    listen: (channel, onNotification) => listenOn(url, channel, onNotification, () => {}),
    async during(work) {
      takeVisits();
      await work();
      return takeVisits();
    },
    async close() {
      await prisma.$disconnect();
      await pool.end();
    },
  };
}

function visitOf({ 'Query Text': statement, Plan }: { 'Query Text': string; Plan: PlanNode }): Visit {
  return { statement, partitions: [...new Set(partitionsOf(Plan))].sort() };
}

/** Only visited partitions count, because a plan for a parameter also lists partitions that are never opened. */
function partitionsOf(node: PlanNode): number[] {
  const tables = [node, ...(node['Target Tables'] ?? [])].map((each) => each['Relation Name'] ?? '');
  const here = tables.flatMap((table) => /_p(\d+)$/.exec(table)?.[1] ?? []).map(Number);
  return [...(node['Actual Loops'] === 0 ? [] : here), ...(node.Plans ?? []).flatMap(partitionsOf)];
}

/** The partition with an account's rows. */
export async function partitionOf(url: string, accountId: number): Promise<number> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const { rows } = await client.query(
      'SELECT tableoid::regclass::text AS name FROM script_profile_limits WHERE account_id = $1',
      [accountId],
    );
    return Number(/_p(\d+)$/.exec(rows[0].name)![1]);
  } finally {
    await client.end();
  }
}
