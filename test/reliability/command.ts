import { parseArgs } from 'node:util';
import { newSeed } from '../../tools/seeded.ts';
import { createDistributed, dropOnCitus } from '../support/citus.ts';
import { databaseUrl, onServer } from '../support/server.ts';
import { endProcesses } from './process.ts';

const MINUTE_MS = 60_000;
const LARGEST_SEED = 1_000_000_000;

/** The tools of a command. */
export interface Run {
  readonly seed: number;
  /** Prints a line with the seconds since the start. On a terminal, each replaces the previous one. */
  progress(line: string): void;
  /** Registers a cleanup for the end, last first. It also runs if the command is interrupted. */
  afterwards(work: () => Promise<unknown>): void;
  clean(): Promise<void>;
  /**
   * Creates a database on the server of TEST_DATABASE_URL, or a distributed one on that of TEST_CITUS_URL, which is dropped
   * at the end, and returns its URL.
   */
  createDatabase(): Promise<string>;
}

export interface Result {
  readonly faults: readonly string[];
  /** Figures that summarise the work. */
  readonly summary: string;
  /** The property that a run without faults proves. */
  readonly proved: string;
}

/** Parses the options of the command line. An option with a numeric default must be a number. */
export function options<Options extends Readonly<Record<string, number | string>>>(
  defaults: Options,
  most: Readonly<Record<string, number>> = {},
): { [Name in keyof Options]: Options[Name] extends number ? number : string } & { seed: number } {
  const all: Record<string, number | string> = { seed: newSeed(), ...defaults };
  const usage = `Options: ${Object.entries(defaults)
    .map(([name, value]) => `--${name} (defaults to ${value === '' ? 'all' : value})`)
    .join(', ')}, --seed (random)`;
  const values = parsed(Object.keys(all), usage);
  for (const [name, text] of Object.entries(values)) {
    if (typeof all[name] === 'string') all[name] = text as string;
    else all[name] = numberOf(name, text as string, name === 'seed' ? LARGEST_SEED : most[name]);
  }
  return all as never;
}

/** Prints the usage and exits if the arguments ask for help, or have an unknown option. */
function parsed(
  names: readonly string[],
  usage: string,
): Readonly<Record<string, string | boolean | undefined>> {
  const options = Object.fromEntries(names.map((name) => [name, { type: 'string' as const }]));
  try {
    const { values } = parseArgs({ options: { ...options, help: { type: 'boolean', short: 'h' } } });
    if (!('help' in values)) return values;
    console.log(usage);
    process.exit(0);
  } catch (error) {
    console.error(`${(error as Error).message}\n${usage}`);
    process.exit(2);
  }
}

function numberOf(name: string, text: string, most = Number.MAX_SAFE_INTEGER): number {
  const number = /^\d+(\.\d+)?$/.test(text) ? Number(text) : Number.NaN;
  const isRight = name === 'seed' ? Number.isInteger(number) && number <= most : number > 0 && number <= most;
  if (isRight) return number;
  throw new Error(`--${name} must be a number up to ${most}; found ${JSON.stringify(text)}.`);
}

/**
 * Runs a command with a time limit. Prints its seed and its result, cleans up, and exits with 1 if there are faults.
 */
export async function command(
  name: string,
  { seed, limitMinutes }: { seed: number; limitMinutes: number },
  work: (run: Run) => Promise<Result>,
): Promise<never> {
  const begun = performance.now();
  const progress = (line: string) => {
    const text = `${((performance.now() - begun) / 1000).toFixed(0).padStart(4)} s  ${line}`;
    process.stderr.write(process.stderr.isTTY ? `\r\x1b[K${text}` : `${text}\n`);
  };
  const { afterwards, clean } = cleaner();
  const createDatabase = async () => {
    if (process.env.TEST_CITUS_URL) {
      const url = await createDistributed();
      afterwards(() =>
        dropOnCitus(url, (server, database) =>
          onServer(server, (client) => client.query(`DROP DATABASE "${database}" WITH (FORCE)`)),
        ),
      );
      return url;
    }
    const server = process.env.TEST_DATABASE_URL ?? 'postgresql://postgres@127.0.0.1:5432/postgres';
    const database = `gateway_${name}_${process.pid}`;
    await onServer(server, (client) => client.query(`CREATE DATABASE "${database}"`));
    afterwards(() => onServer(server, (client) => client.query(`DROP DATABASE "${database}" WITH (FORCE)`)));
    return databaseUrl(server, database);
  };
  console.log(`seed ${seed}`);
  const tooLong = setTimeout(() => {
    console.log(`It takes longer than ${limitMinutes} minutes; seed ${seed}`);
    void clean().then(() => process.exit(1));
  }, limitMinutes * MINUTE_MS);
  let code = 1;
  try {
    const { faults, summary, proved } = await work({ seed, progress, afterwards, clean, createDatabase });
    if (process.stderr.isTTY) process.stderr.write('\n');
    for (const fault of faults) console.log(fault);
    console.log(summary);
    console.log(faults.length === 0 ? proved : `${faults.length} faults; seed ${seed}`);
    code = faults.length === 0 ? 0 : 1;
  } catch (error) {
    console.log(`${(error as Error).stack}\nseed ${seed}`);
  } finally {
    clearTimeout(tooLong);
    await clean();
  }
  process.exit(code);
}

/** Kills the started processes, then cleans up, also if the command is interrupted. */
function cleaner() {
  const works: (() => Promise<unknown>)[] = [];
  let last = Promise.resolve();
  // A second caller waits for the same cleanup.
  const clean = () => {
    last = last.then(async () => {
      await endProcesses();
      for (const work of works.splice(0).reverse()) await work().catch(() => {});
    });
    return last;
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.once(signal, () => void clean().then(() => process.exit(130)));
  return { afterwards: (work: () => Promise<unknown>) => void works.push(work), clean };
}
