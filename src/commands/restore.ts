import { createReadStream, createWriteStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { readConfig } from '../config.ts';
import { describeBackup } from '../maintenance/backup.ts';
import type { Maintenance } from '../services/maintenance/maintenance.ts';
import { fileArgument, run } from './arguments.ts';
import { embeddedFolderOf, isDatabase, progressLine, withMaintenance } from './maintenance.ts';

// If a server has the database open, the command asks the server, which continues with the restored data.
run(
  {
    usage: 'npm run restore -- <file>',
    does: 'Replaces the embedded database with a backup. Keeps the previous content as another backup.',
    options: {
      '<file>': 'the backup to read',
    },
  },
  async () => {
    const file = fileArgument(process.argv.slice(2));
    const config = readConfig(process.env);
    const folder = embeddedFolderOf(config, 'use pg_restore to restore the database of a PostgreSQL server.');
    const { madeAt } = await describeBackup(file);
    const isThere = isDatabase(folder);
    return withMaintenance(config, async (maintenance) => {
      const backupFile = isThere ? await saveBackup(maintenance, folder) : undefined;
      const before = backupFile ? ` The previous content is in the backup ${backupFile}.` : '';
      const { rows, tables } = await maintenance
        .restore(createReadStream(file), progressLine())
        .catch((error: Error) => {
          throw new Error(`${error.message}${before}`, { cause: error });
        });
      return `${rows} rows in ${tables} tables were restored as of ${madeAt} and compared.${before}`;
    });
  },
);

/** Saves the current data first, in case the operator named the wrong file. */
async function saveBackup(maintenance: Maintenance, folder: string): Promise<string> {
  const backupFile = `${folder}.before-restore-${new Date().toISOString().replace(/\W/g, '')}`;
  await pipeline(
    await maintenance.backup(),
    createWriteStream(backupFile, { mode: 0o600, flags: 'wx', flush: true }),
  );
  return backupFile;
}
