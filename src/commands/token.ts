import { readConfig } from '../config.ts';
import { isEmail } from '../domain/person.ts';
import { signToken } from '../http/tokens.ts';
import { jwtSecrets } from '../secret-file.ts';
import { notEmail, run, textOptions, UsageError } from './arguments.ts';

const DAY = 1440;
const YEAR = 366 * DAY;

// It never opens the database: the server that gets the token looks the person up.
run('npm run token -- --email <email> [--account <name>] [--minutes <n>]', async () => {
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
  const [secret] = await jwtSecrets(readConfig(process.env));
  const { npm_lifecycle_event: script, npm_config_loglevel: loglevel } = process.env;
  if (script === 'token' && loglevel !== 'silent' && !process.stdout.isTTY) {
    console.error('npm wrote two lines of its own before the token; npm run --silent token writes none.');
  }
  return signToken({ email, account }, { secret, minutes: Number(minutes) });
});
