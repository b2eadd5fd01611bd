import type { Reach } from '../computers/cohort.ts';
import { associationTarget, type ScriptProfile } from '../script-profiles/script-profile.ts';
import type { Occurrence } from './conflicts.ts';
import { type Moment, mayRunUntil, runTimes } from './forecast.ts';

/**
 * The first runs of some profiles, by time and then by the profile's id: what comes to a computer that all of
 * them reach. The times of a profile are worked out once, whatever the number of computers.
 */
export function computerAgendas(
  reach: Reach,
  moment: Moment,
  most: number,
): (profiles: readonly ScriptProfile[]) => Occurrence[] {
  const runs = new Map<ScriptProfile, Omit<Occurrence, 'conflicting'>[]>();
  const runsOf = (profile: ScriptProfile) => {
    const known = runs.get(profile);
    if (known) return known;
    const found = foresee(profile, reach, moment, most);
    runs.set(profile, found);
    return found;
  };
  return (profiles) => {
    const first = profiles.flatMap(runsOf).sort(byTime).slice(0, most);
    return first.map((run) => ({
      ...run,
      conflicting: first.some((other) => other !== run && inTheWay(run, other)),
    }));
  };
}

function foresee(
  profile: ScriptProfile,
  reach: Reach,
  moment: Moment,
  most: number,
): Omit<Occurrence, 'conflicting'>[] {
  const { number } = reach.of(associationTarget(profile));
  const expectedComputers = Math.min(number, moment.limits.maxNumComputers);
  const found = [];
  for (const at of runTimes(profile, moment)) {
    if (found.length >= most) break;
    found.push({ profile, at, mayRunUntil: mayRunUntil(at, profile), expectedComputers });
  }
  return found;
}

type Run = Omit<Occurrence, 'conflicting'>;

/** All of it is on one computer: that they overlap is enough. */
const inTheWay = (one: Run, other: Run): boolean =>
  one.at < other.mayRunUntil &&
  other.at < one.mayRunUntil &&
  !(one.profile === other.profile && one.profile.overlap === 'SKIP');

const byTime = (a: Run, b: Run): number =>
  a.at === b.at ? a.profile.id - b.profile.id : a.at < b.at ? -1 : 1;
