/**
 * One project on the embedded database; a second, on PostgreSQL, where TEST_DATABASE_URL names one.
 * Whatever touches a database runs on both; `*.postgresql.test.ts` needs real concurrency, so only there.
 */
const shared = {
  extensionsToTreatAsEsm: ['.ts'],
  transform: {
    '\\.ts$': [
      '@swc/jest',
      {
        jsc: {
          target: 'es2023',
          parser: { syntax: 'typescript', decorators: true },
          transform: { legacyDecorator: true, decoratorMetadata: false, useDefineForClassFields: false },
        },
        module: { type: 'es6' },
      },
    ],
  },
  modulePathIgnorePatterns: ['<rootDir>/dist'],
  globalSetup: '<rootDir>/test/support/global-setup.js',
  globalTeardown: '<rootDir>/test/support/global-teardown.js',
};

const onDatabase = ['persistence', 'services', 'graphql', 'rest', 'http'];

const embedded = {
  ...shared,
  displayName: 'embedded',
  testMatch: ['<rootDir>/test/**/*.test.ts'],
  testPathIgnorePatterns: ['\\.postgresql\\.test\\.ts$', '/node_modules/'],
};

const postgresql = {
  ...shared,
  displayName: 'postgresql',
  globals: { testDatabase: 'postgresql' },
  testMatch: [
    '<rootDir>/test/**/*.postgresql.test.ts',
    ...onDatabase.map((folder) => `<rootDir>/test/${folder}/**/*.test.ts`),
  ],
  testPathIgnorePatterns: ['\\.embedded\\.test\\.ts$', '/node_modules/'],
};

const config = {
  // Each embedded database takes up to 0.8 GB.
  maxWorkers: 2,
  // Here, not in a project: jest ignores it there.
  testTimeout: 60_000,
  projects: process.env.TEST_DATABASE_URL ? [embedded, postgresql] : [embedded],
};

export default config;
