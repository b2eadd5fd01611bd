import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type Config, ConfigError, readConfig } from '../src/config.ts';
import { thorough } from './support/seed.ts';

const SECRET = 'a secret that is long enough: 40 bytes..';
const sandbox = ['https://studio.apollographql.com', 'https://sandbox.embed.apollographql.com'];

/** The message without its first line. Each line describes one fault. */
function faultsOf(environment: Record<string, string>): string[] {
  try {
    readConfig(environment);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    const [first, ...faults] = error.message.split('\n');
    expect(first).toBe('The configuration has errors:');
    return faults.map((fault) => fault.trim());
  }
  return [];
}

test.each([
  ['on a developer’s machine', {}, true],
  ['in production', { NODE_ENV: 'production' }, false],
  ['in production, if requested', { NODE_ENV: 'production', METRICS: 'on' }, true],
  ['with a separate port', { METRICS_PORT: '9464' }, false],
  ['with a separate port, if requested', { METRICS_PORT: '9464', METRICS: 'on' }, true],
])('the metrics are served on the main port: %s', (_, environment, expected) => {
  expect(readConfig(environment).metrics).toBe(expected);
});

test('an empty environment has the defaults for a new machine', () => {
  const config: Config = readConfig({});
  expect(config).toEqual({
    port: 4000,
    host: '127.0.0.1',
    databaseUrl: 'pglite:.data/db',
    databaseDirectUrl: undefined,
    databaseFolder: '.data/db',
    jwtSecret: undefined,
    jwtSecretPrevious: undefined,
    adminPassword: undefined,
    seed: 'demo',
    scheduler: true,
    restStrictContentType: false,
    messageSystem: true,
    landscapeUrl: undefined,
    corsOrigins: sandbox,
    corsLoopback: true,
    rateLimit: 6000,
    issuer: undefined,
    documentLimits: {
      maxTokens: 4000,
      maxDepth: 15,
      maxAliases: 50,
      maxRootFields: 20,
      maxDirectives: 50,
      maxFragments: 100,
      maxDuplicates: 20,
    },
    maxCost: 20_000,
    requestTimeout: 60,
    trustedProxies: [],
    activityRetentionDays: 90,
    eventRetentionDays: 0,
    explorer: true,
    console: true,
    introspection: 'authenticated',
    trustedDocuments: undefined,
    trustedDocumentsOnly: false,
    logLevel: 'info',
    metrics: true,
    metricsPort: undefined,
    shutdownDelay: 0,
  });
  expect(Object.isFrozen(config)).toBe(true);
  expect(Object.isFrozen(config.corsOrigins)).toBe(true);
});

test('an empty value counts as unset for every variable', () => {
  const names = `PORT HOST DATABASE_URL DATABASE_DIRECT_URL JWT_SECRET JWT_SECRET_PREVIOUS ADMIN_PASSWORD SEED
    SCHEDULER MESSAGE_SYSTEM LANDSCAPE_URL REST_STRICT_CONTENT_TYPE CORS_ORIGINS RATE_LIMIT ACTIVITY_RETENTION_DAYS EXPLORER CONSOLE INTROSPECTION
    TRUSTED_DOCUMENTS TRUSTED_DOCUMENTS_ONLY LOG_LEVEL JWT_ISSUER JWT_AUDIENCE JWT_JWKS_URL JWT_PUBLIC_KEY
    JWT_CLAIM_EMAIL JWT_CLAIM_ACCOUNT REQUEST_TIMEOUT TRUSTED_PROXIES GRAPH_MAX_TOKENS GRAPH_MAX_DEPTH GRAPH_MAX_ALIASES
    GRAPH_MAX_ROOT_FIELDS GRAPH_MAX_DIRECTIVES GRAPH_MAX_FRAGMENTS GRAPH_MAX_DUPLICATES GRAPH_MAX_COST`.split(
    /\s+/,
  );
  expect(readConfig(Object.fromEntries(names.map((name) => [name, ''])))).toEqual(readConfig({}));
});

test('an unknown variable is ignored', () => {
  expect(readConfig({ PATH: '/bin', PORTS: 'x', port: 'x' })).toEqual(readConfig({}));
});

