import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import { readConfig } from '../config.ts';
import { createAccount, findAccount, savePerson } from '../persistence/accounts.ts';
import { openDatabase } from '../persistence/database.ts';
import { databaseClock } from '../persistence/store.ts';
import { hashPassword } from '../services/password.ts';
import { isEmail, notEmail, run, textOptions, UsageError } from './arguments.ts';

const SHORTEST_PASSWORD = 8;

// Makes an account and its first administrator, or resets the password of somebody who is there.
run('npm run admin -- --email <email> --name <name> [--account <name>] < password', async () => {
  const {
    email,
    name,
    account = 'standalone',
  } = textOptions(['email', 'name', 'account'], process.argv.slice(2));
  if (!email || !isEmail(email)) throw notEmail(email);
  if (!name?.trim()) throw new UsageError('--name is missing.');
  if (!/^[a-z0-9][a-z0-9-]{0,62}$/.test(account)) {
    throw new UsageError(
      '--account must be up to 63 lower-case letters, digits and hyphens, not starting with a hyphen.',
    );
  }
  const { databaseUrl, databaseDirectUrl } = readConfig({
    ...process.env,
    // It signs nothing here, and need not be known where accounts are made.
    JWT_SECRET: 'x'.repeat(32),
  });
  if (databaseUrl === 'pglite:memory') {
    throw new Error('DATABASE_URL is pglite:memory: whoever is made there is gone when this command ends.');
  }
  const password = await readPassword();
  const passwordHash = await hashPassword(password);

  const database = await openDatabase({ url: databaseUrl, directUrl: databaseDirectUrl });
  try {
    return await database.prisma.$transaction(async (tx) => {
      const now = await databaseClock(tx);
      const found = await findAccount(tx, account);
      const accountId = found ?? (await createAccount(tx, { name: account, title: account, now }));
      await savePerson(tx, { accountId, email, name: name.trim(), passwordHash, now });
      return `${email} can log in to the account ${account}${found ? '' : ', which was made'}.`;
    });
  } finally {
    await database.close();
  }
});

/** One line of standard input: an argument would show in the list of processes. */
async function readPassword(): Promise<string> {
  const terminal = process.stdin.isTTY === true;
  if (terminal) process.stderr.write('Password: ');
  // On a terminal readline echoes what is typed, to where nobody sees it.
  const output = new Writable({ write: (_chunk, _encoding, done) => done() });
  const lines = createInterface({ input: process.stdin, output, terminal });
  const { value: password = '' } = await lines[Symbol.asyncIterator]().next();
  lines.close();
  if (terminal) process.stderr.write('\n');
  if (password.length < SHORTEST_PASSWORD) {
    throw new UsageError(
      `The password on standard input must have at least ${SHORTEST_PASSWORD} characters.`,
    );
  }
  return password;
}
