import { createWriteStream } from 'node:fs';
import { open, rm } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { type ExclusiveAccess, retire } from '../database/embedded/exclusive-access.ts';
import { markMoved } from '../database/embedded/moved.ts';
import { fileBeside } from '../database/embedded/temporary-files.ts';
import type { Log } from '../database/postgresql/postgresql-session.ts';
import { CLOCK_CHANNEL } from '../repositories/activities/runs.ts';
import type { Maintenance } from '../services/maintenance/maintenance.ts';
import { readBackup, writeBackup } from './backup.ts';
import { examine, timeOf } from './examination.ts';
import { copyTo } from './move.ts';

interface MaintenanceOptions {
  readonly folder: string;
  readonly exclusively: ExclusiveAccess;
  readonly log: Log;
  /** Called after a restore, because all data that was read before is outdated. */
  readonly onRestored?: () => void;
}

/**
 * Maintenance of an embedded database. Its work blocks all requests, so it never waits for a network. Data that is sent
 * or received stays in a file beside the database meanwhile.
 */
export function embeddedMaintenance({
  folder,
  exclusively,
  log,
  onRestored = () => {},
}: MaintenanceOptions): Maintenance {
  return {
    async backup() {
      const file = fileBeside(folder, 'backup');
      try {
        await exclusively(async (session) => writeBackup(session, file, await timeOf(session)));
        // The open stream can still be read after the file is removed, and its data is freed when the stream closes.
        return (await open(file)).createReadStream();
      } finally {
        await rm(file, { force: true });
      }
    },

    async restore(backup, onProgress) {
      const file = fileBeside(folder, 'restore');
      try {
        await pipeline(backup, createWriteStream(file, { mode: 0o600, flags: 'wx' }));
        const restored = await exclusively(async (session) => {
          const copied = await readBackup(session, file, onProgress);
          await session.query('select mark_restored()::text');
          await session.query('select pg_notify($1, $2)::text', [CLOCK_CHANNEL, '']);
          return copied;
        });
        onRestored();
        return restored;
      } finally {
        await rm(file, { force: true });
      }
    },

    async move(to, onProgress) {
      return exclusively(async (session) => {
        const at = await timeOf(session);
        const moved = await copyTo(session, { to, log, onProgress });
        await markMoved(folder, to, at);
        await retire(session);
        return moved;
      });
    },

    examine: () => exclusively(examine),
  };
}
