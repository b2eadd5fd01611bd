import { isIP } from 'node:net';
import { z } from 'zod';
import { show } from './domain/errors.ts';

/** Every fault of the environment at once: an operator mends them in one go. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

const SHORTEST_SECRET = 32;
const GENEROUS = 6000;
const SANDBOX = ['https://studio.apollographql.com', 'https://sandbox.embed.apollographql.com'];

/** Their values are never shown, nor are ADMIN_PASSWORD's and a URL's password. */
const secrets = ['JWT_SECRET', 'JWT_SECRET_PREVIOUS'];

const wholeNumber = (least: number, most: number, otherwise: number) =>
  z
    .string()
    .regex(/^\d{1,10}$/)
    .transform(Number)
    .refine((value) => value >= least && value <= most)
    .default(otherwise)
    .describe(`a whole number from ${least} to ${most}`);

const choice = <const Values extends readonly [string, ...string[]]>(
  values: Values,
  otherwise: Values[number],
) =>
  z
    .enum(values)
    .default(otherwise as never)
    .describe(`one of ${values.join(', ')}`);

const switchOf = (on: string, off: string, otherwise: boolean) =>
  z
    .enum([on, off])
    .transform((value) => value === on)
    .default(otherwise)
    .describe(`${on} or ${off}`);

const secret = z
  .string()
  .refine((value) => Buffer.byteLength(value) >= SHORTEST_SECRET)
  .optional()
  .describe(`at least ${SHORTEST_SECRET} bytes`);

const isPostgresql = (url: string) => /^postgres(ql)?:\/\/\S+$/.test(url) && isUrl(url);
/** The driver takes a user without a host, too: then the query names a socket. */
const isUrl = (text: string) => URL.canParse(text) || URL.canParse(text.replace('@/', '@socket/'));
const isEmbedded = (url: string) => /^pglite:\S/.test(url);

const variables = z.object({
  PORT: wholeNumber(0, 65_535, 4000),
  HOST: z.string().refine(isHost).default('127.0.0.1').describe('an address or a host name'),
  DATABASE_URL: z
    .string()
    .refine((url) => isEmbedded(url) || isPostgresql(url))
    .default('pglite:.data/db')
    .describe('pglite:<folder>, pglite:memory or postgresql://…'),
  DATABASE_DIRECT_URL: z.string().refine(isPostgresql).optional().describe('postgresql://…'),
  JWT_SECRET: secret.describe(
    `at least ${SHORTEST_SECRET} bytes; it may be left out with pglite:<folder> only`,
  ),
  JWT_SECRET_PREVIOUS: secret,
  ADMIN_PASSWORD: z.string().min(8).optional().describe('at least 8 characters'),
  SEED: z.enum(['demo', 'page', 'none']).optional().describe('one of demo, page, none'),
  SCHEDULER: switchOf('on', 'off', true),
  REST_STRICT_CONTENT_TYPE: switchOf('true', 'false', false),
  CORS_ORIGINS: z
    .string()
    .transform((list) => list.split(',').map((origin) => origin.trim()))
    .refine((origins) => origins.every(isOrigin))
    .optional()
    .describe('origins such as https://dashboard.example.com, separated by commas'),
  RATE_LIMIT: wholeNumber(0, 1_000_000_000, GENEROUS),
  ACTIVITY_RETENTION_DAYS: wholeNumber(0, 36_500, 90),
  EXPLORER: switchOf('on', 'off', true),
  INTROSPECTION: choice(['on', 'authenticated', 'off'], 'authenticated'),
  LOG_LEVEL: choice(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'], 'info'),
});

export type Config = Readonly<ReturnType<typeof readConfig>>;

/** How this process is to run: the environment, checked. @throws ConfigError with a line for each fault */
export function readConfig(environment: NodeJS.ProcessEnv) {
  // An empty value counts as unset: that is how a compose file or a unit leaves one out.
  const given = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ''));
  const { success, data, error } = variables.safeParse(given);
  const faults = success
    ? []
    : [...new Set(error.issues.map(({ path }) => String(path[0])))].map((name) => fault(name, given[name]));
  if (needsSecret(given.DATABASE_URL) && !given.JWT_SECRET) faults.push(fault('JWT_SECRET', undefined));
  if (!success || faults.length > 0)
    throw new ConfigError(['The configuration has faults:', ...faults].join('\n  '));

  const embeddedFolder = data.DATABASE_URL.startsWith('pglite:') && data.DATABASE_URL !== 'pglite:memory';
  return Object.freeze({
    port: data.PORT,
    host: data.HOST,
    databaseUrl: data.DATABASE_URL,
    databaseDirectUrl: data.DATABASE_DIRECT_URL,
    /** Where the embedded database lives; undefined when it is elsewhere. */
    databaseFolder: embeddedFolder ? data.DATABASE_URL.slice('pglite:'.length) : undefined,
    /** Undefined only with an embedded folder, beside which one is kept. */
    jwtSecret: data.JWT_SECRET,
    jwtSecretPrevious: data.JWT_SECRET_PREVIOUS,
    adminPassword: data.ADMIN_PASSWORD,
    seed: data.SEED ?? (embeddedFolder ? 'demo' : 'none'),
    scheduler: data.SCHEDULER,
    restStrictContentType: data.REST_STRICT_CONTENT_TYPE,
    corsOrigins: Object.freeze(data.CORS_ORIGINS ?? (environment.NODE_ENV === 'production' ? [] : SANDBOX)),
    rateLimit: data.RATE_LIMIT,
    activityRetentionDays: data.ACTIVITY_RETENTION_DAYS,
    explorer: data.EXPLORER,
    introspection: data.INTROSPECTION,
    logLevel: data.LOG_LEVEL,
  });
}

/** Where replicas share the database, or nothing is kept, a secret made here would be known to this process alone. */
const needsSecret = (url = '') => isPostgresql(url) || url === 'pglite:memory';

function fault(name: string, found: string | undefined): string {
  const allowed = variables.shape[name as keyof typeof variables.shape].description;
  return `${name} must be ${allowed}; found ${shown(name, found)}.`;
}

function shown(name: string, value: string | undefined): string {
  if (value === undefined) return 'nothing';
  if (name === 'ADMIN_PASSWORD') return `${value.length} characters`;
  if (secrets.includes(name)) return `${Buffer.byteLength(value)} bytes`;
  // All that may be a URL's password, however it is mistyped; it may itself contain @, : and ?.
  const masked = value.replace(/^([a-z]*:?\/*).*@/is, '$1…@').replace(/\?.*/s, '?…');
  // Where its @ is missing, it follows the second colon, or the first one behind the slashes.
  return show(name.startsWith('DATABASE_') ? masked.replace(/((?:\/\/|:\/?)[^:@/]*:).+/s, '$1…') : masked);
}

function isHost(text: string): boolean {
  return isIP(text) > 0 || (/^[a-z\d]([a-z\d.-]*[a-z\d])?$/i.test(text) && !/^[\d.]+$/.test(text));
}

function isOrigin(text: string): boolean {
  // A pattern would match nothing: origins are compared as they stand.
  return (
    !text.includes('*') && /^https?:\/\//.test(text) && URL.canParse(text) && new URL(text).origin === text
  );
}
