import { existsSync } from 'node:fs';
import { readdir, readFile, stat } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { root } from './support/build.ts';
import { freshFolder } from './support/database.ts';
import { waitUntilRefused } from './support/free-port.ts';
import {
  endServers,
  failToStart,
  paste,
  type ServerProcess,
  startServer,
  temporaryFolder,
  waitUntilReady,
} from './support/server-process.ts';

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
beforeAll(async () => {
  folder = await temporaryFolder('main-');
  for (const name of ['plain', 'running', 'taken']) await freshFolder(`${folder.path}/${name}`);
});
afterEach(endServers);
afterAll(() => folder.remove());

const on = (name: string) => ({ DATABASE_URL: `pglite:${folder.path}/${name}` });
const get = async (server: ServerProcess, path: string, token: string) => {
  const answer = await fetch(`${server.url}${path}`, { headers: { authorization: `Bearer ${token}` } });
  // biome-ignore lint/suspicious/noExplicitAny: a test reads answers of any shape
  return { status: answer.status, body: (await answer.json()) as any };
};
const shown = (server: ServerProcess, label: string) =>
  new RegExp(`^  ${label} +(.+)$`, 'm').exec(server.output())?.[1];
const curlOf = (server: ServerProcess) => /^ {2}(curl .+)$/m.exec(server.output())?.[1] ?? '';
const tokenIn = (curl: string) => /Bearer ([\w.-]+)/.exec(curl)?.[1] ?? '';

