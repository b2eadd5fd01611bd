import { signToken } from '../../src/http/auth/tokens.ts';
import { ensureBuilt } from '../support/build.ts';
import { type Command, type Environment, type ProcessOptions, RunningProcess } from './process.ts';

const SECRET = 'a secret of the reliability kit, thirty-two bytes or more';
const STOPS_WITHIN_MS = 30_000;
const READY = /\bready\b.*?(http:\/\/[^\s"]+)/;
/** Printed before the server is ready, while its database is unreachable. */
export const LISTENING = /Server listening at (http:\/\/[^\s"]+)/;
/** Program that runs the server. CI also uses a newer version of Node. */
export const node = process.env.SERVE_WITH ?? process.execPath;
/** Log levels of pino. */
export const WARNING = 40;
const ERROR = 50;

/** A token signed with the secret that `gateway` sets. Defaults to the documented data's administrator. */
export const token = (account = 'standalone', email = 'john@example.com'): string =>
  signToken({ account, email }, { secret: SECRET, minutes: 600 });

export interface ServerOptions extends Pick<ProcessOptions, 'environment' | 'folder'> {
  /** Command of the server. Defaults to the built server. */
  readonly command?: Command;
  /** The output line that completes the start and contains the base URL. Defaults to the line that reports ready. */
  readonly ready?: RegExp;
  /** Level from which log entries count as complaints. Defaults to errors. */
  readonly complainsFrom?: number;
  /** Complaints that the test itself causes. They are only counted. */
  readonly explained?: RegExp;
}

/** A server that runs from the build or from the sources: a child process that can be stopped and restarted. */
export class Server {
  /** Base URL. Empty while the server is not ready. */
  url = '';
  /** Milliseconds from the last start to ready. */
  readyAfter = Number.NaN;
  /** Unexplained complaints of all its starts. */
  readonly complaints: string[] = [];
  /** Number of complaints that are explained. */
  explained = 0;
  private running: RunningProcess | undefined;

  constructor(private readonly options: ServerOptions) {}

  /** The process of the latest start. */
  get process(): RunningProcess {
    if (!this.running) throw new Error('The server was not started.');
    return this.running;
  }

  get isUp(): boolean {
    return this.running?.isUp ?? false;
  }

  /** @throws Error if it does not become ready, or is killed before */
  async start(): Promise<this> {
    const { command = [node, 'dist/main.js'], ready = READY, environment, folder } = this.options;
    if (folder === undefined) await ensureBuilt();
    const begun = performance.now();
    const onLine = (line: string, stream: string) => this.judge(line, stream);
    const started = new RunningProcess(command, { environment, folder, onLine });
    this.running = started;
    await started.until((output) => ready.test(output), `a line like ${ready}`);
    // If it was killed and restarted in the meantime, it has another URL.
    if (started !== this.running) return this;
    this.url = ready.exec(started.output())![1]!;
    this.readyAfter = performance.now() - begun;
    return this;
  }

  /** Asks the server to stop. Returns the milliseconds that this took. Undefined if it failed or had to be killed. */
  async stop(): Promise<number | undefined> {
    if (!this.isUp) return undefined;
    this.url = '';
    const begun = performance.now();
    const ended = await this.process.end('SIGTERM', STOPS_WITHIN_MS).catch(() => undefined);
    return ended?.code === 0 ? performance.now() - begun : undefined;
  }

  async kill(): Promise<void> {
    this.url = '';
    if (this.isUp) await this.process.end('SIGKILL');
  }

  async status(path: string): Promise<number> {
    const answer = await fetch(this.url + path, { signal: AbortSignal.timeout(STOPS_WITHIN_MS) });
    await answer.arrayBuffer();
    return answer.status;
  }

  /** Values of the metrics by name. The values of all labels are added. */
  async metrics(): Promise<Map<string, number>> {
    const text = await (await fetch(`${this.url}/metrics`)).text();
    const found = new Map<string, number>();
    for (const line of text.split('\n')) {
      const [, name, value] = /^(\w+)(?:\{.*\})? (\S+)$/.exec(line) ?? [];
      if (name) found.set(name, (found.get(name) ?? 0) + Number(value));
    }
    return found;
  }

  /** Parses only the level, because a server under load logs thousands of lines a second. */
  private judge(line: string, stream: string): void {
    const { complainsFrom = ERROR, explained } = this.options;
    const level = /^\{"level":(\d+)/.exec(line)?.[1];
    // Text on stdout is for people, and the log is JSON. Any line on stderr is a complaint.
    const isComplaint = level === undefined ? stream === 'stderr' : Number(level) >= complainsFrom;
    if (!isComplaint || line.trim() === '') return;
    if (explained?.test(line)) this.explained += 1;
    else this.complaints.push(line.slice(0, 500));
  }
}

/** The gateway with a database, the secret of these tools, and no rate limit, which would stop a load. */
export const gateway = (environment: Environment, options: Omit<ServerOptions, 'environment'> = {}): Server =>
  new Server({
    environment: { PORT: '0', RATE_LIMIT: '0', JWT_SECRET: SECRET, ...environment },
    ...options,
  });

/** Starts the server on a free port, and waits until it is ready. */
export const startServer = async (
  environment: Environment,
  command?: Command,
  ready?: RegExp,
): Promise<Server> => new Server({ environment: { PORT: '0', ...environment }, command, ready }).start();
