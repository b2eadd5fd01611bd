/** `npm run chaos -- [--minutes n] [--seed n] [--profiles n] [--replicas n]`, on the server of TEST_DATABASE_URL. */
import { parseArgs } from 'node:util';
import { newSeed } from '../../src/commands/seeded.ts';
import { openDatabase } from '../../src/persistence/database.ts';
import { databaseUrl, onServer } from '../support/server.ts';
import { chaos } from './chaos.ts';

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '3' },
    seed: { type: 'string', default: String(newSeed()) },
    profiles: { type: 'string', default: '200' },
    replicas: { type: 'string', default: '4' },
  },
});
const [minutes, seed, profiles, replicas] = [
  values.minutes,
  values.seed,
  values.profiles,
  values.replicas,
].map(Number) as [number, number, number, number];
if (!(minutes > 0 && minutes <= 60)) throw new Error('--minutes must be a number up to 60.');

const server = process.env.TEST_DATABASE_URL ?? 'postgresql://postgres@127.0.0.1:5432/postgres';
const name = `gateway_chaos_${process.pid}`;
const begun = performance.now();
const progress = (line: string) => {
  const text = `${((performance.now() - begun) / 1000).toFixed(0).padStart(4)} s  ${line}`;
  process.stderr.write(process.stderr.isTTY ? `\r\x1b[K${text}` : `${text}\n`);
};

console.log(`seed ${seed}`);
await onServer(server, (client) => client.query(`CREATE DATABASE "${name}"`));
try {
  const url = databaseUrl(server, name);
  await (await openDatabase({ url })).close();
  const outcome = await chaos({
    url,
    seed,
    profiles,
    replicas,
    steps: 20,
    milliseconds: minutes * 60_000,
    progress,
  });
  const { faults, ...numbers } = outcome;
  if (process.stderr.isTTY) process.stderr.write('\n');
  for (const fault of faults) console.log(fault);
  console.log(
    Object.entries(numbers)
      .map(([what, number]) => `${number} ${what}`)
      .join(', '),
  );
  console.log(
    faults.length === 0 ? 'Each slot once, each run once.' : `${faults.length} faults; seed ${seed}`,
  );
  process.exitCode = faults.length === 0 ? 0 : 1;
} finally {
  await onServer(server, (client) => client.query(`DROP DATABASE "${name}" WITH (FORCE)`));
}