describe.each<[string, keyof Config, [string, unknown][]]>([
  [
    'PORT',
    'port',
    [
      ['0', 0],
      ['80', 80],
      ['65535', 65_535],
    ],
  ],
  ['HOST', 'host', ['0.0.0.0', '::', '::1', 'localhost', 'db-1.example.com'].map((host) => [host, host])],
  [
    'SEED',
    'seed',
    [
      ['demo', 'demo'],
      ['page', 'page'],
      ['none', 'none'],
    ],
  ],
  [
    'SCHEDULER',
    'scheduler',
    [
      ['on', true],
      ['off', false],
    ],
  ],
  [
    'MESSAGE_SYSTEM',
    'messageSystem',
    [
      ['on', true],
      ['off', false],
    ],
  ],
  [
    'LANDSCAPE_URL',
    'landscapeUrl',
    ['https://landscape.example.com', 'http://10.0.0.1:4000/landscape'].map((url) => [url, url]),
  ],
  [
    'REST_STRICT_CONTENT_TYPE',
    'restStrictContentType',
    [
      ['true', true],
      ['false', false],
    ],
  ],
  ['TRUSTED_DOCUMENTS', 'trustedDocuments', [['documents.json', 'documents.json']]],
  [
    'SHUTDOWN_DELAY',
    'shutdownDelay',
    [
      ['0', 0],
      ['30', 30],
    ],
  ],
  [
    'METRICS',
    'metrics',
    [
      ['on', true],
      ['off', false],
    ],
  ],
  [
    'METRICS_PORT',
    'metricsPort',
    [
      ['0', 0],
      ['9464', 9464],
      ['+10000', 14_000],
    ],
  ],
  [
    'CORS_ORIGINS',
    'corsOrigins',
    [
      ['https://a.example.com', ['https://a.example.com']],
      ['https://a.example.com, http://localhost:3000', ['https://a.example.com', 'http://localhost:3000']],
      ['http://[::1]:3000', ['http://[::1]:3000']],
    ],
  ],
  [
    'RATE_LIMIT',
    'rateLimit',
    [
      ['0', 0],
      ['1', 1],
      ['1000000000', 1_000_000_000],
    ],
  ],
  [
    'ACTIVITY_RETENTION_DAYS',
    'activityRetentionDays',
    [
      ['0', 0],
      ['36500', 36_500],
    ],
  ],
  [
    'EVENT_RETENTION_DAYS',
    'eventRetentionDays',
    [
      ['0', 0],
      ['36500', 36_500],
    ],
  ],
  [
    'EXPLORER',
    'explorer',
    [
      ['on', true],
      ['off', false],
    ],
  ],
  [
    'CONSOLE',
    'console',
    [
      ['on', true],
      ['off', false],
    ],
  ],
  ['INTROSPECTION', 'introspection', ['on', 'authenticated', 'off'].map((value) => [value, value])],
  [
    'LOG_LEVEL',
    'logLevel',
    ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'].map((level) => [level, level]),
  ],
  [
    'JWT_SECRET',
    'jwtSecret',
    [
      [SECRET, SECRET],
      ['ü'.repeat(16), 'ü'.repeat(16)],
    ],
  ],
  ['JWT_SECRET_PREVIOUS', 'jwtSecretPrevious', [[SECRET, SECRET]]],
  ['ADMIN_PASSWORD', 'adminPassword', [['8 letter', '8 letter']]],
])('%s', (name, key, values) => {
  test.each(values)('%j is accepted', (value, read) => {
    expect(readConfig({ [name]: value })[key]).toEqual(read);
  });
});

