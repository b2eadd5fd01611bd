/**
 * `npm run chaos -- [--minutes 3] [--seed n] [--profiles 200] [--replicas 4] [--agents n]`, on the server of
 * TEST_DATABASE_URL.
 */
import { openDatabase } from '../../src/database/database.ts';
import { runAgentsChaos } from './agents-chaos.ts';
import { runChaos } from './chaos-run.ts';
import { command, options } from './command.ts';

const MOST_MINUTES = 60;
/** Time to start, to fire the remaining work, and to check the result. */
const MORE_MINUTES = 10;

const { minutes, seed, profiles, replicas, agents } = options(
  { minutes: 3, profiles: 200, replicas: 4, agents: 0 },
  { minutes: MOST_MINUTES, profiles: 5000, replicas: 20, agents: 1000 },
);
await command(
  'chaos',
  { seed, limitMinutes: minutes + MORE_MINUTES },
  async ({ createDatabase, progress }) => {
    const url = await createDatabase();
    await (await openDatabase({ url })).close();
    const common = { url, seed, replicas, milliseconds: minutes * 60_000, progress };
    const { faults, ...numbers } =
      agents > 0
        ? await runAgentsChaos({ ...common, agents })
        : await runChaos({ ...common, profiles, steps: 20 });
    const summary = Object.entries(numbers).map(([what, number]) => `${number} ${what}`);
    const proved =
      agents > 0
        ? 'Each script ran once, each result is stored, and each agent continues to work.'
        : 'Each slot fired once, and each run exists once.';
    return { faults, summary: summary.join(', '), proved };
  },
);
