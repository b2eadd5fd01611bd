import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { databasesAtRest, summary } from './bench-world.ts';
import type { Load, Request } from './load.ts';

const ROUNDS = 5;
/** Seconds. Long enough for V8 to compile the hot code. */
const WARM_UP = 4;
/**
 * Connections and seconds for short requests. Long requests need more time, so that several finish, and fewer
 * connections, so that few are unfinished at the end.
 */
const SHORT = { connections: 8, seconds: 2 };
export const LONG: Pace = { connections: 2, seconds: 4 };

export type Pace = Pick<Load, 'connections' | 'seconds'>;

let load: ChildProcess | undefined;

export type Rates<Name extends string> = Readonly<Record<Name, ReturnType<typeof summary>>>;

/**
 * Measures the requests per second of each contender in turns, so that a change of the machine's speed affects all
 * equally. The first round is a warm-up and does not count.
 */
export async function inTurns<Name extends string>(
  contenders: Readonly<Record<Name, Request>>,
  progress: (text: string) => void,
  pace: Pace = SHORT,
): Promise<Rates<Name>> {
  const names = Object.keys(contenders) as Name[];
  const rates = new Map(names.map((name) => [name, [] as number[]]));
  for (let round = 0; round <= ROUNDS; round += 1) {
    for (const name of names) {
      progress(`round ${round} of ${ROUNDS}, ${name}`);
      const seconds = round === 0 ? WARM_UP : pace.seconds;
      const rate = await rateOf({ ...contenders[name], connections: pace.connections, seconds });
      if (round > 0) rates.get(name)!.push(rate);
      // Unfinished statements would otherwise slow down the next contender.
      await databasesAtRest();
    }
  }
  return Object.fromEntries(names.map((name) => [name, summary(rates.get(name)!)])) as Rates<Name>;
}

export async function rateOf(request: Load): Promise<number> {
  load ??= fork(fileURLToPath(new URL('load.ts', import.meta.url)), { execArgv: ['--import', 'tsx'] });
  load.send(request);
  const [answer] = await once(load, 'message');
  if (answer.failed) throw new Error(`${answer.failed} requests to ${request.url} failed.`);
  return answer.perSecond;
}

export function endLoad(): void {
  load?.kill();
}
