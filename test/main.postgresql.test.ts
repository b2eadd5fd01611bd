import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { createPostgresql, dropPostgresql } from './support/database.ts';
import {
  endServers,
  failToStart,
  LISTENING,
  type ServerProcess,
  startServer,
  waitUntilReady,
} from './support/server-process.ts';
import { startWire, type Wire } from './support/wire.ts';

let url: string;
let wire: Wire;
beforeAll(async () => {
  url = await createPostgresql();
  wire = await startWire(url);
});
afterEach(endServers);
afterAll(async () => {
  await wire.stop();
  await dropPostgresql(url);
});

const SECRET = { JWT_SECRET: 'x'.repeat(32) };
const statusOf = async (server: ServerProcess, path: string) => {
  const headers = { authorization: `Bearer ${await server.token()}` };
  const { status } = await fetch(`${server.url}${path}`, { headers });
  return status;
};
const lines = (server: ServerProcess, text: string) =>
  server
    .output()
    .split('\n')
    .filter((line) => line.includes(text));

test('a server whose database is unreachable at its start listens, waits, logs this once, and continues when it can connect', async () => {
  await wire.stop();
  const server = await startServer({ DATABASE_URL: wire.url, ...SECRET, SEED: 'page' }, undefined, LISTENING);
  await server.written('Waiting for the database');
  expect(await statusOf(server, '/healthz')).toBe(200);
  expect(await statusOf(server, '/readyz')).toBe(503);
  expect(await statusOf(server, '/api/v2/script-profiles')).toBe(503);

  await wire.start();
  await server.written('ready at');
  await waitUntilReady(server);
  expect(await statusOf(server, '/api/v2/script-profiles')).toBe(200);
  expect(lines(server, 'Waiting for the database')).toHaveLength(1);
  expect(lines(server, 'The database answers. The start continues.')).toHaveLength(1);
  expect((await server.end()).code).toBe(0);
});

test('a server that waits for its database exits with 0 if it is asked to stop', async () => {
  await wire.stop();
  const server = await startServer({ DATABASE_URL: wire.url, ...SECRET }, undefined, LISTENING);
  await server.written('Waiting for the database');
  const { code, stdout } = await server.end();
  expect(code).toBe(0);
  expect(stdout).toContain('No server listens there');
  await wire.start();
});

test('a server exits with 1 if waiting cannot help, says what to do, and shows no password', async () => {
  const missing = new URL(url);
  missing.pathname = '/gateway_test_nowhere';
  missing.password = 'hunter2';
  const { code, stdout, stderr } = await failToStart({ DATABASE_URL: missing.href, ...SECRET });
  expect(code).toBe(1);
  expect(stderr).toContain('database "gateway_test_nowhere" does not exist');
  expect(stderr).toContain("CREATE DATABASE gateway OWNER gateway ENCODING 'UTF8'");
  expect(stdout + stderr).not.toContain('hunter2');
});
