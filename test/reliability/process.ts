import { type ChildProcess, spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { root } from '../support/build.ts';

/** Generous, because the machine may be busy. Only a hanging process takes longer. */
const TIMEOUT_MS = 120_000;
/** Only the end of the log is kept, because a server under load for hours would fill the memory. */
const LOG_CHARACTERS = 4_000_000;

/** Environment of a process. It inherits only PATH and HOME. */
export type Environment = Readonly<Record<string, string | undefined>>;
export type Command = readonly [program: string, ...args: string[]];

/** Exit code and output of a process. */
export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface ProcessOptions {
  readonly environment?: Environment;
  /** Working directory. Defaults to the repository. */
  readonly folder?: string;
  /** Receives each line of the log. */
  onLine?(line: string, stream: 'stdout' | 'stderr'): void;
}

const running = new Set<RunningProcess>();

// An early process.exit() must not leave servers behind.
process.once('exit', () => {
  for (const each of running) each.signal('SIGKILL');
});

/** Kills every process of this module that still runs. */
export async function endProcesses(): Promise<void> {
  await Promise.all([...running].map((each) => each.end('SIGKILL')));
}

/** Starts a TypeScript file of this repository. Its path is relative to the root. */
export const startScript = (file: string, args: readonly string[] = [], environment: Environment = {}) =>
  // The process inherits the environment, except for the options of jest.
  new RunningProcess([process.execPath, '--import', 'tsx', file, ...args], {
    environment: { ...process.env, NODE_OPTIONS: '', ...environment },
  });

/** A child process with its log. */
export class RunningProcess {
  /** Resolves when the process has ended. Rejects if the program does not exist. */
  readonly ended: Promise<Ended>;
  private readonly child: ChildProcess;
  private readonly texts = { stdout: '', stderr: '' };
  private readonly waiting = new Set<() => void>();
  /** Position in stdout of the next line to read. */
  private next = 0;

  constructor(
    private readonly command: Command,
    { environment = {}, folder = root, onLine }: ProcessOptions = {},
  ) {
    const [program, ...args] = command;
    const { PATH = '', HOME = '' } = process.env;
    this.child = spawn(program, args, { cwd: folder, env: { PATH, HOME, ...environment }, stdio: 'pipe' });
    // Writing to an ended process fails. `until` reports that to the caller.
    this.child.stdin!.on('error', () => {});
    for (const stream of ['stdout', 'stderr'] as const) {
      const output = this.child[stream]!.setEncoding('utf8');
      output.on('data', (text: string) => this.note(stream, text));
      if (onLine) createInterface({ input: output }).on('line', (line) => onLine(line, stream));
    }
    running.add(this);
    this.ended = new Promise<Ended>((resolve, reject) => {
      this.child.once('error', reject);
      this.child.once('close', (code) => resolve({ code, ...this.texts }));
    }).finally(() => running.delete(this));
    this.ended.catch(() => {});
  }

  get pid(): number {
    return this.child.pid!;
  }

  get isUp(): boolean {
    return this.child.exitCode === null && this.child.signalCode === null;
  }

  /** The end of the output so far. */
  output(): string {
    return this.texts.stdout + this.texts.stderr;
  }

  /**
   * Waits until the output satisfies a condition.
   * @throws Error if the process ends before
   */
  async until(holds: (output: string) => boolean, what: string, withinMs = TIMEOUT_MS): Promise<void> {
    let look = () => {};
    const seen = new Promise<void>((resolve) => {
      look = () => holds(this.output()) && resolve();
      this.waiting.add(look);
      look();
    });
    const early = this.ended.then(({ code }) => {
      if (!holds(this.output())) throw new Error(`${this.name} ended with ${code} before ${what}${this.log}`);
    });
    await this.within(withinMs, Promise.race([seen, early]), what).finally(() => this.waiting.delete(look));
  }

  /** Waits until the output contains a text. */
  written(text: string): Promise<void> {
    return this.until((output) => output.includes(text), JSON.stringify(text));
  }

  /** Waits for the next line of the output. */
  async line(): Promise<string> {
    const isWhole = () => this.texts.stdout.includes('\n', this.next);
    await this.until(isWhole, 'another line');
    const begin = this.next;
    this.next = this.texts.stdout.indexOf('\n', begin) + 1;
    return this.texts.stdout.slice(begin, this.next - 1);
  }

  send(line: string): void {
    this.child.stdin!.write(`${line}\n`);
  }

  /** Closes its standard input. */
  close(input = ''): void {
    this.child.stdin!.end(input);
  }

  /** Sends a signal to the process only. SIGSTOP suspends it, and SIGCONT resumes it. */
  signal(signal: NodeJS.Signals): void {
    if (this.isUp) this.child.kill(signal);
  }

  /** Asks the process to end, and waits. */
  end(signal: NodeJS.Signals = 'SIGTERM', withinMs = TIMEOUT_MS): Promise<Ended> {
    this.signal(signal);
    return this.finish(withinMs);
  }

  /**
   * Waits until the process ends by itself.
   * @throws Error if it has to be killed
   */
  finish(withinMs = TIMEOUT_MS): Promise<Ended> {
    return this.within(withinMs, this.ended, 'its end', () => this.child.kill('SIGKILL'));
  }

  /** Resident memory in MiB. */
  async memory(): Promise<number> {
    const status = await readFile(`/proc/${this.pid}/status`, 'utf8');
    return Number(/VmRSS:\s+(\d+)/.exec(status)![1]) / 1024;
  }

  private get name(): string {
    return this.command.join(' ');
  }

  private get log(): string {
    return `; it wrote:\n${this.output()}`;
  }

  private note(stream: 'stdout' | 'stderr', text: string): void {
    const all = this.texts[stream] + text;
    this.texts[stream] = all.length > 2 * LOG_CHARACTERS ? all.slice(-LOG_CHARACTERS) : all;
    for (const look of this.waiting) look();
  }

  private async within<T>(ms: number, promise: Promise<T>, what: string, giveUp = () => {}): Promise<T> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => {
        giveUp();
        reject(new Error(`${this.name}: waited ${ms} ms for ${what}${this.log}`));
      }, ms);
    });
    return Promise.race([promise, late]).finally(() => clearTimeout(timer));
  }
}
