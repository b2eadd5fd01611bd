/**
 * `npm run soak -- [--minutes 10] [--seed n]`: runs two replicas under steady load, and compares memory and handles at
 * the start and at the end. Uses a new database on the server of TEST_DATABASE_URL.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { command, options } from './command.ts';
import { finish, startReplicas } from './replicas.ts';
import type { Server } from './server.ts';
import { Workload } from './workload.ts';

const MINUTE_MS = 60_000;
const REPLICAS = 2;
/** Share of the time in which caches fill and code is compiled. */
const WARM_UP = 0.2;
/** Maximum growth of memory as a factor. A leak grows with every request, while garbage is collected. */
const MOST_GROWTH = 1.5;
const MOST_MORE_HANDLES = 20;
const MEBIBYTE = 1024 * 1024;
const LOOKS = 5;
const BETWEEN_LOOKS_MS = 2000;

const figures = {
  'resident memory, MiB': 'process_resident_memory_bytes',
  'heap in use, MiB': 'nodejs_heap_size_used_bytes',
  'open files': 'process_open_fds',
  'active handles': 'nodejs_active_handles_total',
  'database connections': 'gateway_pool_connections',
} as const;

/** The minimum over some seconds, because the amount of garbage varies. */
async function look(replicas: readonly Server[]): Promise<Record<string, number>[]> {
  const least: Record<string, number>[] = replicas.map(() => ({}));
  for (let looks = 0; looks < LOOKS; looks += 1) {
    for (const [index, replica] of replicas.entries()) {
      const seen = await replica.metrics();
      for (const [label, metric] of Object.entries(figures)) {
        const unit = label.includes('MiB') ? MEBIBYTE : 1;
        const value = Math.round((seen.get(metric) ?? Number.NaN) / unit);
        least[index]![label] = Math.min(least[index]![label] ?? value, value);
      }
    }
    await pause(BETWEEN_LOOKS_MS);
  }
  return least;
}

const { minutes, seed } = options({ minutes: 10 }, { minutes: 120 });
await command('soak', { seed, limitMinutes: minutes + 10 }, async ({ createDatabase, progress }) => {
  const url = await createDatabase();
  const replicas = await startReplicas(Array.from({ length: REPLICAS }, () => ({ DATABASE_URL: url })));
  const workload = new Workload({
    urls: () => replicas.map((each) => each.url),
    seed,
    computers: 4,
    restMs: 100,
  });
  await workload.prepare();
  workload.start();
  const { client, subscriber } = workload;
  const begun = performance.now();
  const soak = async (until: number, what: string) => {
    const end = begun + until * MINUTE_MS;
    while (performance.now() < end) {
      const { answered } = client.counts;
      progress(
        `${what}: ${answered} answered, ${workload.runByHand.size} runs by hand, ${subscriber.events} events`,
      );
      await pause(Math.max(0, Math.min(10_000, end - performance.now())));
    }
  };
  await soak(minutes * WARM_UP, 'warming up');
  const atStart = await look(replicas);
  await soak(minutes, 'soaking');
  const atEnd = await look(replicas);
  const faults: string[] = [];
  for (const [index, start] of atStart.entries()) {
    for (const label of Object.keys(figures)) {
      const [before, after] = [start[label]!, atEnd[index]![label]!];
      console.log(`replica ${index + 1}: ${label}: ${before} at the start, ${after} at the end`);
      const most = label.includes('MiB') ? before * MOST_GROWTH : before + MOST_MORE_HANDLES;
      if (!(after <= most)) faults.push(`Replica ${index + 1}: ${label} grew from ${before} to ${after}.`);
    }
  }
  const found = await finish(replicas, workload, url);
  return {
    faults: [...faults, ...found.faults],
    summary:
      `${client.counts.answered} answered, the slowest in ${Math.round(client.slowestMs)} ms, ${workload.retried} retried; ` +
      `${found.profiles} profiles, ${found.runs} runs, ${found.executions} executions, ${subscriber.events} events`,
    proved: 'It keeps nothing that it does not need.',
  };
});
