import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const server = fileURLToPath(new URL('server.ts', import.meta.url));
const STARTS_WITHIN = 60_000;
const STOPS_WITHIN = 60_000;

/** What a process may complain of while its connections are cut; anything else is a finding. */
const CONNECTION_LOST =
  /terminating connection|connection terminated|server has closed the connection|ConnectionClosed|ECONNRESET|EPIPE|connection(?: that listens on \S+)? was lost|Listening on .* failed|57P01|Client has encountered a connection error|not queryable/i;
/** What was put off meanwhile; why the database did not answer is in a line of its own, and judged there. */
const PUT_OFF = '"code":"UNAVAILABLE"';

/** A server process that is killed and started again at the same place. */
export class Replica {
  /** Undefined while it is down. */
  url: string | undefined;
  /** Lines of its log that no cut connection explains. */
  readonly faults: string[] = [];
  /** How often it complained of a lost connection. */
  losses = 0;
  private child: ChildProcess | undefined;

  constructor(
    private readonly databaseUrl: string,
    private readonly secret: string,
  ) {}

  async start(): Promise<void> {
    const child = spawn(process.execPath, ['--import', 'tsx', server, this.databaseUrl, this.secret], {
      stdio: ['pipe', 'pipe', 'pipe'],
      // Without jest's own flags.
      env: { ...process.env, NODE_OPTIONS: '' },
    });
    this.child = child;
    child.stdin.on('error', () => {});
    const ready = new Promise<string>((resolve) => {
      const heed = (line: string) => {
        const url = /^ready at (\S+)/.exec(line)?.[1];
        if (url) resolve(url);
        else if (line.includes(PUT_OFF) || CONNECTION_LOST.test(line)) this.losses += 1;
        else if (line.trim() !== '') this.faults.push(line);
      };
      createInterface({ input: child.stdout }).on('line', heed);
      createInterface({ input: child.stderr }).on('line', heed);
      child.once('exit', () => resolve(''));
    });
    const timer = setTimeout(() => child.kill('SIGKILL'), STARTS_WITHIN);
    const url = await ready.finally(() => clearTimeout(timer));
    if (this.child === child && url) this.url = url;
  }

  async kill(): Promise<void> {
    const child = this.child;
    this.url = undefined;
    this.child = undefined;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const gone = once(child, 'exit');
    child.kill('SIGKILL');
    await gone;
  }

  /** Asks it to finish; whether it did, with exit code 0. */
  async stop(): Promise<boolean> {
    const child = this.child;
    this.url = undefined;
    if (!child || child.exitCode !== null) return child?.exitCode === 0;
    const gone = once(child, 'exit');
    child.kill('SIGTERM');
    const timer = setTimeout(() => child.kill('SIGKILL'), STOPS_WITHIN);
    const [code] = await gone;
    clearTimeout(timer);
    return code === 0;
  }

  get isUp(): boolean {
    return this.child !== undefined && this.child.exitCode === null && this.child.signalCode === null;
  }
}
