import { createApp } from './app.ts';
import { ConfigError, readConfig } from './config.ts';
import { signToken } from './http/tokens.ts';
import { createLog } from './log.ts';
import { openDatabase } from './persistence/database.ts';
import { DEMONSTRATION_ADMINISTRATOR, loadDemonstration } from './persistence/demonstration/load.ts';
import { databaseClock } from './persistence/store.ts';
import { jwtSecrets } from './secret-file.ts';
import { hashPassword, randomPassword } from './services/password.ts';

/** How long requests in flight may take once a stop is asked for. */
const GRACE = 10_000;
const TOKEN_MINUTES = 1440;

async function start(): Promise<void> {
  const config = readConfig(process.env);
  const log = createLog(config.logLevel);
  const secrets = await jwtSecrets(config);
  const database = await openDatabase({
    url: config.databaseUrl,
    directUrl: config.databaseDirectUrl,
    log: (message) => log.info(message),
  });

  let loadedWith: string | undefined;
  if (config.seed !== 'none') {
    const password = config.adminPassword ?? randomPassword();
    const made = { now: await databaseClock(database.prisma), passwordHash: await hashPassword(password) };
    if (await loadDemonstration(database.prisma, config.seed, made)) loadedWith = password;
  }

  const app = await createApp({ config, jwtSecrets: secrets, database, log });
  const url = await app.listen(config);

  let stopping = false;
  const stop = async (signal: string) => {
    if (stopping) return;
    stopping = true;
    log.info(`${signal}: finishing what is in flight.`);
    // Whatever hangs must not keep the process: a supervisor would kill it, and the lock stay behind.
    setTimeout(() => process.exit(1), GRACE).unref();
    await app.close();
    await database.close();
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => void stop(signal));

  if (config.seed !== 'none') {
    const { email, account } = DEMONSTRATION_ADMINISTRATOR;
    const token = signToken({ email, account }, { secret: secrets[0], minutes: TOKEN_MINUTES });
    console.log(welcome({ url, email, password: loadedWith, token }));
  }
  log.info(`ready at ${url}`);
}

/** What a newcomer needs next, ready to paste. */
const welcome = ({
  url,
  email,
  password,
  token,
}: Record<'url' | 'email' | 'token', string> & { password?: string }) => `
  GraphQL        ${url}/graphql
  REST           ${url}/api/v2/script-profiles
  OpenAPI        ${url}/api/v2/openapi.json
  administrator  ${email}
  password       ${password ?? 'as shown when the demonstration was loaded; npm run admin sets another'}

  curl ${url}/api/v2/script-profiles -H "Authorization: Bearer ${token}"
`;

start().catch((error: unknown) => {
  const expected = error instanceof ConfigError || (error instanceof Error && !process.env.DEBUG);
  console.error(expected ? (error as Error).message : error);
  process.exitCode = 1;
});
