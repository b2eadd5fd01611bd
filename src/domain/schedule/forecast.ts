import type { Limits } from '../accounts/limits.ts';
import type { ScriptProfile } from '../script-profiles/script-profile.ts';
import { addSeconds, type Instant, latest } from '../time.ts';
import { parseCron } from './cron.ts';
import { type Firing, fire } from './firing.ts';
import { nextRun } from './next-run.ts';

/**
 * What the clock will do, if nobody edits anything: it is punctual from now on, and each run is over before
 * the next. What falls due in an outage, or while a run of a profile whose runs may not overlap is in
 * progress, is not foreseen.
 */
export interface Moment {
  readonly now: Instant;
  readonly limits: Limits;
}

export interface ForeseenFiring extends Firing {
  /** When the run will be made: at its slot, or now where that has passed. */
  readonly at: Instant;
}

/** Firing after firing, by the clock's own rule, with what the ledger will say. */
export function* firings(profile: ScriptProfile, { now, limits }: Moment): Generator<ForeseenFiring> {
  for (let current = profile; current.nextRun !== null; ) {
    const at = latest(current.nextRun, now);
    const firing = fire(current, { now: at, limits, lastRunInProgress: false });
    if (firing === null) return;
    yield { ...firing, at };
    current = firing.profile;
  }
}

/** The times of the same firings and nothing else, for thousands of them: some ten times faster. */
export function* runTimes(profile: ScriptProfile, moment: Moment): Generator<Instant> {
  let next = profile;
  if (next.nextRun !== null && next.nextRun <= moment.now) {
    const [overdue] = firings(profile, moment);
    if (!overdue) return;
    yield overdue.at;
    next = overdue.profile;
  }
  const { trigger } = next;
  if (next.nextRun === null) return;
  if (trigger.kind !== 'recurring') return yield next.nextRun;
  const schedule = {
    cron: parseCron(trigger.interval),
    startAfter: trigger.startAfter,
    minInterval: moment.limits.minInterval,
  };
  for (
    let at: Instant | undefined = next.nextRun;
    at !== undefined;
    at = nextRun({ ...schedule, spacedFrom: at, now: at })
  ) {
    yield at;
  }
}

/** Until when a run that is made then may be at work on a computer that takes it at once. */
export const mayRunUntil = (at: Instant, { timeLimit }: Pick<ScriptProfile, 'timeLimit'>): Instant =>
  addSeconds(at, timeLimit);
