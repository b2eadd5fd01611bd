import { existsSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { z } from 'zod';
import { show } from './domain/errors.ts';
import { withoutMark } from './domain/text.ts';
import { readFileVariables } from './file-variables.ts';
import { isHost, isNetwork, isOrigin } from './hosts.ts';
import { algorithmOf } from './http/auth/issuer.ts';
import { isPostgresql, urlFault } from './postgresql-url.ts';

/** Lists every fault of the environment, so that an operator can fix all of them at once. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

const MIN_SECRET_BYTES = 32;
const DEFAULT_RATE_LIMIT = 6000;
const SANDBOX = ['https://studio.apollographql.com', 'https://sandbox.embed.apollographql.com'];

/**
 * Secret variables, whose values are never shown. An operator may put a private key where the public key belongs.
 * ADMIN_PASSWORD and the password of a URL are never shown either.
 */
const secrets = ['JWT_SECRET', 'JWT_SECRET_PREVIOUS', 'JWT_PUBLIC_KEY'];

const numberWithin = (least: number, most: number) =>
  z
    .string()
    .regex(/^\d{1,10}$/)
    .transform(Number)
    .refine((value) => value >= least && value <= most);

const wholeNumber = (least: number, most: number, otherwise: number) =>
  numberWithin(least, most).default(otherwise).describe(`a whole number from ${least} to ${most}`);

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
  .refine((value) => Buffer.byteLength(value) >= MIN_SECRET_BYTES)
  .optional()
  .describe(`at least ${MIN_SECRET_BYTES} bytes`);

const isEmbedded = (url: string) =>
  url === 'pglite:memory' || (/^pglite:\S/.test(url) && isFolder(resolve(url.slice('pglite:'.length))));

/** The folder need not exist yet, but its nearest existing parent must be a folder. */
function isFolder(path: string): boolean {
  return existsSync(path) ? statSync(path).isDirectory() : isFolder(dirname(path));
}

const variables = z.object({
  PORT: wholeNumber(0, 65_535, 4000),
  HOST: z.string().refine(isHost).default('127.0.0.1').describe('an address or a host name'),
  DATABASE_URL: z
    .string()
    .refine((url) => isEmbedded(url) || isPostgresql(url))
    .prefault('pglite:.data/db')
    .describe('pglite:<folder> with a path that is not a file, pglite:memory or postgresql://…'),
  DATABASE_DIRECT_URL: z.string().refine(isPostgresql).optional().describe('postgresql://…'),
  JWT_SECRET: secret.describe(
    `at least ${MIN_SECRET_BYTES} bytes, and may be omitted only with pglite:<folder>`,
  ),
  JWT_SECRET_PREVIOUS: secret,
  JWT_ISSUER: z
    .string()
    .optional()
    .describe(
      'the issuer of tokens (iss), together with JWT_AUDIENCE and with either JWT_JWKS_URL or JWT_PUBLIC_KEY',
    ),
  JWT_AUDIENCE: z
    .string()
    .optional()
    .describe('the audience of the issuer’s tokens (aud), together with JWT_ISSUER'),
  JWT_JWKS_URL: z
    .string()
    .refine(isSafeUrl)
    .optional()
    .describe('https://…, or http://… on this machine, together with JWT_ISSUER and without JWT_PUBLIC_KEY'),
  JWT_PUBLIC_KEY: z
    .string()
    // A variable that can't contain line breaks has \n instead.
    .transform((pem) => pem.replaceAll('\\n', '\n'))
    .refine((pem) => algorithmOf(pem) !== undefined)
    .optional()
    .describe(
      'a public key in PEM (RSA of 2048 bits or more, EC P-256 or Ed25519), together with JWT_ISSUER',
    ),
  JWT_CLAIM_EMAIL: z.string().default('email').describe('the name of a claim'),
  JWT_CLAIM_ACCOUNT: z.string().default('acc').describe('the name of a claim'),
  ADMIN_PASSWORD: z.string().min(8).optional().describe('at least 8 characters'),
  SEED: z.enum(['demo', 'page', 'none']).optional().describe('one of demo, page, none'),
  SCHEDULER: switchOf('on', 'off', true),
  MESSAGE_SYSTEM: switchOf('on', 'off', true),
  LANDSCAPE_URL: z.string().refine(isHttpUrl).optional().describe('an http or https URL'),
  REST_STRICT_CONTENT_TYPE: switchOf('true', 'false', false),
  CORS_ORIGINS: z
    .string()
    .transform((list) => list.split(',').map((origin) => origin.trim()))
    .refine((origins) => origins.every(isOrigin))
    .optional()
    .describe('origins such as https://dashboard.example.com, separated by commas'),
  RATE_LIMIT: wholeNumber(0, 1_000_000_000, DEFAULT_RATE_LIMIT),
  GRAPH_MAX_TOKENS: wholeNumber(1, 1_000_000, 4000),
  GRAPH_MAX_DEPTH: wholeNumber(1, 1000, 15),
  GRAPH_MAX_ALIASES: wholeNumber(0, 1_000_000, 50),
  GRAPH_MAX_ROOT_FIELDS: wholeNumber(1, 1_000_000, 20),
  GRAPH_MAX_DIRECTIVES: wholeNumber(0, 1_000_000, 50),
  GRAPH_MAX_FRAGMENTS: wholeNumber(0, 1_000_000, 100),
  GRAPH_MAX_DUPLICATES: wholeNumber(0, 1_000_000, 20),
  GRAPH_MAX_COST: wholeNumber(1, 1_000_000_000, 20_000),
  REQUEST_TIMEOUT: wholeNumber(1, 3600, 60),
  TRUSTED_PROXIES: z
    .string()
    .transform((list) => list.split(',').map((network) => network.trim()))
    .refine((networks) => networks.every(isNetwork))
    .optional()
    .describe('addresses and networks such as 10.0.0.0/8, separated by commas'),
  ACTIVITY_RETENTION_DAYS: wholeNumber(0, 36_500, 90),
  EVENT_RETENTION_DAYS: wholeNumber(0, 36_500, 0),
  EXPLORER: z.enum(['on', 'off']).optional().describe('on or off'),
  CONSOLE: z.enum(['on', 'off']).optional().describe('on or off'),
  INTROSPECTION: choice(['on', 'authenticated', 'off'], 'authenticated'),
  TRUSTED_DOCUMENTS: z.string().optional().describe('the path of a manifest of documents in JSON'),
  TRUSTED_DOCUMENTS_ONLY: switchOf('true', 'false', false),
  SHUTDOWN_DELAY: wholeNumber(0, 300, 0),
  METRICS: z.enum(['on', 'off']).optional().describe('on or off'),
  METRICS_PORT: z
    .string()
    .regex(/^\+?\d{1,10}$/)
    .refine((port) => Number(port) <= 65_535)
    .optional()
    .describe('a whole number from 0 to 65535, or +n for PORT plus n, at most 65535'),
  LOG_LEVEL: choice(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'], 'info'),
});

export type Config = Readonly<ReturnType<typeof readConfig>>;

/** Checks the environment and returns this process's configuration. @throws ConfigError with a line for each fault */
export function readConfig(environment: NodeJS.ProcessEnv) {
  // An empty value counts as unset, because compose files and units unset variables this way.
  const set = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ''));
  const { read, faults: unread } = readFileVariables(set);
  const given = Object.fromEntries(
    Object.entries(read)
      .map(([name, value = '']) => [name, withoutAccidents(value)] as const)
      .filter(([, value]) => value !== ''),
  );
  const { success, data, error } = variables.safeParse(given);
  const wrongUrls = new Map(
    ['DATABASE_URL', 'DATABASE_DIRECT_URL'].flatMap((name) => {
      const wrong = urlFault(given[name] ?? '');
      return wrong ? [[name, `${name} must ${wrong.must}; found ${wrong.found}.`]] : [];
    }),
  );
  const faulty = success ? [] : error.issues.map(({ path }) => String(path[0]));
  const faults = [...new Set([...faulty, ...wrongUrls.keys()])].map(
    (name) => wrongUrls.get(name) ?? fault(name, given[name]),
  );
  if (needsSecret(given.DATABASE_URL) && !given.JWT_SECRET) faults.push(fault('JWT_SECRET', undefined));
  if (given.TRUSTED_DOCUMENTS_ONLY === 'true' && !given.TRUSTED_DOCUMENTS)
    faults.push(fault('TRUSTED_DOCUMENTS', undefined));
  if (success && (metricsPortOf(data) ?? 0) > 65_535) faults.push(fault('METRICS_PORT', given.METRICS_PORT));
  faults.push(...unread, ...issuerFaults(given));
  if (!success || faults.length > 0)
    throw new ConfigError(['The configuration has errors:', ...faults].join('\n  '));

  const isProduction = environment.NODE_ENV === 'production';
  const embeddedFolder = data.DATABASE_URL.startsWith('pglite:') && data.DATABASE_URL !== 'pglite:memory';
  return Object.freeze({
    port: data.PORT,
    host: data.HOST,
    databaseUrl: data.DATABASE_URL,
    databaseDirectUrl: data.DATABASE_DIRECT_URL,
    /** Folder of the embedded database. Undefined for any other database. */
    databaseFolder: embeddedFolder ? data.DATABASE_URL.slice('pglite:'.length) : undefined,
    /** Undefined only with an embedded folder, beside which a secret is stored. */
    jwtSecret: data.JWT_SECRET,
    jwtSecretPrevious: data.JWT_SECRET_PREVIOUS,
    /** Identity provider whose tokens are accepted beside our own. */
    issuer: data.JWT_ISSUER
      ? Object.freeze({
          issuer: data.JWT_ISSUER,
          audience: data.JWT_AUDIENCE!,
          keys: data.JWT_JWKS_URL ? { url: data.JWT_JWKS_URL } : { publicKey: data.JWT_PUBLIC_KEY! },
          emailClaim: data.JWT_CLAIM_EMAIL,
          accountClaim: data.JWT_CLAIM_ACCOUNT,
        })
      : undefined,
    adminPassword: data.ADMIN_PASSWORD,
    seed: data.SEED ?? (embeddedFolder ? 'demo' : 'none'),
    scheduler: data.SCHEDULER,
    /** Whether the server has an API for agents. */
    messageSystem: data.MESSAGE_SYSTEM,
    /** Value of LANDSCAPE_URL for scripts. Undefined for the server's own URL. */
    landscapeUrl: data.LANDSCAPE_URL,
    restStrictContentType: data.REST_STRICT_CONTENT_TYPE,
    corsOrigins: Object.freeze(data.CORS_ORIGINS ?? (isProduction ? [] : SANDBOX)),
    /** Dashboards in development run on any port of this machine. */
    corsLoopback: !isProduction,
    rateLimit: data.RATE_LIMIT,
    documentLimits: Object.freeze({
      maxTokens: data.GRAPH_MAX_TOKENS,
      maxDepth: data.GRAPH_MAX_DEPTH,
      maxAliases: data.GRAPH_MAX_ALIASES,
      maxRootFields: data.GRAPH_MAX_ROOT_FIELDS,
      maxDirectives: data.GRAPH_MAX_DIRECTIVES,
      maxFragments: data.GRAPH_MAX_FRAGMENTS,
      maxDuplicates: data.GRAPH_MAX_DUPLICATES,
    }),
    maxCost: data.GRAPH_MAX_COST,
    /** Seconds. */
    requestTimeout: data.REQUEST_TIMEOUT,
    trustedProxies: Object.freeze(data.TRUSTED_PROXIES ?? []),
    activityRetentionDays: data.ACTIVITY_RETENTION_DAYS,
    eventRetentionDays: data.EVENT_RETENTION_DAYS,
    // An explorer is of no use if only trusted documents run.
    explorer: (data.EXPLORER ?? (isProduction ? 'off' : 'on')) === 'on' && !data.TRUSTED_DOCUMENTS_ONLY,
    // An operator whose manifest contains the console's documents can turn the console on.
    console: data.CONSOLE ? data.CONSOLE === 'on' : !data.TRUSTED_DOCUMENTS_ONLY,
    introspection: data.INTROSPECTION,
    trustedDocuments: data.TRUSTED_DOCUMENTS,
    trustedDocumentsOnly: data.TRUSTED_DOCUMENTS_ONLY,
    /** Whether the main port serves /metrics. A separate port hides it from the callers of the main port. */
    metrics: data.METRICS ? data.METRICS === 'on' : data.METRICS_PORT === undefined && !isProduction,
    metricsPort: metricsPortOf(data),
    shutdownDelay: data.SHUTDOWN_DELAY,
    logLevel: data.LOG_LEVEL,
  });
}

