import { readFile } from 'node:fs/promises';
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import pg from 'pg';
import { migrate } from '../../src/database/migrations/migrate.ts';
import { postgresqlAdapter } from '../../src/database/postgresql/postgresql-adapter.ts';
import { openSession } from '../../src/database/postgresql/postgresql-session.ts';
import { createPostgresql, dropPostgresql, freshFolder } from '../support/database.ts';
import {
  endServers,
  failToStart,
  runCommand,
  startServer,
  temporaryFolder,
} from '../support/server-process.ts';

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let environment: Record<string, string>;
let to: string;
beforeAll(async () => {
  folder = await temporaryFolder('move-');
  environment = { DATABASE_URL: `pglite:${folder.path}/db`, SEED: 'demo', SCHEDULER: 'off' };
  await freshFolder(`${folder.path}/db`);
  to = await createPostgresql();
});
afterEach(endServers);
afterAll(async () => {
  await dropPostgresql(to);
  await folder.remove();
});

const move = (...args: string[]) => runCommand('move', args, { environment });
const ask = async (sql: string) => {
  const client = new pg.Client({ connectionString: to });
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
};
const profilesOf = async (url: string, token: string) => {
  const headers = { authorization: `Bearer ${token}` };
  return (await fetch(`${url}/api/v2/script-profiles?archived=all`, { headers })).json();
};

test('npm run move asks a server that has the database open, and moves everything or nothing, and the server ends', async () => {
  const server = await startServer(environment);
  const token = await server.token();
  const profiles = await profilesOf(server.url, token);
  expect(profiles).toMatchObject({ count: 8 });

  // Compares row by row, so a server that changes the moved data is detected.
  const pool = openSession(to, () => {});
  await migrate(postgresqlAdapter(pool));
  await pool.end();
  await ask(`
    create function spoil() returns trigger language plpgsql as $$
      begin new.username = lower(new.username) || case when new.id = 4 then ' ' else '' end; return new; end $$;
    create trigger spoil before insert on script_profile for each row execute function spoil()`);
  const spoiled = await move('--to', to);
  expect({ code: spoiled.code, stdout: spoiled.stdout }).toEqual({ code: 1, stdout: '' });
  expect(spoiled.stderr).toContain(
    'The copy of the table script_profile differs: the row {"account_id":1,"id":4}',
  );
  expect(await ask('select * from account')).toEqual([]);
  await ask('drop trigger spoil on script_profile');

  // A database that contains data is refused, too.
  await ask(`insert into account (name, title, created_at) values ('x', 'X', '2025-01-01')`);
  expect((await move('--to', to)).stderr).toContain('is not empty: the table account has rows');
  await ask('delete from account');
  expect(await profilesOf(server.url, token)).toEqual(profiles);

  const moved = await move('--to', to);
  expect(moved).toMatchObject({
    code: 0,
    stderr: expect.stringMatching(/copied (\d+) of \1 rows\n.*compared \1 of \1 rows\n$/s),
  });
  expect(moved.stdout).toMatch(/^\d+ rows in \d+ tables were moved and compared with their copies\./);
  await server.written('The database was moved: finishing the open requests.');
  // It ends by itself. A signal in its last moments would end it differently, and the folder is in use until then.
  expect((await server.ended).code).toBe(0);
  expect(server.output()).not.toContain(new URL(to).password || 'no password here');

  // No server may start on the remaining folder, and continue with half of the data.
  expect(await failToStart(environment)).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('was moved to postgresql://'),
  });
  const JWT_SECRET = await readFile(`${folder.path}/db.jwt-secret`, 'utf8');
  const onServer = await startServer({ DATABASE_URL: to, JWT_SECRET, SCHEDULER: 'off' });
  expect(await profilesOf(onServer.url, token)).toEqual(profiles);
  const doctor = await runCommand('doctor', [], { environment: { DATABASE_URL: to, JWT_SECRET } });
  expect(doctor).toMatchObject({ code: 0, stdout: expect.stringContaining('No problem found') });
}, 600_000);

test('npm run move to another kind of server exits with the reason, and shows no password', async () => {
  expect(await move('--to', 'mysql://root:hunter2@db/x')).toMatchObject({
    code: 2,
    stderr: expect.not.stringContaining('hunter2'),
  });
  environment = { ...environment, DATABASE_URL: 'pglite:/nonexistent/db' };
  expect(await move('--to', to)).toMatchObject({
    code: 1,
    stderr: 'The folder /nonexistent/db contains no database.\n',
  });
});
