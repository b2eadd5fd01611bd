import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureBuilt, root } from './build.ts';

/** Node that the server runs on: CI tries a newer one too. */
const node = process.env.SERVE_WITH ?? process.execPath;
const patience = 120_000;

/** How a process ended, and all that it wrote. */
export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** The real server, as a process of its own. */
export interface ServerProcess {
  readonly url: string;
  readonly pid: number;
  /** All that it has written until now. */
  output(): string;
  /** A token as `npm run token` makes it, with the server's environment. */
  token(...options: string[]): Promise<string>;
  /** Waits for a line that it writes. */
  written(text: string): Promise<void>;
  /** Resolves once it has ended, of itself too. */
  readonly ended: Promise<Ended>;
  /** Sends the signal (to it alone), and waits until it has ended. */
  end(signal?: NodeJS.Signals): Promise<Ended>;
}

/** Variables of the process; nothing else is inherited but where to find programs. */
export type Environment = Readonly<Record<string, string>>;

const READY = /\bready\b.*?(http:\/\/[^\s"]+)/;
/** Before it is ready: while its database is away. */
export const LISTENING = /Server listening at (http:\/\/[^\s"]+)/;

/** Starts the server on a free port, and waits until it says that it is ready; through npm if that is given. */
export async function startServer(
  environment: Environment,
  [program, ...args]: readonly [string, ...string[]] = [node, 'dist/main.js'],
  ready = READY,
): Promise<ServerProcess> {
  await ensureBuilt();
  const variables = { PORT: '0', ...environment };
  const running = launch(program, args, variables);
  servers.add(running.child);
  running.child.once('exit', () => servers.delete(running.child));
  await running.until((output) => ready.test(output), `a line like ${ready}`);
  return {
    url: ready.exec(running.output())![1]!,
    pid: running.child.pid!,
    output: running.output,
    written: (text) => running.until((output) => output.includes(text), JSON.stringify(text)),
    token: async (...options) => {
      const args = options.length > 0 ? options : ['--email', 'john@example.com'];
      const { code, stdout, stderr } = await runCommand('token', args, { environment: variables });
      if (code !== 0) throw new Error(stderr);
      return stdout.trim();
    },
    get ended() {
      return running.ended;
    },
    end: async (signal = 'SIGTERM') => {
      running.child.kill(signal);
      return running.ended;
    },
  };
}

const servers = new Set<ChildProcess>();

/** For `afterAll`: ends, without asking, the servers that a failed test left running. */
export async function endServers(): Promise<void> {
  const gone = [...servers].map((child) => new Promise((resolve) => child.once('exit', resolve)));
  for (const child of servers) child.kill('SIGKILL');
  await Promise.all(gone);
}

/** Starts the server where it is to fail. */
export async function failToStart(environment: Environment): Promise<Ended> {
  await ensureBuilt();
  return launch(node, ['dist/main.js'], { PORT: '0', ...environment }).ended;
}

/** Asks the server to stop as soon as it has written something, and waits until it has ended. */
export async function interruptStart(environment: Environment, text: string): Promise<Ended> {
  await ensureBuilt();
  const running = launch(node, ['dist/main.js'], { PORT: '0', ...environment });
  await running.until((output) => output.includes(text), JSON.stringify(text));
  running.child.kill('SIGTERM');
  return running.ended;
}

/** Runs one of src/commands, as built. */
export async function runCommand(
  name: string,
  args: readonly string[],
  { environment = {}, input = '' }: { environment?: Environment; input?: string } = {},
): Promise<Ended> {
  await ensureBuilt();
  return runProgram(node, [`dist/commands/${name}.js`, ...args], { environment, input });
}

/** Runs any program to its end, in the repository's folder unless told. */
export function runProgram(
  program: string,
  args: readonly string[],
  options: { environment?: Environment; input?: string; folder?: string } = {},
): Promise<Ended> {
  const { child, ended } = launch(program, args, options.environment ?? {}, options.folder);
  child.stdin!.on('error', () => {});
  child.stdin!.end(options.input ?? '');
  return ended;
}

/** Runs a command as a person pastes it; curl says nothing of its progress, and ends with the status. */
export async function paste(command: string, environment: Environment = {}) {
  const home = await temporaryFolder('curl-');
  try {
    await writeFile(
      join(home.path, '.curlrc'),
      'silent\nshow-error\nmax-time = 30\nwrite-out = "\\n%{http_code}"\n',
    );
    const { code, stdout, stderr } = await runProgram('sh', ['-c', command], {
      environment: { ...environment, HOME: home.path, CURL_HOME: home.path },
      folder: home.path,
    });
    if (code !== 0) throw new Error(`${command}\nended with ${code}: ${stderr}`);
    const end = stdout.lastIndexOf('\n');
    return { status: Number(stdout.slice(end + 1)), body: stdout.slice(0, end) };
  } finally {
    await home.remove();
  }
}

export async function temporaryFolder(prefix: string) {
  const path = await realpath(await mkdtemp(join(tmpdir(), prefix)));
  return { path, remove: () => rm(path, { recursive: true, force: true }) };
}

function launch(program: string, args: readonly string[], environment: Environment, folder = root) {
  const { PATH = '', HOME = '' } = process.env;
  const child: ChildProcess = spawn(program, args, {
    cwd: folder,
    env: { PATH, HOME, ...environment },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  const written = { stdout: '', stderr: '' };
  const listeners = new Set<() => void>();
  for (const stream of ['stdout', 'stderr'] as const) {
    child[stream]!.setEncoding('utf8').on('data', (text: string) => {
      written[stream] += text;
      for (const listener of listeners) listener();
    });
  }
  const output = () => written.stdout + written.stderr;
  const closed = new Promise<Ended>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, ...written }));
  });
  const what = [program, ...args].join(' ');
  return {
    child,
    output,
    /** Asked for late, so that a server may live as long as its test wants it to. */
    get ended(): Promise<Ended> {
      return within(
        closed,
        () => `${what} to end; it wrote:\n${output()}`,
        () => child.kill('SIGKILL'),
      );
    },
    until: (holds: (output: string) => boolean, awaited: string) => {
      const seen = new Promise<void>((resolve) => {
        const look = () => holds(output()) && resolve();
        listeners.add(look);
        look();
      });
      const early = closed.then(({ code }) => {
        if (holds(output())) return;
        throw new Error(`${what} ended with ${code} before ${awaited}:\n${output()}`);
      });
      return within(Promise.race([seen, early]), () => `${awaited}; ${what} wrote:\n${output()}`);
    },
  };
}

async function within<T>(promise: Promise<T>, what: () => string, giveUp = () => {}): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      giveUp();
      reject(new Error(`Waited ${patience} ms for ${what()}`));
    }, patience);
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}
