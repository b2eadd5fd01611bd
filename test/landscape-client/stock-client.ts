import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { request as ask, createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { waitUntil } from '../support/waiting.ts';

/** The checkout that LANDSCAPE_CLIENT names. Without it, jest.config.js does not define this project. */
const CHECKOUT = process.env.LANDSCAPE_CLIENT ?? '';

/** Its processes run as this user, without a watchdog, and with intervals of seconds. */
const environment = {
  ...process.env,
  LANDSCAPE_CLIENT_USER: 'root',
  LANDSCAPE_CLIENT_BUILDING: '1',
  PYTHONOPTIMIZE: '1',
  NODE_OPTIONS: '',
};

export interface StockClientOptions {
  readonly url: string;
  readonly title: string;
  readonly key: string;
  readonly tags?: string;
  /** Number of additional agents in the same processes. */
  readonly clones?: number;
}

/** An unmodified landscape-client in a separate folder. */
export class StockClient {
  private readonly processes: ChildProcess[] = [];

  private constructor(readonly folder: string) {}

  static async in({ url, title, key, tags = '', clones = 0 }: StockClientOptions): Promise<StockClient> {
    const folder = await mkdtemp(join(tmpdir(), 'stock-client-'));
    for (const part of ['data', 'log']) await mkdir(join(folder, part));
    const settings = {
      url: `${url}/message-system`,
      ping_url: `${url}/ping`,
      data_path: join(folder, 'data'),
      log_dir: join(folder, 'log'),
      log_level: 'debug',
      account_name: 'standalone',
      computer_title: title,
      registration_key: key,
      tags,
      exchange_interval: 5,
      urgent_exchange_interval: 1,
      ping_interval: 1,
      stagger_launch: 0,
      monitor_plugins: 'ComputerTags',
      manager_plugins: '',
      include_manager_plugins: 'ScriptExecution',
      script_users: 'ALL',
      ...(clones > 0 && { clones, start_clones_over: 2 }),
    };
    const lines = Object.entries(settings).map(([name, value]) => `${name} = ${value}`);
    await writeFile(join(folder, 'client.conf'), ['[client]', ...lines, ''].join('\n'));
    return new StockClient(folder);
  }

  get database(): string {
    return join(this.folder, 'data', 'exchange.database');
  }

  /** Runs `landscape-config`, and returns its exit code. */
  async configure(): Promise<number> {
    const args = ['-c', join(this.folder, 'client.conf'), '--silent', '--no-start'];
    const running = promisify(execFile)('scripts/landscape-config', args, {
      cwd: CHECKOUT,
      env: environment,
    });
    return running.then(
      () => 0,
      (error: { code: number }) => error.code,
    );
  }

  /** Starts the broker, and then the manager, which runs the scripts. */
  async start(): Promise<void> {
    this.launch('landscape-broker');
    const socket = join(this.folder, 'data', 'sockets', 'broker.sock');
    await waitUntil('the broker listens', () => existsSync(socket));
    this.launch('landscape-manager');
  }

  log(): Promise<string> {
    return readFile(join(this.folder, 'log', 'broker.log'), 'utf8');
  }

  private launch(script: string): void {
    const args = ['-c', join(this.folder, 'client.conf'), '-q'];
    this.processes.push(
      spawn(`scripts/${script}`, args, { cwd: CHECKOUT, env: environment, stdio: 'ignore' }),
    );
  }

  async stop(): Promise<void> {
    for (const child of this.processes.splice(0)) {
      if (child.exitCode !== null) continue;
      const ended = once(child, 'exit');
      child.kill('SIGTERM');
      await ended;
    }
    await rm(this.folder, { recursive: true, force: true });
  }
}

/** A proxy that drops every third answer to an exchange after the server has processed it. */
export async function lossyWay(
  url: string,
): Promise<{ url: string; lost(): number; close(): Promise<void> }> {
  let [exchanges, lost] = [0, 0];
  const server: Server = createServer(async (request, reply) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const { method, headers } = request;
    const onward = ask(url + request.url, { method, headers, agent: false }, async (answer) => {
      const body: Buffer[] = [];
      for await (const chunk of answer) body.push(chunk as Buffer);
      if (request.url === '/message-system') exchanges += 1;
      if (request.url === '/message-system' && exchanges % 3 === 0) {
        lost += 1;
        request.socket.destroy();
        return;
      }
      reply.writeHead(answer.statusCode!, { 'content-length': Buffer.concat(body).length });
      reply.end(Buffer.concat(body));
    });
    onward.on('error', () => request.socket.destroy());
    onward.end(Buffer.concat(chunks));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    lost: () => lost,
    close: async () => {
      server.closeAllConnections();
      server.close();
    },
  };
}