describe.each<[string, string, string[]]>([
  [
    'PORT',
    'a whole number from 0 to 65535',
    ['-1', '65536', '80.5', '4e3', '0x50', ' 80', '8\n0', 'http', '99999999999'],
  ],
  ['HOST', 'an address or a host name', ['http://h', 'h:80', '[::1]', 'a b', ' ', '-h', '256.1.1.1', '*']],
  ['SEED', 'one of demo, page, none', ['Demo', 'true', ' demo']],
  ['SCHEDULER', 'on or off', ['true', 'ON', '1']],
  ['MESSAGE_SYSTEM', 'on or off', ['true', 'OFF', '0']],
  ['LANDSCAPE_URL', 'an http or https URL', ['landscape.example.com', 'ftp://example.com', 'file:///etc']],
  ['REST_STRICT_CONTENT_TYPE', 'true or false', ['on', 'TRUE', '0']],
  ['TRUSTED_DOCUMENTS_ONLY', 'true or false', ['on', 'TRUE', '1']],
  [
    'CORS_ORIGINS',
    'origins such as https://dashboard.example.com, separated by commas',
    [
      '*',
      'null',
      'dashboard.example.com',
      'https://a.example.com/',
      'https://a.example.com/path',
      'https://a.example.com:443',
      'https://A.example.com',
      'https://*.example.com',
      'ftp://a.example.com',
      'https://a.example.com,',
      'https://a.example.com https://b.example.com',
    ],
  ],
  ['RATE_LIMIT', 'a whole number from 0 to 1000000000', ['-1', 'off', '1.5', '1000000001']],
  ['ACTIVITY_RETENTION_DAYS', 'a whole number from 0 to 36500', ['-1', 'forever', '36501']],
  ['REQUEST_TIMEOUT', 'a whole number from 1 to 3600', ['0', '1s', '3601']],
  ['GRAPH_MAX_DEPTH', 'a whole number from 1 to 1000', ['0', '1001']],
  ['GRAPH_MAX_COST', 'a whole number from 1 to 1000000000', ['0', 'off']],
  [
    'TRUSTED_PROXIES',
    'addresses and networks such as 10.0.0.0/8, separated by commas',
    [
      'true',
      '*',
      'proxy.example.com',
      '10.0.0.0/33',
      '10.0.0.0/0',
      '::/0',
      '10.0.0.0/',
      '10.0.0.0/8/8',
      ',',
      '1.2.3',
    ],
  ],
  ['EXPLORER', 'on or off', ['false', 'yes']],
  ['CONSOLE', 'on or off', ['true', 'ON']],
  ['INTROSPECTION', 'one of on, authenticated, off', ['true', 'anonymous']],
  ['LOG_LEVEL', 'one of fatal, error, warn, info, debug, trace, silent', ['verbose', 'INFO', '30']],
  [
    'DATABASE_URL',
    'pglite:<folder> with a path that is not a file, pglite:memory or postgresql://…',
    [
      ...[
        '.data/db',
        'pglite',
        'pglite:',
        'pglite: ',
        'mysql://h/db',
        'postgresql:h/db',
        'postgresql://h/a b',
      ],
      ...['pglite:package.json', 'pglite:./package.json/', 'pglite:package.json/a/db'],
    ],
  ],
  ['DATABASE_DIRECT_URL', 'postgresql://…', ['pglite:memory', 'h/db', 'http://h/db']],
])('%s', (name, allowed, values) => {
  test.each(values)(
    '%j stops the start, and the message has the name, the value found and the values allowed',
    (value) => {
      expect(faultsOf({ [name]: value })).toEqual([
        `${name} must be ${allowed}; found ${JSON.stringify(value)}.`,
      ]);
    },
  );
});