describe('a start with an empty folder', () => {
  test('prints URLs, a password and a working curl command, and the next start keeps all data', async () => {
    const first = await startServer(on('empty'));
    const hasConsole = existsSync(`${root}/dist/console/index.html`);
    expect(shown(first, 'console')).toBe(hasConsole ? `${first.url}/` : undefined);
    expect(first.output().includes('The web console is not built')).toBe(!hasConsole);
    expect(shown(first, 'GraphQL')).toBe(`${first.url}/graphql`);
    expect(shown(first, 'REST')).toBe(`${first.url}/api/v2/script-profiles`);
    expect(shown(first, 'administrator')).toBe('john@example.com');
    const password = shown(first, 'password');
    expect(password).toMatch(/^(\w{4}-){4}\w{4}$/);

    const pasted = await paste(curlOf(first));
    expect(pasted.status).toBe(200);
    const profiles = JSON.parse(pasted.body);
    expect(profiles.count).toBeGreaterThanOrEqual(3);
    const token = tokenIn(curlOf(first));
    const archived = profiles.results[0].id;
    const path = `/api/v2/script-profiles/${archived}`;
    const archive = await fetch(`${first.url}${path}:archive`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}` },
    });
    expect(archive.status).toBe(204);
    const before = await get(first, path, token);
    const secret = `${folder.path}/empty.jwt-secret`;
    expect((await stat(secret)).mode & 0o777).toBe(0o600);
    const secretBefore = await readFile(secret, 'utf8');
    const ended = await first.end('SIGTERM');
    expect(ended.code).toBe(0);
    expect((await readdir(folder.path)).filter((name) => name.startsWith('empty')).sort()).toEqual([
      'empty',
      'empty.jwt-secret',
    ]);

    const second = await startServer(on('empty'));
    expect(await readFile(secret, 'utf8')).toBe(secretBefore);
    expect(await get(second, path, token)).toEqual(before);
    expect((await get(second, '/api/v2/script-profiles', token)).body.count).toBe(profiles.count - 1);
    // The password is not stored, and no new one is generated.
    expect(second.output()).not.toContain(password);
    expect(shown(second, 'password')).toContain('npm run admin');
    // Its output may go to a log, which others can read.
    expect(second.output()).not.toMatch(/eyJ/);
    expect(curlOf(second)).toContain('Bearer $(npm run --silent token -- --email john@example.com)');
  });
});

test('without a demonstration a start prints no credentials, but its URL', async () => {
  const server = await startServer({ ...on('plain'), SEED: 'none' });
  expect(server.output()).not.toContain('administrator');
  const lines = server
    .output()
    .split('\n')
    .filter((line) => line.includes('ready'));
  expect(lines).toHaveLength(1);
  expect(lines[0]).toContain(server.url);
  expect((await fetch(`${server.url}/healthz`)).status).toBe(200);
  await waitUntilReady(server);
  // A token for an unknown person is refused.
  expect((await get(server, '/api/v2/script-profiles', await server.token())).status).toBe(401);

  await server.written(
    `No account exists yet. Create one in a dashboard, with POST ${server.url}/api/v2/standalone-account`,
  );
  const post = (path: string, body: object) =>
    fetch(`${server.url}/api/v2${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
  const ada = { email: 'ada@example.com', password: 'a long password' };
  expect((await post('/standalone-account', { name: 'Ada', ...ada })).status).toBe(201);
  expect((await post('/login', ada)).status).toBe(200);
});

describe('a server that runs', () => {
  let server: ServerProcess;
  const started = async () => {
    server = await startServer({ ...on('running'), SEED: 'page' });
    return server.token();
  };

  test('refuses its folder to a second server, which exits with 1 and names it, and keeps its data', async () => {
    const token = await started();
    const before = await get(server, '/api/v2/script-profiles?archived=all', token);
    for (const name of ['running', 'running/']) {
      const { code, stderr, stdout } = await failToStart(on(name));
      expect(code).toBe(1);
      expect(stderr).toContain(`in use by process ${server.pid} `);
      expect(stderr).toContain('Nothing was changed.');
      expect(stdout).toBe('');
    }
    expect(await get(server, '/api/v2/script-profiles?archived=all', token)).toEqual(before);
    expect((await server.end()).code).toBe(0);
  });

  test('finishes a request that is arriving when it is asked to stop, accepts no new ones, and exits with 0', async () => {
    const token = await started();
    const { port } = new URL(server.url);
    const body = JSON.stringify({ query: '{ viewer { person { email } } }' });
    const socket = connect(Number(port), '127.0.0.1');
    let answer = '';
    const answered = new Promise((resolve) => {
      socket.setEncoding('utf8').on('data', (text) => {
        answer += text;
      });
      socket.once('close', resolve);
    });
    socket.write(
      `POST /graphql HTTP/1.1\r\nhost: here\r\nauthorization: Bearer ${token}\r\n` +
        `content-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body.slice(0, 10)}`,
    );
    // A later request has been answered, so the server has received the start of the first one.
    await get(server, '/api/v2/script-profiles', token);

    const ended = server.end('SIGTERM');
    await server.written('finishing the open requests');
    await waitUntilRefused(Number(port));
    socket.write(body.slice(10));
    await answered;
    expect(answer).toMatch(/^HTTP\/1.1 200 /);
    expect(answer).toContain('"email":"john@example.com"');
    expect((await ended).code).toBe(0);
  });
});

describe('a start that is impossible', () => {
  test('because of several values of its environment exits with 1 and names them all, but shows no secret', async () => {
    const { code, stdout, stderr } = await failToStart({
      ...on('never'),
      PORT: 'eighty',
      SEED: 'everything',
      JWT_SECRET: 'too short to be one',
      ADMIN_PASSWORD: 'hunter2',
      DATABASE_DIRECT_URL: 'mysql://root:hunter2@db.example.com/fleet',
    });
    expect(code).toBe(1);
    expect(stdout).toBe('');
    for (const name of ['PORT', 'SEED', 'JWT_SECRET', 'ADMIN_PASSWORD', 'DATABASE_DIRECT_URL']) {
      expect(stderr).toMatch(new RegExp(`^ *${name} must be .*; found .*\\.$`, 'm'));
    }
    expect(stderr).not.toContain('too short');
    expect(stderr).not.toContain('hunter2');
    expect(existsSync(`${folder.path}/never`)).toBe(false);
  });

  test('because the port of the metrics is in use names that port, and suggests ports for replicas', async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const { port } = other.address() as { port: number };
    const { code, stderr } = await failToStart({ ...on('running'), METRICS_PORT: String(port) });
    await new Promise((resolve) => other.close(resolve));
    expect(code).toBe(1);
    expect(stderr).toContain(`METRICS_PORT must be a free port of 127.0.0.1; found ${port}`);
    expect(stderr).toContain('METRICS_PORT=+10000');
  });

  test('because its port is in use names the port, and loads no data whose password would be lost', async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const { port } = other.address() as { port: number };
    const { code, stdout, stderr } = await failToStart({ ...on('taken'), PORT: String(port) });
    await new Promise((resolve) => other.close(resolve));

    expect(code).toBe(1);
    expect(stderr).toContain(`PORT must be a free port of 127.0.0.1; found ${port}`);
    expect(stdout).not.toContain('password');
    const next = await startServer(on('taken'));
    expect(shown(next, 'password')).toMatch(/^(\w{4}-){4}\w{4}$/);
    await next.end();
    expect(existsSync(`${folder.path}/taken.lock`)).toBe(false);
  });
});
