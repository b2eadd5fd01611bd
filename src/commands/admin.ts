import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import { readConfig } from '../config.ts';
import { type Database, type DatabaseOptions, openDatabase } from '../database/database.ts';
import { FolderInUse } from '../database/embedded/folder-lock.ts';
import { MIN_PASSWORD_LENGTH } from '../domain/accounts/password.ts';
import { isEmail } from '../domain/accounts/person.ts';
import { isName, NO_HIDDEN, withoutMark } from '../domain/text.ts';
import { saveAdministratorAt } from '../http/operator.ts';
import { type Administrator, makeAdministrator } from '../repositories/accounts/administrators.ts';
import { jwtSecrets } from '../secret-file.ts';
import { hashPassword } from '../services/accounts/password.ts';
import { notEmail, run, textOptions, UsageError } from './arguments.ts';

// Creates an account and its first administrator, or resets the password of an existing person.
run(
  {
    usage: 'npm run admin -- --email <email> --name <name> [--account <name>] < password',
    does: 'Creates an account and its first administrator, or resets a password. Reads the password from standard input.',
    options: {
      '--email <email>': 'the administrator’s e-mail address, used to log in',
      '--name <name>': 'the administrator’s name',
      '--account <name>': 'the account; defaults to standalone',
    },
  },
  async () => {
    const { account = 'standalone', ...given } = textOptions(
      ['email', 'name', 'account'],
      process.argv.slice(2),
    );
    const [email = '', name = ''] = [given.email?.trim(), given.name?.trim()];
    if (!isEmail(email)) throw notEmail(given.email);
    if (name === '') throw new UsageError('--name is missing.');
    if (!isName(name))
      throw new UsageError(
        `--name must be 1 to 255 characters, ${NO_HIDDEN}; found ${JSON.stringify(name)}.`,
      );
    if (!/^[a-z0-9][a-z0-9-]{0,62}$/.test(account)) {
      throw new UsageError(
        '--account must be 1 to 63 lower-case letters, digits and hyphens, not starting with a hyphen.',
      );
    }
    const { databaseUrl, databaseDirectUrl } = readConfig({
      ...process.env,
      // This command signs no token if it opens the database itself, so any value is accepted.
      JWT_SECRET: 'x'.repeat(32),
      JWT_SECRET_FILE: '',
    });
    if (databaseUrl === 'pglite:memory') {
      throw new Error(
        'DATABASE_URL is pglite:memory, so the administrator would be lost when this command ends.',
      );
    }
    const passwordHash = await hashPassword(await readPassword());
    const person = { account, email, name, passwordHash };
    const accountMade = await save(person, { url: databaseUrl, directUrl: databaseDirectUrl });
    return `${email} can log in to the account ${account}${accountMade ? ', which was created' : ''}.`;
  },
);

/** Stores the administrator in the database, or through the server that has the database open. */
async function save(person: Administrator, options: DatabaseOptions): Promise<boolean> {
  let database: Database;
  try {
    database = await openDatabase(options);
  } catch (error) {
    if (!(error instanceof FolderInUse) || !error.url) throw error;
    const [secret] = await jwtSecrets(readConfig(process.env));
    return saveAdministratorAt(error.url, secret, person);
  }
  try {
    return await makeAdministrator(database.prisma, person);
  } finally {
    await database.close();
  }
}

/** Reads the password from standard input, because arguments appear in the list of processes. */
async function readPassword(): Promise<string> {
  const terminal = process.stdin.isTTY === true;
  if (terminal) process.stderr.write('Password: ');
  // On a terminal, readline echoes the input to this stream, which discards it.
  const output = new Writable({ write: (_chunk, _encoding, done) => done() });
  const lines = createInterface({ input: process.stdin, output, terminal });
  const { value: line = '' } = await lines[Symbol.asyncIterator]().next();
  lines.close();
  if (terminal) process.stderr.write('\n');
  const password = withoutMark(line);
  if (/[\p{Cc}\uFFFD]/u.test(password))
    throw new UsageError('The password on standard input must be UTF-8 without control characters.');
  if (password.length < MIN_PASSWORD_LENGTH) {
    throw new UsageError(
      `The password on standard input must have at least ${MIN_PASSWORD_LENGTH} characters.`,
    );
  }
  return password;
}
