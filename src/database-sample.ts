import type { Database } from './database/database.ts';
import type { DatabaseSample } from './http/observability/metrics.ts';
import { backlogAt } from './repositories/activities/backlog.ts';
import { databaseClock } from './repositories/store.ts';

/** What the metrics tell of the database. */
export async function sampleOf({ prisma }: Pick<Database, 'prisma'>): Promise<DatabaseSample> {
  const before = Date.now();
  const now = await databaseClock(prisma);
  const here = (before + Date.now()) / 2;
  return {
    clockSkewSeconds: (here - Date.parse(now)) / 1000,
    ...(await backlogAt(prisma, now)),
  };
}
