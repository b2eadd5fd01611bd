import { chmod } from 'node:fs/promises';
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { openDatabase } from '../../src/database/database.ts';
import { freshFolder } from '../support/database.ts';
import { endServers, runCommand, startServer, temporaryFolder } from '../support/server-process.ts';

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let environment: Record<string, string>;
beforeAll(async () => {
  folder = await temporaryFolder('doctor-');
  await freshFolder(`${folder.path}/db`);
  environment = { DATABASE_URL: `pglite:${folder.path}/db`, SEED: 'demo' };
});
afterEach(endServers);
afterAll(() => folder.remove());

const doctor = (variables = {}) =>
  runCommand('doctor', [], { environment: { ...environment, ...variables } });
const healthy = () => ({
  code: 0,
  stdout: `No problem found in the configuration, database, clock and slot ledger of ${folder.path}/db.\n`,
  stderr: '',
});

test('npm run doctor finds nothing in a healthy database, with a running server or without, and then finds a fault', async () => {
  const server = await startServer(environment);
  expect(await doctor()).toEqual(healthy());
  await server.end();
  expect(await doctor()).toEqual(healthy());

  const database = await openDatabase({ url: environment.DATABASE_URL! });
  await database.prisma.$executeRawUnsafe('drop index activity_failures_idx');
  await database.close();
  await chmod(`${folder.path}/db.jwt-secret`, 0o644);
  await chmod(`${folder.path}/db`, 0o755);
  await chmod(`${folder.path}/db/PG_VERSION`, 0o666);
  const found = await doctor();
  expect(found).toMatchObject({ code: 1, stderr: '' });
  expect(found.stdout).toMatch(
    /^configuration: other users than the owner may read \S+\/db\.jwt-secret \(mode 644\)\.\n {2}→ run chmod 600 /,
  );
  expect(found.stdout).toMatch(
    /\nconfiguration: other users than the owner may read 2 files and folders of the database \S+\/db\.\n {2}→ restart/,
  );
  expect(found.stdout).toContain(
    'database: objects of the migrations are missing, invalid or disabled: index activity_failures_idx on activity.\n  → ',
  );
}, 600_000);

test('npm run doctor with an invalid configuration reports each fault, and opens no database', async () => {
  const found = await doctor({ PORT: 'http', SCHEDULER: 'yes', JWT_SECRET: 'short' });
  expect(found).toMatchObject({ code: 1, stderr: '' });
  expect(found.stdout.match(/^configuration: /gm)).toHaveLength(3);
  expect(found.stdout).toContain('SCHEDULER must be on or off; found "yes".\n  → set it');
  expect(found.stdout).not.toContain('short');
});

test('npm run doctor without a reachable database says so, and shows no password', async () => {
  const url = 'postgresql://gateway:hunter2@127.0.0.1:1/gateway';
  const found = await doctor({ DATABASE_URL: url, JWT_SECRET: 'x'.repeat(32) });
  expect(found).toMatchObject({ code: 1, stderr: '' });
  expect(found.stdout).toContain(
    'database: Cannot open the database "gateway" of the PostgreSQL server at 127.0.0.1:1: ',
  );
  expect(found.stdout).not.toContain('hunter2');
});

test.each([
  ['pglite:/nowhere/db', 'the folder /nowhere/db contains no database'],
  ['pglite:memory', 'which only its own server can examine'],
])('npm run doctor of %s reports that it has nothing to examine, not that all is well', async (url, says) => {
  const found = await doctor({ DATABASE_URL: url, JWT_SECRET: 'x'.repeat(32) });
  expect(found).toMatchObject({ code: 1, stderr: '' });
  expect(found.stdout).toContain(says);
});

test('npm run doctor --json prints each finding with its remedy, for machines', async () => {
  const variables = {
    DATABASE_URL: 'postgresql://gateway:hunter2@127.0.0.1:1/gateway',
    JWT_SECRET: 'x'.repeat(32),
  };
  const found = await runCommand('doctor', ['--json'], {
    environment: { ...variables, NODE_ENV: 'production' },
  });
  expect(found).toMatchObject({ code: 1, stderr: '' });
  expect(JSON.parse(found.stdout)).toEqual({
    findings: [
      {
        of: 'configuration',
        says: expect.stringContaining(
          'TRUSTED_PROXIES is not set, and HOST=127.0.0.1 accepts only this machine',
        ),
        advice: expect.stringContaining('set TRUSTED_PROXIES=127.0.0.1'),
      },
      {
        of: 'database',
        says: expect.stringContaining(
          'Cannot open the database "gateway" of the PostgreSQL server at 127.0.0.1:1',
        ),
        advice: expect.stringContaining('no server listens there'),
      },
    ],
  });
  expect(found.stdout).not.toContain('hunter2');
});
