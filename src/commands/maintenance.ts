import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Config } from '../config.ts';
import { type Database, openDatabase } from '../database/database.ts';
import { FolderInUse } from '../database/embedded/folder-lock.ts';
import { maintenanceAt } from '../http/operator-maintenance.ts';
import { embeddedMaintenance } from '../maintenance/maintenance.ts';
import { jwtSecrets } from '../secret-file.ts';
import type { Maintenance, OnProgress } from '../services/maintenance/maintenance.ts';

/** Returns the folder of the configured embedded database. */
export function embeddedFolderOf({ databaseFolder }: Config, otherwise: string): string {
  if (databaseFolder === undefined)
    throw new Error(`DATABASE_URL does not name an embedded database (pglite:<folder>): ${otherwise}`);
  return resolve(databaseFolder);
}

export const isDatabase = (folder: string): boolean => existsSync(join(folder, 'PG_VERSION'));

/** Runs maintenance of an embedded database here, or in the server that has the database open. */
export async function withMaintenance<Result>(
  config: Config,
  work: (maintenance: Maintenance) => Promise<Result>,
): Promise<Result> {
  let database: Database;
  try {
    database = await openDatabase({ url: config.databaseUrl });
  } catch (error) {
    if (!(error instanceof FolderInUse) || !error.url) throw error;
    const [secret] = await jwtSecrets(config);
    return work(maintenanceAt(error.url, secret));
  }
  try {
    const { folder, exclusively } = database;
    return await work(
      embeddedMaintenance({
        folder: folder!,
        exclusively: exclusively!,
        log: console.error,
      }),
    );
  } finally {
    await database.close();
  }
}

const REFRESH_INTERVAL_MS = 100;

/** Prints progress. On a terminal it rewrites one line, and elsewhere it prints a line for each tenth. */
export function progressLine(): OnProgress {
  const terminal = process.stderr.isTTY === true;
  let tenth = '';
  let written = 0;
  return ({ step, done, total, table }) => {
    const isLast = done === total;
    const text = `${step} ${done} of ${total} rows${isLast ? '' : ` (${table})`}`;
    const reached = `${step} ${Math.floor((done / total) * 10)}`;
    if (terminal) {
      if (!isLast && Date.now() - written < REFRESH_INTERVAL_MS) return;
      written = Date.now();
      process.stderr.write(`\r\x1b[K${text}${isLast ? '\n' : ''}`);
    } else if (reached !== tenth) {
      tenth = reached;
      console.error(text);
    }
  };
}
