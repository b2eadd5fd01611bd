import fast, { run, shared } from './jest.config.js';

/**
 * The slow suite: what needs minutes or chance, and the fast suite on the embedded database with random properties.
 * jest prints the seed of the run; `--seed` repeats it.
 */
if (!process.env.TEST_DATABASE_URL)
  throw new Error(
    'npm run test:slow needs TEST_DATABASE_URL, the postgresql:// URL of a server to make databases on.',
  );

const slow = {
  ...shared,
  displayName: 'slow',
  globals: { testDatabase: 'postgresql', randomProperties: true },
  testMatch: ['<rootDir>/test/slow/**/*.test.ts'],
};

const [embedded] = fast.projects;

export default {
  ...run,
  // Several of these suites start many processes, or measure how long others wait.
  maxWorkers: 1,
  testTimeout: 1_800_000,
  showSeed: true,
  projects: [slow, { ...embedded, globals: { randomProperties: true } }],
};
