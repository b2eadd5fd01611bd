import { readConfig } from '../config.ts';
import { onServer } from '../database/session.ts';
import { distribute, type Undistributed, undistributed } from '../maintenance/distribute.ts';
import { obstaclesToDistribution } from '../maintenance/distribution-checks.ts';
import { run, textOptions, UsageError } from './arguments.ts';
import { progressLine } from './maintenance.ts';

// Distributes a PostgreSQL database over the workers of Citus, by account.
run(
  {
    usage: 'npm run distribute -- --engine citus [--backup <where>]',
    does: 'Distributes the database over the workers of Citus, all or nothing. Without --backup, it only checks and shows what would move.',
    options: {
      '--engine': 'the engine: citus',
      '--backup': 'where the backup is that you made; required for changes',
    },
  },
  async () => {
    const { engine, backup } = textOptions(['engine', 'backup'], process.argv.slice(2));
    if (engine !== 'citus')
      throw new UsageError(`--engine must be citus; found ${JSON.stringify(engine ?? null)}.`);
    const config = readConfig(process.env);
    if (config.databaseFolder !== undefined || config.databaseUrl === 'pglite:memory')
      throw new Error('DATABASE_URL must name a database on the coordinator: postgresql://….');
    const server = { url: config.databaseDirectUrl ?? config.databaseUrl, log: console.error };
    const tables = await onServer(server, async (session) => {
      const obstacles = await obstaclesToDistribution(session);
      if (obstacles.length > 0) throw new Error([...obstacles, 'Nothing was changed.'].join('\n'));
      const tables = await undistributed(session);
      if (tables.length > 0 && backup) {
        console.error(`Distributing. If this fails, nothing has changed. The backup is ${backup}.`);
        await distribute(session, tables, progressLine());
      }
      return tables;
    });
    if (tables.length === 0) return 'All tables are distributed. Nothing to do.';
    if (!backup)
      return `${described(tables)}\nNothing was changed. Make a backup, then run this again with --backup <where it is>.`;
    // Otherwise the planner would use the statistics of empty tables.
    await onServer(server, (session) => session.exec('analyze'));
    return `${described(tables)}\nThe tables are distributed. Start the servers, and run npm run doctor.`;
  },
);

function described(tables: readonly Undistributed[]): string {
  const listed = (which: readonly Undistributed[]) =>
    which.map(({ table, rows }) => `${table} (${rows} rows)`).join(', ') || 'none';
  return (
    `By account: ${listed(tables.filter(({ isByAccount }) => isByAccount))}\n` +
    `On every machine: ${listed(tables.filter(({ isByAccount }) => !isByAccount))}`
  );
}
