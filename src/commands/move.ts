import { readConfig } from '../config.ts';
import { urlFault } from '../postgresql-url.ts';
import { run, textOptions, UsageError } from './arguments.ts';
import { embeddedFolderOf, isDatabase, progressLine, withMaintenance } from './maintenance.ts';

// Also while a server has the database open: that is asked then, and ends when all is moved.
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
    // What was found may have a password in it.
    if (!to || !/^postgres(ql)?:\/\//.test(to)) throw new UsageError('--to must be postgresql://…');
    const wrong = urlFault(to);
    if (wrong) throw new UsageError(`--to must ${wrong.must}; found ${wrong.found}.`);
    const config = readConfig(process.env);
    const folder = embeddedFolderOf(
      config,
      'pg_dump and pg_restore move the database of a PostgreSQL server.',
    );
    if (!isDatabase(folder)) throw new Error(`There is no database in ${folder}.`);
    const { rows, tables } = await withMaintenance(config, (care) => care.move(to, progressLine()));
    const secret = config.jwtSecret
      ? 'the JWT_SECRET that you have'
      : `JWT_SECRET=$(cat ${folder}.jwt-secret)`;
    return (
      `${rows} rows in ${tables} tables are moved, each compared with its copy. The embedded database takes no more ` +
      `changes, and a server that had it open has ended. Start servers with DATABASE_URL set to where it is now, and ` +
      `${secret}, so that tokens stay valid.`
    );
  },
);