describe('the database', () => {
  test.each([
    ['pglite:.data/db', '.data/db', 'demo'],
    ['pglite:/var/lib/gateway/db', '/var/lib/gateway/db', 'demo'],
    ['pglite:memory/db', 'memory/db', 'demo'],
    ['pglite:memory', undefined, 'none'],
    ['postgresql://user:password@h:5432/db', undefined, 'none'],
    ['postgres://h/db?sslmode=require', undefined, 'none'],
    ['postgresql:///db?host=/run/postgresql', undefined, 'none'],
    ['postgresql://user:password@/db?host=/run/postgresql', undefined, 'none'],
    ['postgresql://user:password@%2Frun%2Fpostgresql/db', undefined, 'none'],
  ])('%s uses the folder %s, and is seeded with %s by default', (url, folder, seed) => {
    const {
      databaseUrl,
      databaseFolder,
      seed: loaded,
    } = readConfig({ DATABASE_URL: url, JWT_SECRET: SECRET });
    expect({ databaseUrl, databaseFolder, loaded }).toEqual({
      databaseUrl: url,
      databaseFolder: folder,
      loaded: seed,
    });
    expect(readConfig({ DATABASE_URL: url, JWT_SECRET: SECRET, SEED: 'page' }).seed).toBe('page');
  });

  test('has a second URL for migrations if the first leads to a pooler', () => {
    const DATABASE_DIRECT_URL = 'postgresql://h:5432/db';
    expect(readConfig({ DATABASE_DIRECT_URL }).databaseDirectUrl).toBe(DATABASE_DIRECT_URL);
  });

  test.each(['postgresql://h/db', 'postgres://h/db', 'pglite:memory'])(
    'at %s requires a secret, because only this process would know a generated one',
    (url) => {
      const missing =
        'JWT_SECRET must be at least 32 bytes, and may be omitted only with pglite:<folder>; found nothing.';
      expect(faultsOf({ DATABASE_URL: url })).toEqual([missing]);
      expect(faultsOf({ DATABASE_URL: url, JWT_SECRET: '' })).toEqual([missing]);
      expect(faultsOf({ DATABASE_URL: url, JWT_SECRET: SECRET })).toEqual([]);
    },
  );
});

describe('an issuer of tokens', () => {
  const whole = {
    JWT_ISSUER: 'https://id.example.com',
    JWT_AUDIENCE: 'gateway',
    JWT_JWKS_URL: 'https://id.example.com/jwks',
  };
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  const pem = publicKey.export({ type: 'spki', format: 'pem' }).toString().trimEnd();
  const { JWT_JWKS_URL: _, ...keyless } = whole;

  test('accepts complete settings, with the keys at a URL or one key in PEM', () => {
    const claims = { emailClaim: 'email', accountClaim: 'acc' };
    const named = { issuer: whole.JWT_ISSUER, audience: 'gateway' };
    expect(readConfig(whole).issuer).toEqual({ ...named, ...claims, keys: { url: whole.JWT_JWKS_URL } });
    for (const JWT_PUBLIC_KEY of [pem, pem.replaceAll('\n', '\\n')])
      expect(readConfig({ ...keyless, JWT_PUBLIC_KEY }).issuer?.keys).toEqual({ publicKey: pem });
    expect(readConfig({ ...whole, JWT_CLAIM_EMAIL: 'upn', JWT_CLAIM_ACCOUNT: 'org' }).issuer).toMatchObject({
      emailClaim: 'upn',
      accountClaim: 'org',
    });
  });

  test.each([
    ['JWT_ISSUER', { JWT_AUDIENCE: 'a' }],
    ['JWT_ISSUER', { JWT_JWKS_URL: whole.JWT_JWKS_URL }],
    ['JWT_ISSUER', { JWT_PUBLIC_KEY: pem }],
    ['JWT_AUDIENCE', { ...whole, JWT_AUDIENCE: '' }],
    ['JWT_JWKS_URL', keyless],
    ['JWT_JWKS_URL', { ...whole, JWT_PUBLIC_KEY: pem }],
    ['JWT_JWKS_URL', { ...whole, JWT_JWKS_URL: 'http://id.example.com/jwks' }],
    ['JWT_JWKS_URL', { ...whole, JWT_JWKS_URL: 'file:///etc/jwks' }],
    ['JWT_PUBLIC_KEY', { ...keyless, JWT_PUBLIC_KEY: 'a key' }],
    [
      'JWT_PUBLIC_KEY',
      {
        ...keyless,
        JWT_PUBLIC_KEY: generateKeyPairSync('rsa', { modulusLength: 1024 })
          .publicKey.export({ type: 'spki', format: 'pem' })
          .toString(),
      },
    ],
    [
      'JWT_PUBLIC_KEY',
      {
        ...keyless,
        JWT_PUBLIC_KEY: generateKeyPairSync('ec', { namedCurve: 'secp384r1' })
          .publicKey.export({ type: 'spki', format: 'pem' })
          .toString(),
      },
    ],
  ])('%s stops the start if it is incomplete or unsafe: %j', (name, environment) => {
    expect(faultsOf(environment)).toEqual([expect.stringContaining(`${name} must be `)]);
  });

  test('does not show a private key that was set as the public one', () => {
    const JWT_PUBLIC_KEY = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
    const [fault, ...others] = faultsOf({ ...keyless, JWT_PUBLIC_KEY });
    expect(others).toEqual([]);
    expect(fault).toMatch(/JWT_PUBLIC_KEY must be a public key in PEM .*; found \d+ bytes\.$/);
    expect(fault).not.toContain(JWT_PUBLIC_KEY.split('\n')[1]);
  });
});

