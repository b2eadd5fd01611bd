import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { signToken } from '../../src/http/tokens.ts';
import { ensureBuilt, root } from '../support/build.ts';

const SECRET = 'a secret of the operating tests, thirty-two bytes or more';
const STARTS_WITHIN = 60_000;
const STOPS_WITHIN = 30_000;
const ERROR = 50;

/** Of the documented world’s administrator. */
export const token = (): string =>
  signToken({ account: 'standalone', email: 'john@example.com' }, { secret: SECRET, minutes: 600 });

/** The real server as it is built, a process of its own, with its log looked through. */
export class Served {
  url = '';
  /** Lines of its log that nothing explains: errors, and what is no log at all. */
  readonly complaints: string[] = [];
  private child: ChildProcess | undefined;

  constructor(
    private readonly environment: Readonly<Record<string, string>>,
    /** Of another release, which is built already; ours unless told. */
    private readonly folder?: string,
  ) {}

  async start(): Promise<this> {
    if (this.folder === undefined) await ensureBuilt();
    const { PATH = '', HOME = '' } = process.env;
    const variables = { PORT: '0', RATE_LIMIT: '0', SEED: 'page', JWT_SECRET: SECRET, METRICS: 'on' };
    const child = spawn(process.execPath, ['dist/main.js'], {
      cwd: this.folder ?? root,
      env: { PATH, HOME, ...variables, ...this.environment },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.child = child;
    const ready = new Promise<string>((resolve) => {
      createInterface({ input: child.stdout }).on('line', (line) => {
        if (!line.startsWith('{')) return;
        const { level, msg = '', err } = JSON.parse(line);
        const url = /^ready at (\S+)/.exec(msg)?.[1];
        if (url) resolve(url);
        if (level >= ERROR) this.complaints.push(`${msg} ${err?.message ?? ''}`.slice(0, 300));
      });
      createInterface({ input: child.stderr }).on('line', (line) => this.complaints.push(line));
      child.once('exit', () => resolve(''));
    });
    const timer = setTimeout(() => child.kill('SIGKILL'), STARTS_WITHIN);
    this.url = await ready.finally(() => clearTimeout(timer));
    if (!this.url) throw new Error(`The server did not start: ${this.complaints.join('\n')}`);
    return this;
  }

  get isUp(): boolean {
    return this.child !== undefined && this.child.exitCode === null && this.child.signalCode === null;
  }

  /** Asks it to stop; answers with the milliseconds that it took, undefined where it had to be killed or failed. */
  async stop(): Promise<number | undefined> {
    const { child } = this;
    if (!child || !this.isUp) return undefined;
    const begun = performance.now();
    const gone = once(child, 'exit');
    child.kill('SIGTERM');
    const timer = setTimeout(() => child.kill('SIGKILL'), STOPS_WITHIN);
    const [code] = await gone;
    clearTimeout(timer);
    return code === 0 ? performance.now() - begun : undefined;
  }

  async kill(): Promise<void> {
    if (!this.child || !this.isUp) return;
    const gone = once(this.child, 'exit');
    this.child.kill('SIGKILL');
    await gone;
  }

  async status(path: string): Promise<number> {
    const answer = await fetch(this.url + path, { signal: AbortSignal.timeout(STOPS_WITHIN) });
    await answer.arrayBuffer();
    return answer.status;
  }

  /** The metrics without labels, and the sums of those with some. */
  async metrics(): Promise<Map<string, number>> {
    const text = await (await fetch(`${this.url}/metrics`)).text();
    const found = new Map<string, number>();
    for (const line of text.split('\n')) {
      const [, name, value] = /^(\w+)(?:\{.*\})? (\S+)$/.exec(line) ?? [];
      if (name) found.set(name, (found.get(name) ?? 0) + Number(value));
    }
    return found;
  }
}

/** What there is to clean up, the last first; also when somebody stops the program: a server of its own would stay. */
export function cleaner() {
  const works: (() => Promise<unknown>)[] = [];
  let last = Promise.resolve();
  // Whoever asks waits for what is being cleaned up already.
  const clean = () => {
    last = last.then(async () => {
      for (const work of works.splice(0).reverse()) await work().catch(() => {});
    });
    return last;
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.once(signal, () => void clean().then(() => process.exit(130)));
  return { afterwards: (work: () => Promise<unknown>) => void works.push(work), clean };
}

/** A line with the seconds since the start; on a terminal, each over the one before. */
export function progressing(): (line: string) => void {
  const begun = performance.now();
  return (line) => {
    const text = `${((performance.now() - begun) / 1000).toFixed(0).padStart(4)} s  ${line}`;
    process.stderr.write(process.stderr.isTTY ? `\r\x1b[K${text}` : `${text}\n`);
  };
}
