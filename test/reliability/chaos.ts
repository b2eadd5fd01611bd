/** `npm run chaos -- [--minutes 3] [--seed n] [--profiles 200] [--replicas 4]`, on the server of TEST_DATABASE_URL. */
import { openDatabase } from '../../src/database/database.ts';
import { runChaos } from './chaos-run.ts';
import { command, options } from './command.ts';

const MOST_MINUTES = 60;
/** Time to start, to fire the remaining work, and to check the result. */
const MORE_MINUTES = 10;

const { minutes, seed, profiles, replicas } = options(
  { minutes: 3, profiles: 200, replicas: 4 },
  { minutes: MOST_MINUTES, profiles: 5000, replicas: 20 },
);
await command(
  'chaos',
  { seed, limitMinutes: minutes + MORE_MINUTES },
  async ({ createDatabase, progress }) => {
    const url = await createDatabase();
    await (await openDatabase({ url })).close();
    const milliseconds = minutes * 60_000;
    const run = await runChaos({ url, seed, profiles, replicas, steps: 20, milliseconds, progress });
    const { faults, ...numbers } = run;
    const summary = Object.entries(numbers).map(([what, number]) => `${number} ${what}`);
    return { faults, summary: summary.join(', '), proved: 'Each slot once, each run once.' };
  },
);
