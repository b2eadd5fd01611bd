import { mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type Command,
  type Ended,
  type Environment,
  RunningProcess,
  startScript,
} from '../reliability/process.ts';
import { node, startServer as start } from '../reliability/server.ts';
import { ensureBuilt } from './build.ts';
import { waitUntil } from './waiting.ts';

export { endProcesses as endServers } from '../reliability/process.ts';
export { LISTENING } from '../reliability/server.ts';

/** The real server in a separate process. */
export type ServerProcess = Awaited<ReturnType<typeof startServer>>;

/** Starts the server on a free port, optionally through npm, and waits until it is ready. */
export async function startServer(environment: Environment, command?: Command, ready?: RegExp) {
  const { url, process } = await start(environment, command, ready);
  return {
    url,
    pid: process.pid,
    /** Resolves when the process has ended, also by itself. */
    ended: process.ended,
    output: () => process.output(),
    /** Waits until the output contains a text. */
    written: (text: string) => process.written(text),
    /** Sends the signal only to this process, and waits until it has ended. */
    end: (signal?: NodeJS.Signals) => process.end(signal),
    /** Runs `npm run token` with the server's environment, and returns the token. */
    token: async (...options: string[]) => {
      const args = options.length > 0 ? options : ['--email', 'john@example.com'];
      const { code, stdout, stderr } = await runCommand('token', args, { environment });
      if (code !== 0) throw new Error(stderr);
      return stdout.trim();
    },
  };
}

/** Waits until the server is ready. /readyz is also 503 while a busy machine delays the check of the database. */
export const waitUntilReady = ({ url }: Pick<ServerProcess, 'url'>): Promise<number> =>
  waitUntil(
    '/readyz is 200',
    async () => (await fetch(`${url}/readyz`)).status,
    (status) => status === 200,
  );

const launch = async (environment: Environment) => {
  await ensureBuilt();
  return new RunningProcess([node, 'dist/main.js'], { environment: { PORT: '0', ...environment } });
};

/** Starts a server that must fail. */
export const failToStart = async (environment: Environment): Promise<Ended> =>
  (await launch(environment)).finish();

/** Asks the server to stop as soon as its output contains a text, and waits until it has ended. */
export async function interruptStart(environment: Environment, text: string): Promise<Ended> {
  const server = await launch(environment);
  await server.written(text);
  return server.end();
}

/** Starts a TypeScript file of this folder. */
export const startChild = (script: string, ...args: string[]): RunningProcess =>
  startScript(`test/support/${script}`, args);

/** Runs a built command of src/commands. */
export async function runCommand(
  name: string,
  args: readonly string[],
  options: { environment?: Environment; input?: string } = {},
): Promise<Ended> {
  await ensureBuilt();
  return runProgram(node, [`dist/commands/${name}.js`, ...args], options);
}

/** Runs a program to its end. The folder defaults to the repository. */
export function runProgram(
  program: string,
  args: readonly string[],
  { input = '', ...options }: { environment?: Environment; input?: string; folder?: string } = {},
): Promise<Ended> {
  const running = new RunningProcess([program, ...args], options);
  running.close(input);
  return running.finish();
}

/** Runs a pasted shell command. curl prints no progress, and exits with the status of the answer. */
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
