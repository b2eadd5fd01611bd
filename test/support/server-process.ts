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

export { endProcesses as endServers } from '../reliability/process.ts';
export { LISTENING } from '../reliability/server.ts';

/** The real server, as a process of its own. */
export type ServerProcess = Awaited<ReturnType<typeof startServer>>;

/** Starts the server on a free port, and waits until it is ready; through npm if that is given. */
export async function startServer(environment: Environment, command?: Command, ready?: RegExp) {
  const { url, process } = await start(environment, command, ready);
  return {
    url,
    pid: process.pid,
    /** Resolves when it has ended, also by itself. */
    ended: process.ended,
    output: () => process.output(),
    /** Waits until it has written a text. */
    written: (text: string) => process.written(text),
    /** Sends the signal to it alone, and waits until it has ended. */
    end: (signal?: NodeJS.Signals) => process.end(signal),
    /** A token as `npm run token` prints it, with the server's environment. */
    token: async (...options: string[]) => {
      const args = options.length > 0 ? options : ['--email', 'john@example.com'];
      const { code, stdout, stderr } = await runCommand('token', args, { environment });
      if (code !== 0) throw new Error(stderr);
      return stdout.trim();
    },
  };
}

const launch = async (environment: Environment) => {
  await ensureBuilt();
  return new RunningProcess([node, 'dist/main.js'], { environment: { PORT: '0', ...environment } });
};

/** Starts the server where it is to fail. */
export const failToStart = async (environment: Environment): Promise<Ended> =>
  (await launch(environment)).finish();

/** Asks the server to stop as soon as it has written a text, and waits until it has ended. */
export async function interruptStart(environment: Environment, text: string): Promise<Ended> {
  const server = await launch(environment);
  await server.written(text);
  return server.end();
}

/** Starts a TypeScript file of this folder. */
export const startChild = (script: string, ...args: string[]): RunningProcess =>
  startScript(`test/support/${script}`, args);

/** Runs one of src/commands, as built. */
export async function runCommand(
  name: string,
  args: readonly string[],
  options: { environment?: Environment; input?: string } = {},
): Promise<Ended> {
  await ensureBuilt();
  return runProgram(node, [`dist/commands/${name}.js`, ...args], options);
}

/** Runs any program to its end. The folder defaults to the repository's. */
export function runProgram(
  program: string,
  args: readonly string[],
  { input = '', ...options }: { environment?: Environment; input?: string; folder?: string } = {},
): Promise<Ended> {
  const running = new RunningProcess([program, ...args], options);
  running.close(input);
  return running.finish();
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