test('proxies are trusted by address or by network', () => {
  const TRUSTED_PROXIES = '127.0.0.1, 10.0.0.0/8,2001:db8::/32,::1';
  expect(readConfig({ TRUSTED_PROXIES }).trustedProxies).toEqual([
    '127.0.0.1',
    '10.0.0.0/8',
    '2001:db8::/32',
    '::1',
  ]);
});

describe('origins', () => {
  test('of Sandbox are allowed except in production', () => {
    expect(readConfig({ NODE_ENV: 'development' }).corsOrigins).toEqual(sandbox);
    expect(readConfig({ NODE_ENV: 'production' }).corsOrigins).toEqual([]);
  });

  test('of the local machine are allowed except in production, also if other origins are configured', () => {
    const CORS_ORIGINS = 'https://a.example.com';
    expect(readConfig({ CORS_ORIGINS }).corsLoopback).toBe(true);
    expect(readConfig({ CORS_ORIGINS, NODE_ENV: 'production' }).corsLoopback).toBe(false);
  });

  test('that are configured replace those of Sandbox', () => {
    const CORS_ORIGINS = 'https://a.example.com';
    expect(readConfig({ CORS_ORIGINS }).corsOrigins).toEqual([CORS_ORIGINS]);
    expect(readConfig({ CORS_ORIGINS, NODE_ENV: 'production' }).corsOrigins).toEqual([CORS_ORIGINS]);
  });
});

