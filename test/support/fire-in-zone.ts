// Fires a daily profile on the days on which clocks change, in the zone of TZ. Prints the zone's offsets and the fired
// slots. Runs in its own process, because TZ has no effect within jest.
import { fire } from '../../src/domain/schedule/firing.ts';
import type { ScriptProfile } from '../../src/domain/script-profiles/script-profile.ts';
import { addMinutes, type Instant } from '../../src/domain/time.ts';
import { aProfile, at, every, LIMITS } from './builders.ts';

const fired: Instant[] = [];
for (const day of ['2026-03-28', '2026-04-04', '2026-10-24', '2026-10-31']) {
  const trigger = every('30 2 * * *', `${day}T00:00`);
  let profile: ScriptProfile = aProfile({
    createdAt: at(`${day}T00:00`),
    trigger,
    nextRun: at(`${day}T02:30`),
  });
  for (
    let now = at(`${day}T00:00`), minutes = 0;
    minutes < 3 * 1440;
    minutes += 10, now = addMinutes(now, 10)
  ) {
    const firing = fire(profile, { now, limits: LIMITS, lastRunInProgress: false });
    if (!firing) continue;
    profile = firing.profile;
    fired.push(`${firing.slot!.slice(0, 16)} at ${now.slice(0, 16)}`);
  }
}
const offsets = ['2026-01-01', '2026-07-01'].map((day) => new Date(day).getTimezoneOffset());
console.log(JSON.stringify({ offsets, fired }));
