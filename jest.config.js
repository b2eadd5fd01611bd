/**
 * One project on the embedded database; a second, on PostgreSQL, where TEST_DATABASE_URL names one.
 * A third, with TEST_FAULTS=on, makes PostgreSQL servers of its own and breaks them: it needs their binaries, and PgBouncer.
 * What asks the database something of its own runs on both; `*.postgresql.test.ts` needs what only a server has, such as
 * real concurrency, so only there. `rest` is a client of the graph, and `http` sends no SQL but that of `/metrics` and
 * `/readyz`: what they ask for is asked on both by the folders below, so they run once.
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

const onDatabase = ['persistence', 'services', 'graphql', 'scheduling'];

const embedded = {
  ...shared,
  displayName: 'embedded',
  testMatch: ['<rootDir>/test/**/*.test.ts'],
  testPathIgnorePatterns: ['\\.postgresql\\.test\\.ts$', '/test/operate/', '/node_modules/'],
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

const faults = {
  ...shared,
  displayName: 'faults',
  globals: { testDatabase: 'postgresql' },
  testMatch: ['<rootDir>/test/operate/**/*.test.ts'],
};

const config = {
  // Each embedded database takes up to 0.8 GB.
  maxWorkers: 2,
  // Modules that jest has loaded are never let go: the further a worker gets, the longer it collects garbage.
  workerIdleMemoryLimit: '800MB',
  // Here, not in a project: jest ignores it there. Long, since nothing may depend on how busy a machine is.
  testTimeout: 180_000,
  projects: [
    embedded,
    ...(process.env.TEST_DATABASE_URL ? [postgresql] : []),
    ...(process.env.TEST_FAULTS === 'on' ? [faults] : []),
  ],
};

export default config;
