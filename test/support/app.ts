import { pino } from 'pino';
import { createApp } from '../../src/app.ts';
import { readConfig } from '../../src/config.ts';
import type { Database } from '../../src/database/database.ts';
import { loadDemonstration } from '../../src/demo/load.ts';
import type { Instant } from '../../src/domain/time.ts';
import { signToken } from '../../src/http/auth/tokens.ts';
import type { HttpDeadlines } from '../../src/http/deadlines.ts';
import { createAccount, saveAdministrator } from '../../src/repositories/accounts/accounts.ts';
import type { Clock } from '../../src/repositories/store.ts';
import { hashPassword } from '../../src/services/accounts/password.ts';
import { CHEAP } from './builders.ts';
import { freshDatabase } from './database.ts';
import { NO_HTTP_DEADLINES } from './deadlines.ts';
import { beforeEachStatement } from './wrapped-client.ts';

const SECRET = 'a secret of the tests, thirty-two bytes or more';

export interface RestAnswer {
  readonly status: number;
  readonly headers: Headers;
  // biome-ignore lint/suspicious/noExplicitAny: a test reads answers of any shape
  readonly body: any;
  readonly text: string;
}

export interface GraphqlAnswer {
  readonly status: number;
  // biome-ignore lint/suspicious/noExplicitAny: a test reads answers of any shape
  readonly data: any;
  // biome-ignore lint/suspicious/noExplicitAny: a test reads answers of any shape
  readonly errors?: any[];
}

/** A whole server on a free port, with its own database. */
export interface TestApp {
  readonly url: string;
  readonly database: Database;
  /** Secret that signs its tokens. */
  readonly secret: string;
  /** Sends a document to /graphql. */
  graphql(query: string, variables?: object, token?: string): Promise<GraphqlAnswer>;
  /** Sends a request to `/api/v2` + path, with a JSON body where one is given. */
  rest(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<RestAnswer>;
  /** Creates a token for a person. Defaults to John Smith. */
  token(email?: string, account?: string): string;
  /** Creates a token of John Smith's that has expired. */
  expiredToken(): string;
  /** Creates another account with its own limits and one person. Returns its id. */
  addAccount(name: string, email: string): Promise<number>;
  /** The errors that it has logged. */
  faults(): readonly string[];
  /** Gives a person a password. */
  setPassword(password: string, email?: string, account?: string): Promise<void>;
  /** Everything that it has logged, from the requested level on. */
  logged(): string[];
  /** Counts the statements that are sent to the database while the work runs. */
  statements(work: () => Promise<unknown>): Promise<number>;
  close(): Promise<void>;
}

export interface TestAppOptions {
  readonly seed?: 'page' | 'demo' | 'none';
  /** Time at which the data is loaded and the clock stands. Defaults to the database's clock. */
  readonly now?: Instant | (() => Instant);
  readonly environment?: Record<string, string>;
  /** Lowest level that is logged. Defaults to errors. */
  readonly logLevel?: string;
  /** Returns a replacement for the fresh database, such as a proxy. The server closes it. */
  readonly through?: (fresh: Database) => Promise<Database>;
  /** An open database of another replica, which is closed with the app. Defaults to a new one. */
  readonly database?: Database;
  readonly deadlines?: Partial<HttpDeadlines>;
  /** Folder of a built web console. Defaults to none. */
  readonly consoleFolder?: string;
}

/** Time of the documented examples. */
export const PAGE_NOW: Instant = '2025-04-23T00:00:00.000000Z';

export async function startApp({
  seed = 'page',
  now = PAGE_NOW,
  environment = {},
  logLevel = 'error',
  through = async (fresh) => fresh,
  database: given,
  deadlines = {},
  consoleFolder,
}: TestAppOptions = {}): Promise<TestApp> {
  const database = given ?? (await freshDatabase());
  const time = typeof now === 'function' ? now : () => now;
  if (seed !== 'none') await loadDemonstration(database.prisma, seed, { now: time(), passwordHash: null });
  const asked = await through(database);
  let sent = 0;
  const prisma = beforeEachStatement(asked.prisma, () => {
    sent += 1;
  });
  const clock: Clock = async () => time();
  const config = readConfig({
    DATABASE_URL: 'pglite:memory',
    JWT_SECRET: SECRET,
    RATE_LIMIT: '0',
    // The scheduler would fire profiles and send statements at unexpected times.
    SCHEDULER: 'off',
    ...environment,
  });
  const logged: string[] = [];
  const ERROR = 50;
  const log = pino({ level: logLevel }, { write: (line) => logged.push(line) });
  const app = await createApp({
    config,
    jwtSecrets: [SECRET],
    database: { ...database, prisma },
    log,
    clock,
    consoleFolder,
    deadlines: { ...NO_HTTP_DEADLINES, ...deadlines },
  }).catch(async (error: unknown) => {
    await database.close();
    throw error;
  });
  const url = await app.listen({ host: '127.0.0.1', port: 0 });
  await app.start();

  const token = (email = 'john@example.com', account = 'standalone') =>
    signToken({ email, account }, { secret: SECRET, minutes: 60 });
  return {
    url,
    database,
    secret: SECRET,
    token,
    expiredToken: () =>
      signToken(
        { email: 'john@example.com', account: 'standalone' },
        { secret: SECRET, minutes: 1, now: Math.floor(Date.now() / 1000) - 3600 },
      ),
    async graphql(query, variables = {}, as = token()) {
      const answer = await fetch(`${url}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${as}` },
        body: JSON.stringify({ query, variables }),
      });
      return { status: answer.status, ...((await answer.json()) as Omit<GraphqlAnswer, 'status'>) };
    },
    async rest(method, path, body, headers = {}) {
      const answer = await fetch(`${url}/api/v2${path}`, {
        method,
        headers: { authorization: `Bearer ${token()}`, ...headers },
        ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      });
      const text = await answer.text();
      return {
        status: answer.status,
        headers: answer.headers,
        text,
        body: text ? JSON.parse(text) : undefined,
      };
    },
    async addAccount(name, email) {
      const accountId = await createAccount(database.prisma, { name, title: name, now: time() });
      await saveAdministrator(database.prisma, {
        accountId,
        email,
        name: email,
        passwordHash: null,
        now: time(),
      });
      return accountId;
    },
    faults: () => logged.filter((line) => JSON.parse(line).level >= ERROR),
    logged: () => logged,
    async setPassword(password, email = 'john@example.com', account = 'standalone') {
      const { count } = await database.prisma.person.updateMany({
        where: { email, account: { name: account } },
        data: { passwordHash: await hashPassword(password, CHEAP) },
      });
      if (count !== 1) throw new Error(`There is no ${email} in ${account}.`);
    },
    async statements(work) {
      const before = sent;
      await work();
      return sent - before;
    },
    async close() {
      await app.close();
      if (asked !== database) await asked.close();
      await database.close();
    },
  };
}
