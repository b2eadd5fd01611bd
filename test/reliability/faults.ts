/**
 * `npm run faults -- [--only <part of a name>] [--seed n]`: breaks PostgreSQL under load, with a new cluster for each
 * scenario.
 */
import { seeded } from '../../tools/seeded.ts';
import { onServer } from '../support/server.ts';
import { startWire } from '../support/wire.ts';
import { createCluster } from './cluster.ts';
import { command, options, type Run } from './command.ts';
import { startPgBouncer } from './pgbouncer.ts';
import { finish, startReplicas } from './replicas.ts';
import { Cannot, type Scenario, scenarios } from './scenarios.ts';
import { Workload } from './workload.ts';

const REPLICAS = 2;
/** Milliseconds. A connection and a lock are awaited for at most 8 seconds each, and a request may wait for both. */
const SLOWEST_MS = 20_000;
const WARM = 60;
const WARM_WITHIN_MS = 120_000;
/** Milliseconds, or five times as long as before the fault, on a busy machine. */
const BACK_WITHIN_MS = 30_000;
const REFUSED_WITHIN_MS = 30_000;
const DATABASE = 'gateway';
const MINUTES_EACH = 6;
const MOST_SHOWN = 20;

const { only, seed } = options({ only: '' });
const chosen = scenarios.filter(({ name }) => name.includes(only));
if (chosen.length === 0)
  throw new Error(`--only must be a part of: ${scenarios.map(({ name }) => name).join('; ')}.`);
await command('faults', { seed, limitMinutes: MINUTES_EACH * chosen.length }, async (run) => {
  const failed: string[] = [];
  for (const scenario of chosen) {
    try {
      const { faults, line } = await play(scenario, run);
      console.log(`${faults.length === 0 ? 'ok  ' : 'FAIL'}  ${scenario.name}: ${line}`);
      for (const fault of faults.slice(0, MOST_SHOWN)) console.log(`        ${fault}`);
      if (faults.length > 0) failed.push(`Failed: ${scenario.name}`);
    } catch (error) {
      const cannot = error instanceof Cannot;
      if (!cannot) failed.push(`Failed: ${scenario.name}`);
      const { stack, message } = error as Error;
      console.log(`${cannot ? 'not tried' : 'FAIL'}  ${scenario.name}: ${cannot ? message : stack}`);
    } finally {
      await run.clean();
    }
  }
  return {
    faults: failed,
    summary: `${chosen.length - failed.length} of ${chosen.length} scenarios passed or could not be tried.`,
    proved: 'Nothing hung, nothing was lost, nothing was doubled.',
  };
});

async function play(scenario: Scenario, { progress, afterwards }: Run) {
  const faults: string[] = [];
  progress(`${scenario.name}: a PostgreSQL of its own`);
  const cluster = await createCluster(await scenario.cluster?.(afterwards));
  afterwards(cluster.remove);
  await onServer(cluster.url(), (client) => client.query(`CREATE DATABASE ${DATABASE}`));
  const wire = await startWire(cluster.url(DATABASE));
  afterwards(wire.stop);
  const pooler = scenario.pooled ? await startPgBouncer(wire) : undefined;
  if (pooler) afterwards(pooler.remove);
  const environment = {
    DATABASE_URL: pooler?.url(DATABASE) ?? wire.url,
    ...(scenario.pooled !== 'without a direct connection' && { DATABASE_DIRECT_URL: wire.url }),
  };
  const servers = await startReplicas(Array.from({ length: REPLICAS }, () => environment));

  const workload = new Workload({ urls: () => servers.map(({ url }) => url), seed });
  const { client } = workload;
  await workload.prepare();
  workload.start();
  const begun = performance.now();
  if (!(await workload.answeredMore(WARM, WARM_WITHIN_MS)))
    throw new Error('It does not even work before it is broken.');
  const backWithinMs = Math.max(BACK_WITHIN_MS, 5 * (performance.now() - begun));
  client.slowestMs = 0;
  progress(`${scenario.name}: breaking it`);
  const expect = (holds: boolean, what: string) => void (holds || faults.push(`Not so: ${what}`));
  const chance = seeded(seed + 2);
  const untilRefused = async () =>
    expect(
      await workload.retriedMore(REFUSED_WITHIN_MS),
      'While it is broken, a request is refused or cut off.',
    );
  await scenario.act({ cluster, wire, pooler, servers, chance, afterwards, expect, untilRefused });
  const mended = performance.now();
  expect(await workload.answeredMore(WARM, backWithinMs), 'Afterwards it works again, without a restart.');
  const back = Math.round(performance.now() - mended);
  const slowest = Math.round(client.slowestMs);
  expect(
    slowest <= (scenario.slowestMs ?? SLOWEST_MS),
    `Nothing hangs; the slowest answer took ${slowest} ms.`,
  );
  progress(`${scenario.name}: judging`);
  for (const server of servers)
    expect((await server.status('/readyz')) === 200, 'Afterwards /readyz is 200.');
  const found = await finish(servers, workload, wire.url);
  const { answered, refused, broken } = client.counts;
  return {
    faults: [...faults, ...found.faults],
    line:
      `${answered} answered, ${refused} refused for now, ${broken} cut off, slowest ${slowest} ms, ` +
      `at work again after ${back} ms; ${found.runs} runs, ${found.executions} executions`,
  };
}
