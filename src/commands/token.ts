import { readConfig } from '../config.ts';
import { urlOfHolder } from '../database/embedded/folder-lock.ts';
import { isEmail } from '../domain/accounts/person.ts';
import { signToken } from '../http/auth/tokens.ts';
import { jwtSecrets } from '../secret-file.ts';
import { notEmail, run, textOptions, UsageError } from './arguments.ts';

const DAY = 1440;
const LOOK_UP_TIMEOUT_MS = 5000;
const YEAR = 366 * DAY;

// This command never opens the database, because the server that receives the token finds the person.
run(
  {
    usage: 'npm run token -- --email <email> [--account <name>] [--minutes <n>]',
    does: 'Prints a token with which a person can use the API.',
    options: {
      '--email <email>': 'the e-mail address of the token’s person',
      '--account <name>': 'the account; defaults to standalone',
      '--minutes <n>': 'the lifetime of the token in minutes; defaults to 1440. Maximum 527040 (366 days)',
    },
  },
  async () => {
    const {
      email: given,
      account = 'standalone',
      minutes = String(DAY),
    } = textOptions(['email', 'account', 'minutes'], process.argv.slice(2));
    if (!given) throw new UsageError('--email is missing.');
    const email = given.trim();
    if (!isEmail(email)) throw notEmail(given);
    if (!account.trim()) throw new UsageError('--account is empty.');
    if (!/^\d{1,6}$/.test(minutes) || Number(minutes) < 1 || Number(minutes) > YEAR) {
      throw new UsageError(
        `--minutes must be a whole number from 1 to ${YEAR}; found ${JSON.stringify(minutes)}.`,
      );
    }
    const config = readConfig(process.env);
    const [secret] = await jwtSecrets(config);
    const { npm_lifecycle_event: script, npm_config_loglevel: loglevel } = process.env;
    if (script === 'token' && loglevel !== 'silent' && !process.stdout.isTTY) {
      console.error(
        'npm printed two lines of its own before the token. Use npm run --silent token to print only the token.',
      );
    }
    const token = signToken({ email, account }, { secret, minutes: Number(minutes) });
    const url = config.databaseFolder && (await urlOfHolder(config.databaseFolder).catch(() => undefined));
    if (url && (await namesNoPerson(url, token)))
      console.error(
        `The account ${account} has no person with the address ${email}, so the server at ${url} rejects this token.`,
      );
    return token;
  },
);

/** Whether the server has no person for the token. False if the server does not answer. */
async function namesNoPerson(url: string, token: string): Promise<boolean> {
  const answer = await fetch(`${url}/api/v2/me`, {
    headers: { authorization: `Bearer ${token}` },
    signal: AbortSignal.timeout(LOOK_UP_TIMEOUT_MS),
  }).catch(() => undefined);
  if (!answer?.ok) return false;
  const person = (await answer.json().catch(() => ({ email: '' }))) as object;
  return Object.keys(person).length === 0;
}