/** Removes a byte-order mark and final line breaks, which a file may contain. Spaces may be part of a secret. */
const withoutAccidents = (value: string): string => withoutMark(value).replace(/(?<![\r\n])[\r\n]+$/, '');
/** A value with + is relative to PORT, so that replicas with the same environment file use different ports. */
function metricsPortOf({ PORT, METRICS_PORT }: { PORT: number; METRICS_PORT?: string }): number | undefined {
  if (METRICS_PORT === undefined) return undefined;
  const isRelative = METRICS_PORT.startsWith('+') && PORT > 0;
  return Number(METRICS_PORT) + (isRelative ? PORT : 0);
}

/**
 * Whether a secret must be set. Without a folder to store it, or with replicas, only this process would know a
 * generated secret.
 */
const needsSecret = (url = '') => isPostgresql(url) || url === 'pglite:memory';

/** An issuer needs all of its settings. Some of them alone would admit too many callers, or none. */
function issuerFaults(given: NodeJS.ProcessEnv): string[] {
  const { JWT_ISSUER, JWT_AUDIENCE, JWT_JWKS_URL, JWT_PUBLIC_KEY } = given;
  if (!JWT_ISSUER)
    return JWT_AUDIENCE || JWT_JWKS_URL || JWT_PUBLIC_KEY ? [fault('JWT_ISSUER', undefined)] : [];
  return [
    ...(JWT_AUDIENCE ? [] : [fault('JWT_AUDIENCE', undefined)]),
    ...(!JWT_JWKS_URL === !JWT_PUBLIC_KEY ? [fault('JWT_JWKS_URL', JWT_JWKS_URL)] : []),
  ];
}