describe('a secret', () => {
  test.each([
    ['JWT_SECRET', 'hunter2', '7 bytes'],
    ['JWT_SECRET', 'x'.repeat(31), '31 bytes'],
    ['JWT_SECRET_PREVIOUS', 'hünter2', '8 bytes'],
    ['ADMIN_PASSWORD', 'hünter2', '7 characters'],
  ])('%s that is too short is reported with its length only', (name, value, length) => {
    const [fault, ...others] = faultsOf({ [name]: value });
    expect(others).toEqual([]);
    expect(fault).toContain(`${name} must be at least `);
    expect(fault).toContain(`found ${length}.`);
    expect(fault).not.toContain(value);
  });

  const mistyped = [
    'mysql://user:hunter2@h/db',
    'postgres//user:hunter2@h/db',
    'postgres:user:hunter2@h/db',
    'postgres:/user:hunter2@h/db',
    'user:hunter2@h/db',
    'postgres://user:hunter2',
    'postgres//user:hunter2',
    'postgres://user:hunter2/db',
    'postgresql://user:hunter2 @h/db',
    'postgresql://user:@hunter2@h/a b',
    'postgresql://user:#hunter2@h/a b',
    'postgresql://user:a/hunter2@h/a b',
    'postgresql://user:a\nhunter2@h/db',
    'postgresql://h/db?password=hunter2 ',
    'postgresql ://user:hunter2@h/db',
    '"postgresql://user:hunter2@h/db"',
    'DATABASE_URL=postgresql://user:hunter2@h/db',
  ];

  test.each([
    'postgresql://gateway:12/hunter2@db.example.com/fleet',
    'postgresql://gateway:12#hunter2@db.example.com/fleet',
    'postgresql://gateway:12?hunter2@db.example.com/fleet',
    'postgresql://gateway:a/hunter2@db.example.com/fleet',
    'postgresql://gateway:50%hunter2@db.example.com/fleet',
  ])('that is not percent-encoded in %j is reported as such, and not shown', (DATABASE_URL) => {
    const [fault, ...others] = faultsOf({ DATABASE_URL, JWT_SECRET: SECRET });
    expect(others).toEqual([]);
    expect(fault).toMatch(
      /^DATABASE_URL must have percent-encoded special characters in its user and password/,
    );
    expect(fault).not.toMatch(/hunter2|12|50/);
  });

  test.each([
    ['connection_limit=5', 'have only the parameters schema, sslmode', 'connection_limit'],
    ['sslmode=prefer', 'have an sslmode of disable, require, verify-ca, verify-full', 'prefer'],
    ['sslmode=verify-ca', 'name the trusted authority with sslrootcert=<file>', 'none'],
    ['schema=pg_gateway', 'have a schema of up to 63 letters', '"pg_gateway"'],
    ['options=-c%20search_path%3Dx', 'name its schema with schema=<name>', 'search_path in its options'],
  ])('a URL with %s is rejected, because the parameter would be ignored', (parameter, must, found) => {
    for (const name of ['DATABASE_URL', 'DATABASE_DIRECT_URL']) {
      const [fault, ...others] = faultsOf({ [name]: `postgresql://h/db?${parameter}`, JWT_SECRET: SECRET });
      expect(others).toEqual([]);
      expect(fault).toContain(`${name} must ${must}`);
      expect(fault).toContain(`; found ${found}.`);
    }
  });

  test('every supported parameter is accepted', () => {
    const DATABASE_URL =
      'postgresql://u:p%40ss%2F%25@h/db?schema=gateway&sslmode=verify-ca&sslrootcert=/ca.pem&application_name=x';
    expect(readConfig({ DATABASE_URL, JWT_SECRET: SECRET }).databaseUrl).toBe(DATABASE_URL);
  });

  test('a value is read from a file without the line end. A file beside the variable, or an unreadable file, is a fault', () => {
    const folder = mkdtempSync(join(tmpdir(), 'config-'));
    const file = join(folder, 'secret');
    writeFileSync(file, `${SECRET}\n`);
    const { jwtSecret } = readConfig({ DATABASE_URL: 'postgresql://h/db', JWT_SECRET_FILE: file });
    expect(jwtSecret).toBe(SECRET);
    expect(faultsOf({ JWT_SECRET: SECRET, JWT_SECRET_FILE: file })).toEqual([
      'JWT_SECRET_FILE must not be set together with JWT_SECRET; found both.',
    ]);
    expect(faultsOf({ DATABASE_URL_FILE: join(folder, 'nothing') })).toEqual([
      expect.stringMatching(
        /^DATABASE_URL_FILE must be the path of a file that this user may read; found .*ENOENT/,
      ),
    ]);
    writeFileSync(file, 'mysql://user:hunter2@h/db');
    expect(faultsOf({ DATABASE_URL_FILE: file })[0]).not.toContain('hunter2');
    rmSync(folder, { recursive: true });
  });

  test('METRICS_PORT relative to PORT must also result in a valid port', () => {
    expect(faultsOf({ PORT: '60000', METRICS_PORT: '+10000' })).toEqual([
      expect.stringMatching(/^METRICS_PORT must be .*\+n for PORT plus n.*; found "\+10000"\.$/),
    ]);
  });

  test.each(mistyped)('in the URL %j is not shown', (url) => {
    for (const name of ['DATABASE_URL', 'DATABASE_DIRECT_URL', 'CORS_ORIGINS']) {
      if (name === 'CORS_ORIGINS' && !url.includes('@')) continue;
      const faults = faultsOf({ [name]: url });
      expect(faults).toHaveLength(1);
      expect(faults[0]).toContain(name);
      expect(faults[0]).not.toContain('hunter2');
    }
  });

  test('in a URL is not shown, wherever the URL is cut, extended or broken', () => {
    const whole = 'postgresql://user:hunter2@h:5432/db';
    const at = fc.integer({ min: 0, max: whole.length });
    // The part before the password is changed freely, but the password itself is not.
    const before = whole.indexOf('hunter2');
    fc.assert(
      fc.property(at, fc.constantFrom('', ' ', ':', '/', '@', '?', '\n'), (position, put) => {
        fc.pre(position < before || position > before + 'hunter2'.length);
        const url = `${whole.slice(0, position)}${put}${whole.slice(position + 1)}`;
        for (const fault of faultsOf({ DATABASE_URL: url, JWT_SECRET: SECRET })) {
          expect(fault).not.toContain('hunter2');
        }
      }),
      { numRuns: thorough(500) },
    );
  });
});

