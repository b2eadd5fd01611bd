/**
 * `npm run roll -- [--rounds 2] [--seed n]`: three replicas behind nginx, under load, are restarted one after the other.
 * On a database of its own on the server of TEST_DATABASE_URL.
 */
import { parseArgs } from 'node:util';
import { newSeed } from '../../src/commands/seeded.ts';
import { freePort } from '../support/free-port.ts';
import { databaseUrl, onServer } from '../support/server.ts';
import { judge } from './ledger.ts';
import { Load } from './load.ts';
import { startNginx } from './nginx.ts';
import { cleaner, progressing, Served, token } from './served.ts';

const REPLICAS = 3;
const BETWEEN = 80;
const PATIENCE = 60_000;

const { values } = parseArgs({
  options: { rounds: { type: 'string', default: '2' }, seed: { type: 'string', default: String(newSeed()) } },
});
const server = process.env.TEST_DATABASE_URL ?? 'postgresql://postgres@127.0.0.1:5432/postgres';
const name = `gateway_roll_${process.pid}`;
const url = databaseUrl(server, name);
const progress = progressing();
const faults: string[] = [];
const { afterwards, clean } = cleaner();
console.log(`seed ${values.seed}`);
try {
  await onServer(server, (client) => client.query(`CREATE DATABASE "${name}"`));
  afterwards(() => onServer(server, (client) => client.query(`DROP DATABASE "${name}" WITH (FORCE)`)));
  const ports = await Promise.all(Array.from({ length: REPLICAS }, freePort));
  const replicas = ports.map((port) => new Served({ DATABASE_URL: url, PORT: String(port) }));
  for (const replica of replicas) {
    afterwards(() => replica.kill());
    await replica.start();
  }
  const nginx = await startNginx(ports);
  afterwards(nginx.remove);

  const load = new Load({ urls: () => [nginx.url], token: token(), seed: Number(values.seed), rest: 20 });
  await load.prepare();
  load.start();
  const goOn = async (what: string) => {
    if (!(await load.answeredMore(BETWEEN, PATIENCE))) faults.push(`${what}, nobody is answered.`);
  };
  await goOn('Before anything was restarted');
  load.slowest = 0;
  for (let round = 1; round <= Number(values.rounds); round += 1) {
    for (const [index, replica] of replicas.entries()) {
      progress(
        `round ${round}: restarting replica ${index + 1} of ${REPLICAS}; ${load.counts.answered} answered`,
      );
      const took = await replica.stop();
      if (took === undefined) faults.push('A replica did not stop within its grace, with 0.');
      await goOn('With one replica down');
      await replica.start();
      await goOn('With all of them up again');
    }
  }
  progress('judging');
  const { slowest } = load;
  await load.stop();
  const found = await judge(url, load);
  for (const replica of replicas) {
    if ((await replica.stop()) === undefined) faults.push('A replica did not stop within its grace, with 0.');
    for (const complaint of new Set(replica.complaints)) faults.push(`A replica complained: ${complaint}`);
  }
  faults.push(...load.faults, ...found.faults);
  const { answered, refused, broken, reconnected, events } = load.counts;
  console.log(
    `${answered} answered, the slowest in ${Math.round(slowest)} ms; ${refused + broken} had to be asked again; ` +
      `${found.profiles} profiles, ${found.runs} runs, ${found.executions} executions; ` +
      `${events} events, ${reconnected} times connected again, ${found.unheard} runs known by refetch alone`,
  );
  for (const fault of faults) console.log(fault);
  console.log(faults.length === 0 ? 'Nobody noticed.' : `${faults.length} faults; seed ${values.seed}`);
} finally {
  await clean();
}
process.exit(faults.length === 0 ? 0 : 1);
