import { setTimeout as pause } from 'node:timers/promises';
import type { Database } from './database.ts';
import type { Log } from './postgresql/postgresql-session.ts';
import { mayComeBack } from './unavailable.ts';

const RETRY_AFTER_MS = 1_000;

/**
 * Opens the database as soon as it answers, however long that takes. Errors that waiting can't fix, such as a wrong
 * password or a missing database, are thrown at once.
 */
export async function waitForDatabase(database: Pick<Database, 'open'>, log: Log): Promise<void> {
  let waits = false;
  for (;;) {
    try {
      await database.open();
      if (waits) log('The database answers. The start continues.');
      return;
    } catch (error) {
      if (!mayComeBack(error)) throw error;
      if (!waits)
        log(
          `Waiting for the database. The server is not ready until it answers. ${(error as Error).message}`,
        );
      waits = true;
      await pause(RETRY_AFTER_MS);
    }
  }
}
