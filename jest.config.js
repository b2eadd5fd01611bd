import { chromiumPath } from './test/console/chromium.js';

/**
 * The fast suite: each test runs once, on the database that is named.
 *
 * Without TEST_DATABASE_URL everything runs on the embedded database, apart from `*.postgresql.test.ts`, which needs
 * what only a server has, such as real concurrency. With it, the folders in `onServer` run on PostgreSQL instead: an
 * app on the embedded database takes three times the CPU. What differs between the databases runs on both (`onBoth`).
 */
export const shared = {
  extensionsToTreatAsEsm: ['.ts'],
  transform: {
    '\\.ts$': [
      '@swc/jest',
      {
        jsc: {
          target: 'es2023',
          parser: { syntax: 'typescript', decorators: true },
          transform: { legacyDecorator: true, decoratorMetadata: false, useDefineForClassFields: false },
          experimental: { keepImportAttributes: true },
        },
        module: { type: 'es6' },
      },
    ],
  },
  modulePathIgnorePatterns: ['<rootDir>/dist'],
  setupFilesAfterEnv: ['<rootDir>/test/support/seed.ts'],
  globalSetup: '<rootDir>/test/support/global-setup.js',
  globalTeardown: '<rootDir>/test/support/global-teardown.js',
};

/** Settings that jest ignores in a project. */
export const run = {
  // Each embedded database takes up to 0.8 GB.
  maxWorkers: 2,
  // jest never unloads modules: a new worker imports all of them anew, an old one takes long to collect garbage.
  workerIdleMemoryLimit: '1200MB',
  // Long, because a busy machine must not decide a result. `waitUntil` gives up earlier, and says what it awaited.
  testTimeout: 300_000,
  testSequencer: '<rootDir>/test/support/largest-first.js',
  reporters: ['default', '<rootDir>/test/support/projects-reporter.js'],
};

if (process.env.CI && !chromiumPath())
  throw new Error('test/console needs Chromium. Install it, or name it in CHROMIUM.');
/** Without Chromium these suites do not exist. */
const inBrowser = chromiumPath() ? [] : ['<rootDir>/test/console/'];

const onServer = [
  'services',
  'graphql',
  'scheduling',
  'rest',
  'http',
  'message-system',
  'clients',
  'console',
];
const onBoth = [
  'database/**/*',
  'repositories/**/*',
  'maintenance/**/*',
  'demo/**/*',
  'every-operation',
  'page-examples',
];
const onPostgresql = process.env.TEST_DATABASE_URL !== undefined;

const embedded = {
  ...shared,
  displayName: 'embedded',
  testMatch: ['<rootDir>/test/**/*.test.ts'],
  testPathIgnorePatterns: [
    '/node_modules/',
    '<rootDir>/test/slow/',
    '<rootDir>/test/landscape-client/',
    ...inBrowser,
    '\\.(postgresql|citus)\\.test\\.ts$',
    ...(onPostgresql
      ? onServer.map((folder) => `<rootDir>/test/${folder}/(?!.*\\.embedded\\.test\\.ts$)`)
      : []),
  ],
};

const postgresql = {
  ...shared,
  displayName: 'postgresql',
  globals: { testDatabase: 'postgresql' },
  testMatch: [
    '<rootDir>/test/**/*.postgresql.test.ts',
    ...onServer.map((folder) => `<rootDir>/test/${folder}/**/*.test.ts`),
    ...onBoth.map((suites) => `<rootDir>/test/${suites}.test.ts`),
  ],
  testPathIgnorePatterns: [
    '/node_modules/',
    '<rootDir>/test/slow/',
    ...inBrowser,
    '\\.(embedded|citus)\\.test\\.ts$',
  ],
};

/** What an account's requests and the scheduler do on Citus, where TEST_CITUS_URL names a coordinator that knows its workers. */
const citus = {
  ...shared,
  displayName: 'citus',
  globals: { testDatabase: 'citus' },
  testMatch: [
    ...['services', 'graphql', 'scheduling'].map((folder) => `<rootDir>/test/${folder}/**/*.test.ts`),
    '<rootDir>/test/maintenance/doctor.test.ts',
    '<rootDir>/test/**/*.citus.test.ts',
  ],
  testPathIgnorePatterns: ['/node_modules/', '<rootDir>/test/slow/', '\\.embedded\\.test\\.ts$'],
};

/** The stock landscape-client itself, where LANDSCAPE_CLIENT names a checkout of it. */
const landscapeClient = {
  ...shared,
  displayName: 'landscape-client',
  ...(onPostgresql && { globals: { testDatabase: 'postgresql' } }),
  testMatch: ['<rootDir>/test/landscape-client/**/*.test.ts'],
};

export default {
  ...run,
  projects: [
    embedded,
    ...(onPostgresql ? [postgresql] : []),
    ...(process.env.TEST_CITUS_URL ? [citus] : []),
    ...(process.env.LANDSCAPE_CLIENT ? [landscapeClient] : []),
  ],
};
