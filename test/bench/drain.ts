/**
 * A replica that fires until nothing is due: `drain.ts <database URL>`. It prints `ready`, and starts when it reads a
 * line.
 */
import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { dueProfiles } from '../../src/scheduling/due-work.ts';
import { createTick } from '../../src/scheduling/tick.ts';
import { open } from './bench-world.ts';

const world = await open(process.argv[2]!);
const tick = createTick({
  work: dueProfiles(world.services.runs),
  // The same value as in app.ts.
  concurrency: 3,
  report: (fault) => console.error(fault),
});
await tick.untilNext();
console.log('ready');
await once(process.stdin, 'data');
let fired = 0;
for (;;) {
  fired += await tick.fire();
  const { rows } = await world.bare.query(
    'SELECT FROM script_profile WHERE next_run <= clock_timestamp() LIMIT 1',
  );
  if (rows.length === 0) break;
  await pause(50);
}
console.log(`fired ${fired}`);
await world.close();
process.exit();
