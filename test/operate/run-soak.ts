/**
 * `npm run soak -- [--minutes 10] [--seed n]`: two replicas under steady load; figures for memory and handles at the
 * start and at the end. On a database of its own on the server of TEST_DATABASE_URL.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { newSeed } from '../../src/commands/seeded.ts';
import { databaseUrl, onServer } from '../support/server.ts';
import { judge } from './ledger.ts';
import { Load } from './load.ts';
import { cleaner, progressing, Served, token } from './served.ts';

const MINUTE = 60_000;
const REPLICAS = 2;
/** Until caches are full, and code is compiled. */
const WARM_UP = 0.2;
/** Of memory: what is kept for good would grow with every request, what is not comes and goes. */
const MOST_GROWTH = 1.5;
const MOST_MORE_HANDLES = 20;
const MEBIBYTE = 1024 * 1024;

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '10' },
    seed: { type: 'string', default: String(newSeed()) },
  },
});
const minutes = Number(values.minutes);
if (!(minutes > 0 && minutes <= 120)) throw new Error('--minutes must be a number up to 120.');
const server = process.env.TEST_DATABASE_URL ?? 'postgresql://postgres@127.0.0.1:5432/postgres';
const name = `gateway_soak_${process.pid}`;
const url = databaseUrl(server, name);
const progress = progressing();
const faults: string[] = [];
const { afterwards, clean } = cleaner();

const figures = {
  'resident memory, MiB': 'process_resident_memory_bytes',
  'heap in use, MiB': 'nodejs_heap_size_used_bytes',
  'open files': 'process_open_fds',
  'active handles': 'nodejs_active_handles_total',
  'database connections': 'gateway_pool_connections',
} as const;

/** The least that it had within some seconds: what rubbish there is comes and goes. */
async function look(replicas: readonly Served[]): Promise<Record<string, number>[]> {
  const least: Record<string, number>[] = replicas.map(() => ({}));
  for (let looks = 0; looks < 5; looks += 1) {
    for (const [index, replica] of replicas.entries()) {
      const seen = await replica.metrics();
      for (const [label, metric] of Object.entries(figures)) {
        const unit = label.includes('MiB') ? MEBIBYTE : 1;
        const value = Math.round((seen.get(metric) ?? Number.NaN) / unit);
        least[index]![label] = Math.min(least[index]![label] ?? value, value);
      }
    }
    await pause(2_000);
  }
  return least;
}

console.log(`seed ${values.seed}`);
try {
  await onServer(server, (client) => client.query(`CREATE DATABASE "${name}"`));
  afterwards(() => onServer(server, (client) => client.query(`DROP DATABASE "${name}" WITH (FORCE)`)));
  const replicas = Array.from({ length: REPLICAS }, () => new Served({ DATABASE_URL: url }));
  for (const replica of replicas) {
    afterwards(() => replica.kill());
    await replica.start();
  }
  const urls = () => replicas.map((replica) => replica.url);
  const load = new Load({ urls, token: token(), seed: Number(values.seed), computers: 4, rest: 100 });
  await load.prepare();
  load.start();
  const begun = performance.now();
  const lived = async (until: number, what: string) => {
    while (performance.now() - begun < until * MINUTE) {
      progress(
        `${what}: ${load.counts.answered} answered, ${load.runByHand.size} runs by hand, ${load.counts.events} events`,
      );
      await pause(Math.max(0, Math.min(10_000, begun + until * MINUTE - performance.now())));
    }
  };
  await lived(minutes * WARM_UP, 'warming up');
  const atStart = await look(replicas);
  await lived(minutes, 'soaking');
  const atEnd = await look(replicas);
  if (process.stderr.isTTY) process.stderr.write('\n');
  await load.stop();
  const found = await judge(url, load);

  for (const [index, start] of atStart.entries()) {
    for (const label of Object.keys(figures)) {
      const [before, after] = [start[label]!, atEnd[index]![label]!];
      console.log(`replica ${index + 1}: ${label}: ${before} at the start, ${after} at the end`);
      const most = label.includes('MiB') ? before * MOST_GROWTH : before + MOST_MORE_HANDLES;
      if (!(after <= most)) faults.push(`Replica ${index + 1}: ${label} grew from ${before} to ${after}.`);
    }
  }
  for (const replica of replicas) {
    if ((await replica.stop()) === undefined) faults.push('A replica did not stop within its grace, with 0.');
    for (const complaint of new Set(replica.complaints)) faults.push(`A replica complained: ${complaint}`);
  }
  faults.push(...load.faults, ...found.faults);
  const { answered, refused, broken, events } = load.counts;
  console.log(
    `${answered} answered, the slowest in ${Math.round(load.slowest)} ms, ${refused + broken} asked again; ` +
      `${found.profiles} profiles, ${found.runs} runs, ${found.executions} executions, ${events} events`,
  );
  for (const fault of faults) console.log(fault);
  console.log(
    faults.length === 0
      ? 'It keeps nothing that it does not need.'
      : `${faults.length} faults; seed ${values.seed}`,
  );
} finally {
  await clean();
}
process.exit(faults.length === 0 ? 0 : 1);
