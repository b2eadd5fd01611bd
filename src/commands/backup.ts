import { createWriteStream, existsSync } from 'node:fs';
import { rename, rm, stat } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { readConfig } from '../config.ts';
import { describeBackup } from '../maintenance/backup.ts';
import { fileArgument, run } from './arguments.ts';
import { embeddedFolderOf, isDatabase, withMaintenance } from './maintenance.ts';

// If a server has the database open, the command asks the server for the backup.
run(
  {
    usage: 'npm run backup -- <file>',
    does: 'Writes a backup of the embedded database, even while a server has it open.',
    options: {
      '<file>': 'the file to write; it must not exist',
    },
  },
  async () => {
    const file = fileArgument(process.argv.slice(2));
    const config = readConfig(process.env);
    const folder = embeddedFolderOf(config, 'use pg_dump to back up a PostgreSQL server.');
    if (!isDatabase(folder)) throw new Error(`The folder ${folder} contains no database.`);
    if (existsSync(file)) throw new Error(`${file} already exists. Name another file, or remove it.`);
    // The file is renamed at the end, so it is complete or does not exist.
    const unfinished = `${file}.${process.pid}.unfinished`;
    try {
      await withMaintenance(config, async (maintenance) =>
        pipeline(await maintenance.backup(), createWriteStream(unfinished, { mode: 0o600, flush: true })),
      );
      const { madeAt, rows } = await describeBackup(unfinished);
      await rename(unfinished, file);
      return `${file} contains ${rows} rows as of ${madeAt} (${(await stat(file)).size} bytes).`;
    } finally {
      await rm(unfinished, { force: true });
    }
  },
);
