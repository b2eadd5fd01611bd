import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

export interface Child {
  readonly pid: number;
  /** The next line that it prints. */
  line(): Promise<string>;
  send(line: string): void;
  /** Sends the signal (to it alone) and waits until it has ended. */
  end(signal?: NodeJS.Signals): Promise<void>;
}

const patience = 120_000;

/** Runs a TypeScript file of this folder as a process of its own. What it reports on stderr goes to ours. */
export function startChild(script: string, ...args: string[]): Child {
  const file = fileURLToPath(new URL(script, import.meta.url));
  const child = spawn(process.execPath, ['--import', 'tsx', file, ...args], {
    stdio: ['pipe', 'pipe', 'inherit'],
    // Without jest's own flags.
    env: { ...process.env, NODE_OPTIONS: '' },
  });
  const ended = new Promise<void>((resolve) => {
    child.once('exit', () => resolve());
  });
  // A child that is gone takes no more lines; whoever waits for its answer is told below.
  child.stdin.on('error', () => {});
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    pid: child.pid!,
    line: async () => {
      const { value, done } = await within(lines.next(), `${script} to print a line`);
      if (done) throw new Error(`${script} ended without printing another line.`);
      return value;
    },
    send: (line) => child.stdin.write(`${line}\n`),
    end: async (signal = 'SIGTERM') => {
      child.kill(signal);
      await within(ended, `${script} to end`);
    },
  };
}

async function within<T>(promise: Promise<T>, what: string): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`Waited ${patience} ms for ${what}.`)), patience);
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}
