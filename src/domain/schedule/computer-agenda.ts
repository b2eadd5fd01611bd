import type { Reach } from '../computers/cohort.ts';
import { associationTarget, type ScriptProfile } from '../script-profiles/script-profile.ts';
import type { Occurrence } from './conflicts.ts';
import { type Moment, mayRunUntil, runTimes } from './forecast.ts';

/**
 * Returns a function that lists the next runs on a computer, given all profiles that match it. The runs are
 * ordered by time, then by the profile's id. The times of each profile are computed once for all computers.
 */
export function computerAgendas(
  reach: Reach,
  moment: Moment,
  most: number,
): (profiles: readonly ScriptProfile[]) => Occurrence[] {
  const runs = new Map<ScriptProfile, Occurrence[]>();
  const runsOf = (profile: ScriptProfile) => {
    const known = runs.get(profile);
    if (known) return known;
    const found = forecastRuns(profile, reach, moment, most);
    runs.set(profile, found);
    return found;
  };
  return (profiles) => {
    const first = profiles.flatMap(runsOf).sort(byTime).slice(0, most);
    return first.map((run) => ({
      ...run,
      conflicting: first.some((other) => other !== run && overlaps(run, other)),
    }));
  };
}

function forecastRuns(profile: ScriptProfile, reach: Reach, moment: Moment, most: number): Occurrence[] {
  const { number } = reach.of(associationTarget(profile));
  const expectedComputers = Math.min(number, moment.limits.maxNumComputers);
  const found = [];
  for (const at of runTimes(profile, moment)) {
    if (found.length >= most) break;
    found.push({
      scriptProfile: profile,
      at,
      mayRunUntil: mayRunUntil(at, profile),
      expectedComputers,
      conflicting: false,
    });
  }
  return found;
}

/** Whether two runs on the same computer overlap. */
const overlaps = (one: Occurrence, other: Occurrence): boolean =>
  one.at < other.mayRunUntil &&
  other.at < one.mayRunUntil &&
  !(one.scriptProfile === other.scriptProfile && one.scriptProfile.overlap === 'SKIP');

const byTime = (a: Occurrence, b: Occurrence): number =>
  a.at === b.at ? a.scriptProfile.id - b.scriptProfile.id : a.at < b.at ? -1 : 1;
