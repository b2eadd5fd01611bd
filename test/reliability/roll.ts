/**
 * `npm run roll -- [--rounds 2] [--seed n]`: restarts three replicas behind nginx one after the other, under load. Uses
 * a new database on the server of TEST_DATABASE_URL.
 */
import { freePort } from '../support/free-port.ts';
import { command, options } from './command.ts';
import { startNginx } from './nginx.ts';
import { finish, startReplicas } from './replicas.ts';
import { Workload } from './workload.ts';

const REPLICAS = 3;
const ANSWERS = 80;
const ANSWERED_WITHIN_MS = 60_000;

const { rounds, seed } = options({ rounds: 2 }, { rounds: 50 });
await command(
  'roll',
  { seed, limitMinutes: 10 + 5 * rounds },
  async ({ createDatabase, afterwards, progress }) => {
    const url = await createDatabase();
    const ports = await Promise.all(Array.from({ length: REPLICAS }, freePort));
    const replicas = await startReplicas(ports.map((port) => ({ DATABASE_URL: url, PORT: String(port) })));
    const nginx = await startNginx(ports);
    afterwards(nginx.remove);

    const faults: string[] = [];
    const workload = new Workload({ urls: () => [nginx.url], seed, restMs: 20 });
    await workload.prepare();
    workload.start();
    const { client, subscriber } = workload;
    const goOn = async (when: string) => {
      if (!(await workload.answeredMore(ANSWERS, ANSWERED_WITHIN_MS)))
        faults.push(`${when}, requests are not answered.`);
    };
    await goOn('Before a restart');
    client.slowestMs = 0;
    for (let round = 1; round <= rounds; round += 1) {
      for (const [index, replica] of replicas.entries()) {
        const { answered } = client.counts;
        progress(`round ${round}: restarting replica ${index + 1} of ${REPLICAS}; ${answered} answered`);
        if ((await replica.stop()) === undefined)
          faults.push('A replica did not stop in time, with exit code 0.');
        await goOn('With one replica down');
        await replica.start();
        await goOn('With all replicas up again');
      }
    }
    progress('judging');
    const slowest = Math.round(client.slowestMs);
    const found = await finish(replicas, workload, url);
    const { answered } = client.counts;
    return {
      faults: [...faults, ...found.faults],
      summary:
        `${answered} answered, the slowest in ${slowest} ms; ${workload.retried} retried; ` +
        `${found.profiles} profiles, ${found.runs} runs, ${found.executions} executions; ` +
        `${subscriber.events} events, ${subscriber.reconnected} reconnections, ${found.missed} runs known by refetch alone`,
      proved: 'No client noticed.',
    };
  },
);
