import type { Audience } from '../computers/cohort.ts';
import type { ScriptProfile } from '../script-profiles/script-profile.ts';
import type { Instant } from '../time.ts';

export interface Occurrence {
  readonly scriptProfile: ScriptProfile;
  readonly at: Instant;
  readonly mayRunUntil: Instant;
  readonly expectedComputers: number;
  /** Whether it conflicts with another occurrence. */
  conflicting: boolean;
}

/** Runs of two profiles, or of one, that may be in progress at the same time. */
export interface Conflict {
  /** Ordered by id. Contains the same profile twice if its own runs overlap. */
  readonly profiles: readonly [ScriptProfile, ScriptProfile];
  /** Number of computers that both profiles match. */
  readonly sharedComputers: number;
  readonly sameScript: boolean;
  /** When a run first starts while a run of the other profile may be in progress. */
  readonly firstAt: Instant;
  /** Number of runs that start while a run of the other profile may be in progress. */
  number: number;
}

export const MAX_CONFLICTS = 1000;
/** Maximum number of comparisons. Thousands of simultaneous runs are not all compared with each other. */
const MAX_COMPARISONS = 500_000;

/** Compares each run with the earlier runs that may still be in progress. */
export class Conflicts {
  readonly found: Conflict[] = [];
  private comparisons = 0;
  private readonly atWork = new Map<ScriptProfile, { occurrence: Occurrence; audience: Audience }>();
  private readonly known = new Map<ScriptProfile, Map<ScriptProfile, Conflict>>();

  get tooMany(): boolean {
    return this.comparisons > MAX_COMPARISONS;
  }

  /**
   * Adds a run. Runs must be added in the order of their start.
   * @param counts false for a run before the period, which is only compared with later runs
   */
  start(occurrence: Occurrence, audience: Audience, counts: boolean): void {
    const { scriptProfile: profile, at } = occurrence;
    for (const [other, earlier] of this.atWork) {
      if (earlier.occurrence.mayRunUntil <= at) {
        this.atWork.delete(other);
        continue;
      }
      if (!counts) continue;
      this.comparisons += 1;
      // The run would be skipped while the previous run is in progress.
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
