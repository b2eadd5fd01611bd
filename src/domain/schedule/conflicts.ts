import type { Audience } from '../computers/cohort.ts';
import type { ScriptProfile } from '../script-profiles/script-profile.ts';
import type { Instant } from '../time.ts';

export interface Occurrence {
  readonly profile: ScriptProfile;
  readonly at: Instant;
  readonly mayRunUntil: Instant;
  readonly expectedComputers: number;
  /** Whether another occurrence is in its way. */
  conflicting: boolean;
}

/** Runs of two profiles, or of one, that may be at work at the same time. */
export interface Conflict {
  /** The smaller id first; the same profile twice when its own runs overlap. */
  readonly profiles: readonly [ScriptProfile, ScriptProfile];
  /** How many computers both reach. */
  readonly sharedComputers: number;
  readonly sameScript: boolean;
  /** When the first of these runs starts while the other is at work. */
  readonly firstAt: Instant;
  /** How often one starts while the other is at work. */
  number: number;
}

export const MAX_CONFLICTS = 1000;
/** Of a run with one that is at work when it starts: thousands that are at work together are not all compared. */
const MAX_COMPARISONS = 500_000;

/** Looks, as runs start one after the other, at what is still at work. */
export class Conflicts {
  readonly found: Conflict[] = [];
  private comparisons = 0;
  private readonly atWork = new Map<ScriptProfile, { occurrence: Occurrence; audience: Audience }>();
  private readonly known = new Map<ScriptProfile, Map<ScriptProfile, Conflict>>();

  get tooMany(): boolean {
    return this.comparisons > MAX_COMPARISONS;
  }

  /** @param counts false for what only may be in the way of others */
  start(occurrence: Occurrence, audience: Audience, counts: boolean): void {
    const { profile, at } = occurrence;
    for (const [other, earlier] of this.atWork) {
      if (earlier.occurrence.mayRunUntil <= at) {
        this.atWork.delete(other);
        continue;
      }
      if (!counts) continue;
      this.comparisons += 1;
      // Such a run is skipped while the one before is at work.
      if (other === profile && profile.overlap === 'SKIP') continue;
      if (audience.number === 0 || earlier.audience.number === 0) continue;
      const sharedComputers = audience.sharedWith(earlier.audience);
      const sameScript = profile.scriptId === other.scriptId;
      if (sharedComputers === 0 && !sameScript) continue;
      occurrence.conflicting = true;
      earlier.occurrence.conflicting = true;
      const profiles = profile.id < other.id ? ([profile, other] as const) : ([other, profile] as const);
      this.enter({ profiles, sharedComputers, sameScript, firstAt: at });
    }
    this.atWork.set(profile, { occurrence, audience });
  }

  private enter(conflict: Omit<Conflict, 'number'>): void {
    const [one, other] = conflict.profiles;
    const before = this.known.get(one)?.get(other);
    if (before) {
      before.number += 1;
    } else if (this.found.length < MAX_CONFLICTS) {
      const first = { ...conflict, number: 1 };
      this.found.push(first);
      this.known.set(one, (this.known.get(one) ?? new Map()).set(other, first));
    }
  }
}
