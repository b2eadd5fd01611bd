import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('../..', import.meta.url));

/** Whatever serves: a process of its own, that says where. */
export interface Server {
  readonly url: string;
  /** From its start to its saying so, in milliseconds. */
  readonly readyAfter: number;
  /** Resident memory, in MiB. */
  memory(): Promise<number>;
  stop(): Promise<void>;
}

const running = new Set<ChildProcess>();

export async function serve(
  [program, ...args]: readonly [string, ...string[]],
  environment: Readonly<Record<string, string>>,
): Promise<Server> {
  const begun = performance.now();
  const child = spawn(program, args, {
    cwd: root,
    env: { PATH: process.env.PATH, NODE_ENV: 'production', PORT: '0', ...environment },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  running.add(child);
  child.once('exit', () => running.delete(child));
  for await (const line of createInterface(child.stdout!)) {
    const url = /\bready\b.*?(http:\/\/[^\s"]+)/.exec(line)?.[1];
    if (!url) continue;
    // Or what it says later fills the pipe and stops it.
    child.stdout!.resume();
    return {
      url,
      readyAfter: performance.now() - begun,
      memory: async () => {
        const status = await readFile(`/proc/${child.pid}/status`, 'utf8');
        return Number(/VmRSS:\s+(\d+)/.exec(status)![1]) / 1024;
      },
      stop: () => end(child),
    };
  }
  throw new Error(`${args.join(' ')} ended without being ready.`);
}

/** The gateway as an operator serves it, without the limits that would stop a load. */
export const serveGateway = (databaseUrl: string, secret: string): Promise<Server> =>
  serve([process.execPath, 'dist/main.js'], {
    ...{ DATABASE_URL: databaseUrl, JWT_SECRET: secret, SCHEDULER: 'off', RATE_LIMIT: '0', SEED: 'none' },
  });

/** What is written in TypeScript and belongs to the bench. */
export const serveScript = (script: string, databaseUrl: string): Promise<Server> =>
  serve([process.execPath, '--import', 'tsx', `test/bench/${script}`], {
    DATABASE_URL: databaseUrl,
    // The peers' own, since the project's leaves them out.
    TSX_TSCONFIG_PATH: 'test/bench/peers/tsconfig.json',
  });

export async function stopServers(): Promise<void> {
  await Promise.all([...running].map(end));
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGTERM');
  await once(child, 'exit');
}