function isHttpUrl(text: string): boolean {
  return URL.canParse(text) && ['http:', 'https:'].includes(new URL(text).protocol);
}

/** Requires HTTPS or this machine, because an attacker who could change the keys could sign tokens. */
function isSafeUrl(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, hostname } = new URL(text);
  return (
    protocol === 'https:' || (protocol === 'http:' && ['127.0.0.1', '[::1]', 'localhost'].includes(hostname))
  );
}

function fault(name: string, found: string | undefined): string {
  const allowed = variables.shape[name as keyof typeof variables.shape].description;
  return `${name} must be ${allowed}; found ${shown(name, found)}.`;
}

function shown(name: string, value: string | undefined): string {
  if (value === undefined) return 'nothing';
  if (name === 'ADMIN_PASSWORD') return `${value.length} characters`;
  if (secrets.includes(name)) return `${Buffer.byteLength(value)} bytes`;
  // Mask everything that may be a URL's password, even a mistyped one. A password may contain @, : and ?.
  const [start] = /^[a-z]*:?\/*/i.exec(value)!;
  const end = value.lastIndexOf('@');
  const masked = (end < 0 ? value : `${start}…${value.slice(end)}`).replace(/\?.*/s, '?…');
  // Without an @, the password follows the second colon, or the first one after the slashes.
  return show(name.startsWith('DATABASE_') ? masked.replace(/((?:\/\/|:\/?)[^:@/]*:).+/s, '$1…') : masked);
}
