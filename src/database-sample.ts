import type { DatabaseSample } from './http/metrics.ts';
import { backlogAt } from './persistence/backlog.ts';
import type { Database } from './persistence/database.ts';
import { databaseClock } from './persistence/store.ts';

/** What the metrics tell of the database. */
export async function sampleOf({ connection }: Pick<Database, 'connection'>): Promise<DatabaseSample> {
  const before = Date.now();
  const now = await databaseClock(connection);
  const here = (before + Date.now()) / 2;
  return {
    clockSkewSeconds: (here - Date.parse(now)) / 1000,
    ...(await backlogAt(connection, now)),
  };
}
