import { reaches, type Target } from './association.ts';

/** Accepted computers in the same group with the same tags. Every target matches all of them or none. */
export interface Cohort {
  readonly tags: readonly string[];
  readonly groupAndAbove: readonly number[];
  /** Number of computers. */
  readonly number: number;
}

/** The cohorts that a target matches. Even a fleet of thousands of computers has only a few dozen cohorts. */
export class Audience {
  readonly number: number;
  private readonly cohorts: ReadonlySet<Cohort>;
  private readonly inCommon = new Map<Audience, number>();

  constructor(cohorts: readonly Cohort[]) {
    this.cohorts = new Set(cohorts);
    this.number = total(cohorts);
  }

  /** Number of computers that both audiences contain. */
  sharedWith(other: Audience): number {
    let shared = this.inCommon.get(other);
    if (shared === undefined) {
      shared = total([...this.cohorts].filter((cohort) => other.cohorts.has(cohort)));
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
      audience = new Audience(target ? this.cohorts.filter((cohort) => reaches(target, cohort)) : []);
      this.audiences.set(key, audience);
    }
    return audience;
  }
}

const total = (cohorts: readonly Cohort[]): number => cohorts.reduce((sum, { number }) => sum + number, 0);
