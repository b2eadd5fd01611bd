/** `npm run faults -- [--only <part of a name>] [--seed n]`: breaks PostgreSQL under load, each time one of its own. */
import { parseArgs } from 'node:util';
import { newSeed } from '../../src/commands/seeded.ts';
import { onServer } from '../support/server.ts';
import { type Cluster, createCluster } from './cluster.ts';
import { judge } from './ledger.ts';
import { Load } from './load.ts';
import { startPgBouncer } from './pgbouncer.ts';
import { Cannot, type Scenario, scenarios } from './scenarios.ts';
import { cleaner, progressing, Served, token } from './served.ts';
import { layWire } from './wire.ts';

const REPLICAS = 2;
/** Of a connection and of a lock nobody waits for longer than 8 seconds, and one request may wait for both. */
const SLOWEST = 20_000;
const WARM = 60;
const BACK_WITHIN = 30_000;
const DATABASE = 'gateway';

const { values } = parseArgs({
  options: { only: { type: 'string', default: '' }, seed: { type: 'string', default: String(newSeed()) } },
});
const progress = progressing();
const chosen = scenarios.filter(({ name }) => name.includes(values.only));
let failed = 0;
console.log(`seed ${values.seed}`);
const { afterwards, clean } = cleaner();
for (const scenario of chosen) {
  try {
    const { faults, line } = await play(scenario);
    console.log(`${faults.length === 0 ? 'ok  ' : 'FAIL'}  ${scenario.name}: ${line}`);
    for (const fault of faults.slice(0, 20)) console.log(`        ${fault}`);
    if (faults.length > 0) failed += 1;
  } catch (error) {
    if (error instanceof Cannot) {
      console.log(`not tried  ${scenario.name}: ${error.message}`);
    } else {
      failed += 1;
      console.log(`FAIL  ${scenario.name}: ${(error as Error).stack}`);
    }
  } finally {
    await clean();
  }
}
console.log(
  failed === 0
    ? 'Nothing hung, nothing was lost, nothing was doubled.'
    : `${failed} of ${chosen.length} failed.`,
);
process.exit(failed === 0 ? 0 : 1);

async function play(scenario: Scenario) {
  const faults: string[] = [];
  progress(`${scenario.name}: a PostgreSQL of its own`);
  const cluster: Cluster = await createCluster(await scenario.cluster?.(afterwards));
  afterwards(cluster.remove);
  await onServer(cluster.url(), (client) => client.query(`CREATE DATABASE ${DATABASE}`));
  const wire = await layWire(cluster.port);
  afterwards(wire.close);
  const pooler = scenario.pooled ? await startPgBouncer({ port: wire.port }) : undefined;
  if (pooler) afterwards(pooler.remove);
  const direct = `postgresql://postgres@127.0.0.1:${wire.port}/${DATABASE}`;
  const servers = Array.from(
    { length: REPLICAS },
    () =>
      new Served({
        DATABASE_URL: pooler?.url(DATABASE) ?? direct,
        ...(scenario.pooled !== 'without a direct connection' && { DATABASE_DIRECT_URL: direct }),
      }),
  );
  for (const server of servers) {
    afterwards(() => server.kill());
    await server.start();
  }

  const load = new Load({
    urls: () => servers.map(({ url }) => url),
    token: token(),
    seed: Number(values.seed),
  });
  await load.prepare();
  load.start();
  if (!(await load.answeredMore(WARM, BACK_WITHIN)))
    throw new Error('It does not even work before it is broken.');
  load.slowest = 0;
  progress(`${scenario.name}: breaking it`);
  const expect = (holds: boolean, what: string) => void (holds || faults.push(`Not so: ${what}`));
  await scenario.act({ cluster, wire, pooler, servers, database: DATABASE, afterwards, expect });
  const mended = performance.now();
  expect(await load.answeredMore(WARM, BACK_WITHIN), 'Afterwards it works again, without a restart.');
  const back = performance.now() - mended;
  const { slowest } = load;
  progress(`${scenario.name}: judging`);
  await load.stop();
  for (const server of servers)
    expect((await server.status('/readyz')) === 200, 'Afterwards /readyz is 200.');
  expect(
    slowest <= (scenario.slowest ?? SLOWEST),
    `Nothing hangs; the slowest answer took ${Math.round(slowest)} ms.`,
  );
  const found = await judge(`postgresql://postgres@127.0.0.1:${wire.port}/${DATABASE}`, load);
  for (const server of servers) {
    expect(server.isUp, 'The servers are alive.');
    expect((await server.stop()) !== undefined, 'The servers stop within their grace, with 0.');
    for (const complaint of new Set(server.complaints)) faults.push(`A server complained: ${complaint}`);
  }
  const { answered, refused, broken } = load.counts;
  return {
    faults: [...faults, ...load.faults, ...found.faults],
    line:
      `${answered} answered, ${refused} refused for now, ${broken} broken, slowest ${Math.round(slowest)} ms, ` +
      `at work again after ${Math.round(back)} ms; ${found.runs} runs, ${found.executions} executions`,
  };
}
