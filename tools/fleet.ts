import { run, serverUrl, textOptions, UsageError } from '../src/commands/arguments.ts';
import { GraphClient } from '../src/commands/graph-client.ts';
import { readConfig } from '../src/config.ts';
import { signToken } from '../src/http/auth/tokens.ts';
import { jwtSecrets } from '../src/secret-file.ts';
import { newSeed } from './seeded.ts';
import { SimulatedFleet } from './simulated-fleet.ts';

const OPTIONS = [
  'computers',
  'failure-rate',
  'break-rate',
  'url',
  'account',
  'email',
  'seconds',
  'runs',
  'seed',
  'name',
  'protocol',
] as const;
const TOKEN_MINUTES = 1440;
const SECOND = 1000;

// The fleet only uses the public API, so any other program can do the same.
run(
  {
    usage: 'npm run fleet -- [options]',
    does: 'Simulates computers that enrol at a running server, take executions and report them.',
    options: {
      '--computers <n>': 'number of computers; defaults to 200. Maximum 5000',
      '--failure-rate <rate>': 'share of executions that fail, from 0 to 1; defaults to 0.05',
      '--break-rate <rate>': 'share of connections that break, from 0 to 0.9; defaults to 0.02',
      '--url <url>': 'the URL of the server; defaults to http://127.0.0.1:4000',
      '--account <name>': 'the account; defaults to standalone',
      '--email <email>':
        'the e-mail address of the person who enrols the computers; defaults to john@example.com',
      '--seconds <n>': 'the duration in seconds; defaults to 60',
      '--runs <n>': 'stops after this number of runs; defaults to 0, which means no limit',
      '--seed <n>': 'the seed of the random numbers; defaults to a random seed, which is printed',
      '--name <prefix>': 'the prefix of the hostnames',
      '--protocol <name>': 'graph, or message-system as landscape-client uses it; defaults to graph',
    },
  },
  async () => {
    const given = textOptions(OPTIONS, process.argv.slice(2));
    const { account = 'standalone', email = 'john@example.com' } = given;
    const base = serverUrl(given.url);
    const number = (name: (typeof OPTIONS)[number], otherwise: number, most: number, fraction = false) =>
      numberOf(name, given[name], { otherwise, most, fraction });
    const seconds = number('seconds', 60, 86_400);
    const runs = number('runs', 0, 1_000_000);
    const seed = number('seed', newSeed(), 1_000_000_000);

    const { protocol = 'graph' } = given;
    if (protocol !== 'graph' && protocol !== 'message-system')
      throw new UsageError(`--protocol must be graph or message-system; found ${JSON.stringify(protocol)}.`);

    const [secret] = await jwtSecrets(readConfig(process.env));
    const fleet = new SimulatedFleet({
      client: new GraphClient(base),
      messageSystem: protocol === 'message-system' ? base : undefined,
      token: signToken({ email, account }, { secret, minutes: TOKEN_MINUTES }),
      computers: number('computers', 200, 5000),
      failureRate: number('failure-rate', 0.05, 1, true),
      breakRate: number('break-rate', 0.02, 0.9, true),
      seed,
      name: given.name,
    });
    console.log(`seed ${seed}`);
    const begun = performance.now();
    const elapsed = () => (performance.now() - begun) / SECOND;
    const isOver = () => elapsed() > seconds || (runs > 0 && fleet.finishedRuns() >= runs);
    const timer = setInterval(() => showProgress(fleet, elapsed()), process.stdout.isTTY ? 200 : 5000);
    try {
      await fleet.enrol();
      await fleet.work(isOver);
    } finally {
      clearInterval(timer);
      showProgress(fleet, elapsed());
      if (process.stdout.isTTY) process.stdout.write('\n');
    }
    const { taken, reported, failed, broken } = fleet.counts;
    return `${fleet.runs.size} runs: ${taken} executions run, ${reported} reported, ${failed} of them failed, ${broken} connections broken; seed ${seed}`;
  },
);

function showProgress({ counts }: SimulatedFleet, seconds: number): void {
  const { enrolled, taken, reported, failed, inFlight } = counts;
  const rate = (reported / Math.max(seconds, 0.001)).toFixed(1);
  const line = `${enrolled} enrolled, ${taken} taken, ${reported} reported, ${failed} failed, ${inFlight} in flight, ${rate}/s`;
  process.stdout.write(process.stdout.isTTY ? `\r\x1b[K${line}` : `${line}\n`);
}

function numberOf(
  name: string,
  text: string | undefined,
  { otherwise, most, fraction }: { otherwise: number; most: number; fraction: boolean },
): number {
  if (text === undefined) return otherwise;
  const value = (fraction ? /^\d+(\.\d+)?$/ : /^\d{1,10}$/).test(text) ? Number(text) : Number.NaN;
  if (value <= most) return value;
  throw new UsageError(
    `--${name} must be a ${fraction ? '' : 'whole '}number from 0 to ${most}; found ${JSON.stringify(text)}.`,
  );
}
