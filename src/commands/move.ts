import { readConfig } from '../config.ts';
import { urlFault } from '../postgresql-url.ts';
import { run, textOptions, UsageError } from './arguments.ts';
import { embeddedFolderOf, isDatabase, progressLine, withMaintenance } from './maintenance.ts';

// If a server has the database open, the command asks the server to move it. The server then stops.
run(
  {
    usage: 'npm run move -- --to postgresql://…',
    does: 'Moves the embedded database to a PostgreSQL server.',
    options: {
      '--to <url>': 'postgresql://… of an empty database',
    },
  },
  async () => {
    const { to } = textOptions(['to'], process.argv.slice(2));
    // The invalid value may contain a password, so it is not shown.
    if (!to || !/^postgres(ql)?:\/\//.test(to)) throw new UsageError('--to must be postgresql://…');
    const wrong = urlFault(to);
    if (wrong) throw new UsageError(`--to must ${wrong.must}; found ${wrong.found}.`);
    const config = readConfig(process.env);
    const folder = embeddedFolderOf(
      config,
      'use pg_dump and pg_restore to move the database of a PostgreSQL server.',
    );
    if (!isDatabase(folder)) throw new Error(`The folder ${folder} contains no database.`);
    const { rows, tables } = await withMaintenance(config, (maintenance) =>
      maintenance.move(to, progressLine()),
    );
    const secret = config.jwtSecret ? 'the same JWT_SECRET' : `JWT_SECRET=$(cat ${folder}.jwt-secret)`;
    return (
      `${rows} rows in ${tables} tables were moved and compared with their copies. The embedded database no longer accepts ` +
      `changes, and a server that had it open has ended. Start servers with DATABASE_URL set to the new database, and ` +
      `${secret}, so that tokens stay valid.`
    );
  },
);
