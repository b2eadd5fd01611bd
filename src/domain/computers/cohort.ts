import { reaches, type Target } from './association.ts';

/** Accepted computers in the same group with the same tags. Every target matches all of them or none. */
export interface Cohort {
  readonly tags: readonly string[];
  readonly groupAndAbove: readonly number[];
  /** Number of computers. */
  readonly number: number;
}

/**
 * The computers that a target reaches, as a count for each cohort of the account. Counts take a tenth of the memory of a
 * set of cohorts. That matters because a calendar compares hundreds of audiences, and an account may have as many
 * cohorts as computers.
 */
export class Audience {
  readonly number: number;
  private readonly inCommon = new Map<Audience, number>();

  /** @param numbers computers of each cohort, or 0 if the target does not reach it. Every audience has the same cohorts. */
  constructor(private readonly numbers: Uint32Array) {
    this.number = numbers.reduce((sum, number) => sum + number, 0);
  }

  /** Number of computers that both audiences contain. */
  sharedWith(other: Audience): number {
    let shared = this.inCommon.get(other);
    if (shared === undefined) {
      shared = this.numbers.reduce(
        (sum, number, cohort) => sum + Math.min(number, other.numbers[cohort]!),
        0,
      );
      this.inCommon.set(other, shared);
    }
    return shared;
  }
}

/** Caches audiences by target, because many profiles share a target. */
export class Reach {
  private readonly audiences = new Map<string, Audience>();

  constructor(private readonly cohorts: readonly Cohort[]) {}

  of(target: Target | null): Audience {
    const key = JSON.stringify(target);
    let audience = this.audiences.get(key);
    if (!audience) {
      const numberIn = (cohort: Cohort) => (target && reaches(target, cohort) ? cohort.number : 0);
      audience = new Audience(Uint32Array.from(this.cohorts, numberIn));
      this.audiences.set(key, audience);
    }
    return audience;
  }
}