describe('several faults', () => {
  test('are reported together, one on each line', () => {
    const faults = faultsOf({
      PORT: 'http',
      DATABASE_URL: 'pglite:memory',
      JWT_SECRET_PREVIOUS: 'short',
      CORS_ORIGINS: '*',
      LOG_LEVEL: 'loud\nDATABASE_URL must be gone',
    });
    expect(faults.map((fault) => fault.split(' ')[0]).sort()).toEqual([
      'CORS_ORIGINS',
      'JWT_SECRET',
      'JWT_SECRET_PREVIOUS',
      'LOG_LEVEL',
      'PORT',
    ]);
  });

  test('of one variable are reported on one line', () => {
    expect(faultsOf({ DATABASE_URL: 'postgresql://h/db', JWT_SECRET: 'short' })).toHaveLength(1);
  });

  test('are truncated if they are long', () => {
    expect(faultsOf({ SEED: 'x'.repeat(100_000) })[0]!.length).toBeLessThan(200);
  });
});

test('the console is on, also in production', () => {
  const inProduction = (CONSOLE?: string) => readConfig({ NODE_ENV: 'production', CONSOLE }).console;
  expect([inProduction(), inProduction(''), inProduction('on'), inProduction('off')]).toEqual([
    true,
    true,
    true,
    false,
  ]);
});

test('the explorer is off in production by default', () => {
  const inProduction = (EXPLORER?: string) => readConfig({ NODE_ENV: 'production', EXPLORER }).explorer;
  expect([inProduction(), inProduction(''), inProduction('on'), inProduction('off')]).toEqual([
    false,
    false,
    true,
    false,
  ]);
});

describe('a value from a file', () => {
  test.each([
    ['JWT_SECRET', 'jwtSecret', `\uFEFF${'s'.repeat(32)}\r\n`, 's'.repeat(32)],
    ['JWT_SECRET', 'jwtSecret', ` ${'s'.repeat(32)} \n`, ` ${'s'.repeat(32)} `],
    ['ADMIN_PASSWORD', 'adminPassword', '\uFEFFcorrect horse \n\n', 'correct horse '],
    ['DATABASE_URL', 'databaseUrl', 'pglite:memory\n', 'pglite:memory'],
    ['PORT', 'port', '\uFEFF4001\r\n', 4001],
  ] as const)('in %s loses its byte-order mark and line ends', (name, field, value, read) => {
    expect(readConfig({ JWT_SECRET: 'x'.repeat(32), [name]: value })[field]).toBe(read);
  });

  test('is too short for a secret if only line ends lengthen it', () => {
    expect(faultsOf({ JWT_SECRET: `short${'\n'.repeat(40)}` })).toHaveLength(1);
  });
});

describe('trusted documents only', () => {
  test('turn the explorer off, because it sends other documents', () => {
    const environment = { TRUSTED_DOCUMENTS: 'documents.json', TRUSTED_DOCUMENTS_ONLY: 'true' };
    expect(readConfig(environment)).toMatchObject({ trustedDocumentsOnly: true, explorer: false });
    expect(readConfig({ ...environment, TRUSTED_DOCUMENTS_ONLY: 'false' }).explorer).toBe(true);
  });

  test('turn the console off, unless the operator turns it on because the manifest has its documents', () => {
    const environment = { TRUSTED_DOCUMENTS: 'documents.json', TRUSTED_DOCUMENTS_ONLY: 'true' };
    expect(readConfig(environment).console).toBe(false);
    expect(readConfig({ ...environment, CONSOLE: 'on' }).console).toBe(true);
    expect(readConfig({ ...environment, TRUSTED_DOCUMENTS_ONLY: 'false' }).console).toBe(true);
  });

  test('without a manifest are a fault, because no document could run', () => {
    expect(faultsOf({ TRUSTED_DOCUMENTS_ONLY: 'true' })).toEqual([
      'TRUSTED_DOCUMENTS must be the path of a manifest of documents in JSON; found nothing.',
    ]);
  });
});
