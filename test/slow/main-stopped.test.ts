import { readdir } from 'node:fs/promises';
import { connect } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { freshFolder } from '../support/database.ts';
import { waitUntilRefused } from '../support/free-port.ts';
import {
  endServers,
  interruptStart,
  type ServerProcess,
  startServer,
  temporaryFolder,
} from '../support/server-process.ts';

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
beforeAll(async () => {
  folder = await temporaryFolder('main-');
  await freshFolder(`${folder.path}/running`);
});
afterEach(endServers);
afterAll(() => folder.remove());

const on = (name: string) => ({ DATABASE_URL: `pglite:${folder.path}/${name}` });
const get = async (server: ServerProcess, path: string, token: string) => {
  const answer = await fetch(`${server.url}${path}`, { headers: { authorization: `Bearer ${token}` } });
  // biome-ignore lint/suspicious/noExplicitAny: a test reads answers of any shape
  return { status: answer.status, body: (await answer.json()) as any };
};

describe('if it is asked to stop,', () => {
  test('a server answers connected clients, and /readyz reports that it is not ready', async () => {
    const server = await startServer({ ...on('running'), SEED: 'page' });
    const token = await server.token();
    const open = ['/api/v2/script-profile-limits', '/readyz', '/api/v2/nothing'].map((path) => {
      const socket = connect(Number(new URL(server.url).port), '127.0.0.1').setEncoding('utf8');
      socket.write(`GET ${path} HTTP/1.1\r\nhost: here\r\nauthorization: Bearer ${token}\r\n`);
      return socket;
    });
    // A later request has been answered, so the server has received the start of the earlier ones.
    await get(server, '/api/v2/script-profiles', token);

    const ended = server.end('SIGTERM');
    await server.written('finishing the open requests');
    const answers = await Promise.all(
      open.map(async (socket) => {
        socket.write('\r\n');
        let answer = '';
        for await (const text of socket) answer += text;
        return answer;
      }),
    );
    expect(answers[0]).toMatch(/^HTTP\/1.1 200 .*"max_num_profiles":/s);
    expect(answers[1]).toMatch(/^HTTP\/1.1 503 .*"status":"not ready"/s);
    expect(answers[2]).toMatch(/^HTTP\/1.1 404 .*"error":"NotFound"/s);
    for (const answer of answers) expect(answer).toMatch(/^connection: close\r$/im);
    expect((await ended).code).toBe(0);
  });

  test('a server with a delay reports immediately that it is not ready, and continues to answer new clients', async () => {
    const server = await startServer({ ...on('running'), SEED: 'page', SHUTDOWN_DELAY: '10' });
    const token = await server.token();
    const ended = server.end('SIGTERM');
    await server.written('no longer ready');
    expect((await fetch(`${server.url}/readyz`)).status).toBe(503);
    expect((await get(server, '/api/v2/script-profiles', token)).status).toBe(200);
    const { code, stdout } = await ended;
    expect(code).toBe(0);
    expect(stdout).toContain('finishing the open requests');
  });

  const left = async (name: string) =>
    (await readdir(folder.path)).filter((entry) => entry.startsWith(`${name}.`)).sort();

  test('a server that is starting exits with 0, leaves no lock, and the next start works', async () => {
    const { code } = await interruptStart({ ...on('cut'), SEED: 'page' }, 'Applied the migration');
    expect(code).toBe(0);
    // It may leave the unfinished database, which the next start removes.
    expect((await left('cut')).filter((entry) => entry !== 'cut.new')).toEqual(['cut.jwt-secret']);
    const server = await startServer({ ...on('cut'), SEED: 'page' });
    const { body } = await get(server, '/api/v2/script-profiles', await server.token());
    expect(body.count).toBe(3);
  });

  test('a server behind npm, which is the process that a supervisor sees, ends too', async () => {
    const server = await startServer({ ...on('cut'), SEED: 'page' }, ['npm', 'run', 'serve']);
    // It has ended if no process is left that could write.
    expect((await server.end('SIGTERM')).stdout).toContain('finishing the open requests');
    expect(await left('cut')).toEqual(['cut.jwt-secret']);
    await waitUntilRefused(Number(new URL(server.url).port));
  });
});
