import { existsSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { type App, createApp } from './app.ts';
import { type Config, ConfigError, readConfig } from './config.ts';
import { connectDatabase, type Database } from './database/database.ts';
import { waitForDatabase } from './database/wait-for-database.ts';
import { DEMONSTRATION_ADMINISTRATOR, loadDemonstration } from './demo/load.ts';
import { signToken } from './http/auth/tokens.ts';
import { createLog } from './log.ts';
import { accountRepository } from './repositories/accounts/accounts.ts';
import { peopleRepository } from './repositories/accounts/people.ts';
import { databaseClock } from './repositories/store.ts';
import { jwtSecrets } from './secret-file.ts';
import { hashPassword, randomPassword } from './services/accounts/password.ts';

/** Milliseconds that requests in flight may take after a stop was requested. */
const GRACE = 10_000;
const TOKEN_MINUTES = 1440;
/** The built web console, also while the server runs from its sources. */
const CONSOLE_FOLDER = fileURLToPath(new URL('../dist/console', import.meta.url));

async function start(): Promise<void> {
  const config = readConfig(process.env);
  const log = createLog(config.logLevel);
  /** Opened parts. They are closed in reverse order. */
  const opened: { close(): Promise<unknown> }[] = [];
  let app: App | undefined;
  const close = async () => {
    for (const part of opened.splice(0).reverse()) await part.close();
  };

  let ready = false;
  let stopping = false;
  const stop = async (signal: string) => {
    if (stopping) return;
    stopping = true;
    // Exit at once, because no request is in flight before the start has finished.
    if (!ready) process.exit(0);
    app?.drain();
    if (config.shutdownDelay > 0) {
      log.info(`${signal}: no longer ready, and stopping in ${config.shutdownDelay} seconds.`);
      await pause(config.shutdownDelay * 1000);
    }
    log.info(`${signal}: finishing the open requests.`);
    // A part that hangs must not keep the process. A supervisor would kill it, and the lock would remain.
    setTimeout(() => process.exit(1), GRACE).unref();
    await close();
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => void stop(signal));

  try {
    const secrets = await jwtSecrets(config, (message) => log.warn(message));
    const database = await connectDatabase({
      url: config.databaseUrl,
      directUrl: config.databaseDirectUrl,
      log: (message) => log.info(message),
    });
    opened.push(database);
    const consoleFolder = config.console ? builtConsole((message) => log.info(message)) : undefined;
    app = await createApp({
      config,
      jwtSecrets: secrets,
      database,
      log,
      consoleFolder,
      onMoved: () => void stop('The database was moved'),
    });
    opened.push(app);
    // Listen first, so that supervisors get answers while a PostgreSQL server is unreachable.
    const url = await app.listen(config).catch((error: unknown) => {
      throw whyNotListening(error, config);
    });
    await database.announce?.(url);
    await waitForDatabase(database, (message) => log.warn(message));
    const { email, account } = DEMONSTRATION_ADMINISTRATOR;
    const password = await loadWhatIsAsked(config, database);
    if (!password && process.env.SEED && config.seed !== 'none')
      log.warn(
        `SEED=${config.seed} loaded nothing, because the database already has an account. Use DATABASE_URL=pglite:.data/${config.seed} for an empty database.`,
      );
    if (config.seed !== 'none') {
      const administratorExists = await peopleRepository(database.prisma).caller(account, email);
      // Logs are stored and read by others, so print a token only to a terminal or beside a password that is shown
      // once.
      const token =
        administratorExists && (password !== undefined || process.stdout.isTTY)
          ? signToken({ email, account }, { secret: secrets[0], minutes: TOKEN_MINUTES })
          : undefined;
      console.log(
        urls(url, { ...config, console: consoleFolder !== undefined }, token) +
          (administratorExists ? credentials({ url, email, password, token }) : ''),
      );
    }
    await app.start();
    ready = true;
    log.info(`ready at ${url}`);
    if ((await accountRepository(database.prisma).ids()).length === 0)
      log.info(
        `No account exists yet. Create one in a dashboard, with POST ${url}/api/v2/standalone-account or with npm run admin.`,
      );
  } catch (error) {
    // Otherwise open parts keep the process running.
    await close();
    throw error;
  }
}

function builtConsole(log: (message: string) => void): string | undefined {
  if (existsSync(`${CONSOLE_FOLDER}/index.html`)) return CONSOLE_FOLDER;
  log('The web console is not built, so it is not served. Build it with npm run build.');
  return undefined;
}

/** Loads the demonstration into an empty database. Returns its administrator's password if it was loaded now. */
async function loadWhatIsAsked(
  { seed, adminPassword }: Config,
  { prisma }: Database,
): Promise<string | undefined> {
  if (seed === 'none') return undefined;
  const password = adminPassword ?? randomPassword();
  const made = { now: await databaseClock(prisma), passwordHash: await hashPassword(password) };
  return (await loadDemonstration(prisma, seed, made)) ? password : undefined;
}

function whyNotListening(error: unknown, { host, port: mainPort }: Config): unknown {
  const { code, port = mainPort } = error as NodeJS.ErrnoException & { port?: number };
  const name = port === mainPort ? 'PORT' : 'METRICS_PORT';
  const other = name === 'PORT' ? 'PORT=0 picks a free port' : 'METRICS_PORT=+10000 is PORT plus 10000';
  if (code === 'EADDRINUSE')
    return new ConfigError(
      `${name} must be a free port of ${host}; found ${port}, on which another process listens. ${other}.`,
    );
  if (code === 'EACCES')
    return new ConfigError(`${name} must be a port that this user may listen on; found ${port}.`);
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND' || code === 'EAI_AGAIN')
    return new ConfigError(`HOST must be an address of this machine; found ${JSON.stringify(host)}.`);
  return error;
}

/**
 * The URLs that a newcomer needs. The explorer's link logs in, because browsers send servers nothing after the `#`. The
 * console has no such link: anyone could send one to a person, who would then work in the sender's account unnoticed.
 */
const urls = (
  url: string,
  { console, explorer }: Pick<Config, 'console' | 'explorer'>,
  token: string | undefined,
) => `${console ? `\n  console        ${url}/` : ''}
  GraphQL        ${url}/graphql${explorer ? `\n  explorer       ${url}/explorer${token ? `#token=${token}` : ''}` : ''}
  REST           ${url}/api/v2/script-profiles
  OpenAPI        ${url}/api/v2/openapi.json
`;

const credentials = ({
  url,
  email,
  password,
  token = `$(npm run --silent token -- --email ${email})`,
}: Record<'url' | 'email', string> & { password?: string; token: string | undefined }) => `\
  administrator  ${email}
  password       ${password ?? 'as shown when the demonstration was loaded; npm run admin sets another'}

  curl ${url}/api/v2/script-profiles -H "Authorization: Bearer ${token}"
`;

start().catch((error: unknown) => {
  const expected = error instanceof ConfigError || (error instanceof Error && !process.env.DEBUG);
  console.error(expected ? (error as Error).message : error);
  process.exitCode = 1;
});
