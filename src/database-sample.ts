import type { Database } from './database/database.ts';
import type { DatabaseSample } from './http/observability/metrics.ts';
import { backlogAt } from './repositories/activities/backlog.ts';
import { databaseClock } from './repositories/store.ts';

/** The database's values in the metrics. */
export async function sampleOf({ prisma }: Pick<Database, 'prisma'>): Promise<DatabaseSample> {
  const before = Date.now();
  const now = await databaseClock(prisma);
  const localTime = (before + Date.now()) / 2;
  return {
    clockSkewSeconds: (localTime - Date.parse(now)) / 1000,
    ...(await backlogAt(prisma, now)),
  };
}
