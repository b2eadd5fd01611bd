import { randomBytes } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { open, readdir, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { DataCare } from '../../services/data-care.ts';
import type { Log } from '../postgresql-session.ts';
import { CLOCK_CHANNEL } from '../runs.ts';
import { readBackup, writeBackup } from './backup.ts';
import { type Exclusively, retire } from './embedded.ts';
import { examine, timeOf } from './examination.ts';
import { copyTo } from './move.ts';
import { markMoved } from './moved.ts';

interface CareOptions {
  readonly folder: string;
  readonly exclusively: Exclusively;
  readonly log: Log;
  /** Everything that anybody has read is something else now. */
  readonly onRestored?: () => void;
}

/**
 * Care of an embedded database. Its work holds up everybody else's, so it waits for nobody: what comes and goes over
 * a network lies in a file beside the database meanwhile.
 */
export function embeddedCare({ folder, exclusively, log, onRestored = () => {} }: CareOptions): DataCare {
  const fileBeside = (purpose: 'backup' | 'restore') =>
    `${folder}.${purpose}-${randomBytes(6).toString('hex')}`;
  return {
    async backup() {
      const file = fileBeside('backup');
      try {
        await exclusively(async (session) => writeBackup(session, file, await timeOf(session)));
        // Open, it is there for whoever reads it, and gone with them.
        return (await open(file)).createReadStream();
      } finally {
        await rm(file, { force: true });
      }
    },

    async restore(backup, onProgress) {
      const file = fileBeside('restore');
      try {
        await pipeline(backup, createWriteStream(file, { mode: 0o600, flags: 'wx' }));
        const restored = await exclusively(async (session) => {
          const copied = await readBackup(session, file, onProgress);
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

/** What the files beside a database that a killed process left are called; they have secrets in them. */
const leftover = /^\.(backup|restore)-[0-9a-f]{12}$/;

/** By whoever has the folder to themselves. */
export async function removeLeftovers(folder: string): Promise<void> {
  const name = basename(folder);
  for (const file of await readdir(dirname(folder)))
    if (file.startsWith(name) && leftover.test(file.slice(name.length)))
      await rm(join(dirname(folder), file), { force: true });
}
