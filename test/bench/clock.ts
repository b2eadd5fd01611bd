/** Figures of the scheduler: firing, ticks without due work, and draining with several replicas. */
import { dueProfiles } from '../../src/scheduling/due-work.ts';
import { createTick } from '../../src/scheduling/tick.ts';
import { startScript } from '../reliability/process.ts';
import { addProfiles, fill, newDatabase, open, summary, timed } from './bench-world.ts';
import { against, type Row } from './report.ts';

const COMPUTERS = 5000;
const FIRINGS = 12;
const TICKS = 200;
const DUE = 10_000;
const DRAINED_WITHIN_MS = 300_000;

/** Fires one profile at 5,000 computers, compared with the bare statement that inserts the same rows. */
async function firing(tags: string[] | null): Promise<Row[]> {
  const world = await open(await newDatabase());
  await fill(world, COMPUTERS);
  await addProfiles(world, { number: FIRINGS + 1, nextRun: '0 hours', tags });
  const { rows: parents } = await world.bare.query(
    `INSERT INTO activity (account_id, summary, creation_time, type, status,
       num_undelivered, num_delivered, num_canceled, num_failed, num_succeeded)
     SELECT 1, 'Run script', clock_timestamp(), 'ActivityGroup', 'undelivered', 0, 0, 0, 0, 0
     FROM generate_series(0, $1::int) RETURNING id`,
    [FIRINGS],
  );
  const due = await world.services.runs.due(FIRINGS + 1, []);
  const fired: number[] = [];
  const bare: number[] = [];
  for (const [index, profile] of due.entries()) {
    const ours = () => timed(() => world.services.runs.fireDue(profile));
    const theirs = () =>
      timed(() =>
        world.bare.query(
          `INSERT INTO activity (account_id, summary, creator_id, creation_time, parent_id, type, status, computer_id)
           SELECT 1, 'Run script', 1, clock_timestamp(), $1, 'ExecuteScriptRequest', 'undelivered', id
           FROM computer WHERE account_id = 1 AND status = 'accepted' ORDER BY id`,
          [parents[index].id],
        ),
      );
    // The order alternates, because the second statement may profit from the work of the first.
    const [first, second] =
      index % 2 ? [await ours(), await theirs()] : [await theirs(), await ours()].reverse();
    if (index === 0) continue;
    fired.push(first!);
    bare.push(second!);
  }
  const { rows } = await world.bare.query(
    'SELECT count(*)::int AS n FROM activity WHERE parent_id IS NOT NULL',
  );
  if (rows[0].n !== due.length * 2 * COMPUTERS) throw new Error(`${rows[0].n} executions were made.`);
  await world.close();
  const [ours, theirs] = [summary(fired), summary(bare)];
  const how = tags ? 'by tag' : 'all computers';
  return [
    { what: `fire one profile at ${COMPUTERS} computers, ${how}`, figure: ours, unit: 'ms' },
    { what: 'the bare INSERT … SELECT of the same rows', figure: theirs, unit: 'ms' },
    // The arguments are swapped, because these are times, not rates.
    against('  speed, of the bare statement’s', theirs, ours, { atLeast: 0.5 }),
  ];
}

/** Ticks without due work, with few and with many profiles. */
async function idleTicks(): Promise<Row[]> {
  const sizes = [1000, 100_000];
  const worlds = [];
  for (const number of sizes) {
    const world = await open(await newDatabase());
    await fill(world, 1);
    await addProfiles(world, { number, nextRun: '5 hours' });
    const tick = createTick({
      work: dueProfiles(world.services.runs),
      concurrency: 3,
      report: console.error,
    });
    const pass = async () => {
      if ((await tick.fire()) > 0) throw new Error('Something was due.');
      await tick.untilNext();
    };
    for (let n = 0; n < 20; n += 1) await pass();
    worlds.push({ world, pass, times: [] as number[] });
  }
  for (let n = 0; n < TICKS; n += 1) for (const { pass, times } of worlds) times.push(await timed(pass));
  for (const { world } of worlds) await world.close();
  const [few, many] = worlds.map(({ times }) => summary(times)) as [Summary, Summary];
  return [
    { what: `a tick with nothing due at ${sizes[0]} profiles`, figure: few, unit: 'ms' },
    { what: `a tick with nothing due at ${sizes[1]} profiles`, figure: many, unit: 'ms' },
    against('  times as long', many, few, { atMost: 1.3 }),
  ];
}

type Summary = ReturnType<typeof summary>;

/** Drains ten thousand due profiles, with one process and with four. */
async function draining(): Promise<Row[]> {
  const template = await newDatabase();
  const world = await open(template);
  await fill(world, 1);
  await addProfiles(world, { number: DUE, nextRun: '0 hours' });
  await world.close();
  const took: number[] = [];
  for (const replicas of [1, 4]) took.push(await drain(await newDatabase(template), replicas));
  const [one, four] = took as [number, number];
  const rate = (time: number) => summary([DUE / (time / 1000)]);
  return [
    { what: `drain ${DUE} due profiles with one replica`, figure: rate(one) },
    { what: `drain ${DUE} due profiles with four replicas`, figure: rate(four) },
    against('  times as fast with four', rate(four), rate(one)),
  ];
}

async function drain(url: string, replicas: number): Promise<number> {
  const started = Array.from({ length: replicas }, () => startScript('test/bench/drain.ts', [url]));
  for (const replica of started) await replica.line();
  const took = await timed(async () => {
    for (const replica of started) replica.send('go');
    for (const replica of started) {
      const { code, stderr } = await replica.finish(DRAINED_WITHIN_MS);
      if (code !== 0) throw new Error(`A replica ended with ${code}: ${stderr}`);
    }
  });
  const world = await open(url);
  const { rows } = await world.bare.query('SELECT count(*)::int AS n FROM run');
  await world.close();
  if (rows[0].n !== DUE) throw new Error(`${rows[0].n} runs were made.`);
  return took;
}

export async function clock(progress: (text: string) => void): Promise<readonly Row[]> {
  const rows: Row[] = [];
  for (const [what, measure] of Object.entries({
    firing: () => firing(null),
    'firing by tag': () => firing(['server']),
    'ticks with nothing due': idleTicks,
    draining,
  })) {
    progress(what);
    rows.push(...(await measure()));
  }
  return rows;
}
