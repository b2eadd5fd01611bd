import type { Audience, Reach } from '../computers/cohort.ts';
import { invalid } from '../errors.ts';
import { associationTarget, type ScriptProfile } from '../script-profiles/script-profile.ts';
import { addMinutes, type Instant, latest, toRfc3339 } from '../time.ts';
import { type Conflict, Conflicts, type Occurrence } from './conflicts.ts';
import { type Moment, mayRunUntil, runTimes } from './forecast.ts';

/** What runs in an account between two times, what gets into each other's way, and how much at a time. */
export interface Agenda {
  readonly from: Instant;
  readonly to: Instant;
  /** By time, then by the profile's id. */
  readonly occurrences: readonly Occurrence[];
  readonly conflicts: readonly Conflict[];
  /** By hour; hours without a run are left out. */
  readonly load: readonly HourlyLoad[];
  /** Before this nothing is missing: `to`, or the time of the first run that was one too many. */
  readonly completeUntil: Instant;
}

export interface HourlyLoad {
  readonly startsAt: Instant;
  runs: number;
  /** Of all runs together: an execution is one run's part on one computer. */
  executions: number;
}

export const MAX_AGENDA_DAYS = 92;
const DEFAULT_AGENDA_DAYS = 7;
export const MAX_OCCURRENCES = 5000;

/** A week from now on, unless told. @throws Refusal INVALID_INPUT */
export function agendaRange(
  { from, to: end }: { from?: Instant | null; to?: Instant | null },
  now: Instant,
): { from: Instant; to: Instant } {
  // What was before now has been, and is in the ledger.
  const start = latest(from ?? now, now);
  const to = end ?? addMinutes(start, DEFAULT_AGENDA_DAYS * 1440);
  const last = addMinutes(now, MAX_AGENDA_DAYS * 1440);
  if (to > last) {
    throw invalid(
      'to',
      toRfc3339(to),
      `at most ${MAX_AGENDA_DAYS} days from now, which is ${toRfc3339(last)}`,
    );
  }
  if (to <= start) throw invalid('to', toRfc3339(to), `later than ${toRfc3339(start)}`);
  return { from: start, to };
}

/** Step by step: it takes thousands of steps, between which others may have their turn. */
export function* agenda(
  profiles: readonly ScriptProfile[],
  reach: Reach,
  { from, to }: { from: Instant; to: Instant },
  moment: Moment,
): Generator<void, Agenda> {
  const occurrences: Occurrence[] = [];
  const load = new Map<string, HourlyLoad>();
  const conflicts = new Conflicts();
  let [left, completeUntil] = [MAX_OCCURRENCES, to];

  for (const { profile, audience, at } of inTurn(profiles, reach, to, moment)) {
    yield;
    // Also those before `from` count: they are what it costs to find the others.
    if (left === 0 || conflicts.tooMany) {
      completeUntil = at;
      break;
    }
    left -= 1;
    const occurrence = {
      profile,
      at,
      mayRunUntil: mayRunUntil(at, profile),
      expectedComputers: Math.min(audience.number, moment.limits.maxNumComputers),
      conflicting: false,
    };
    conflicts.start(occurrence, audience, at >= from);
    if (at < from) continue;
    occurrences.push(occurrence);
    addLoad(load, occurrence);
  }
  return { from, to, occurrences, conflicts: conflicts.found, load: [...load.values()], completeUntil };
}

interface Upcoming {
  readonly profile: ScriptProfile;
  readonly audience: Audience;
  readonly times: Generator<Instant>;
  at: Instant;
}

/** Runs of all profiles before a time, by time and then by the profile's id. */
function* inTurn(
  profiles: readonly ScriptProfile[],
  reach: Reach,
  before: Instant,
  moment: Moment,
): Generator<Upcoming> {
  const queue = profiles
    .map((profile) => {
      const audience = reach.of(associationTarget(profile));
      return { profile, audience, times: runTimes(profile, moment), at: '' };
    })
    .filter(advance)
    .sort(byTime);
  for (let first = queue.shift(); first && first.at < before; first = queue.shift()) {
    yield first;
    if (advance(first)) queue.splice(placeOf(first, queue), 0, first);
  }
}

function advance(upcoming: Upcoming): boolean {
  const { value, done } = upcoming.times.next();
  if (!done) upcoming.at = value;
  return !done;
}

const byTime = (a: Upcoming, b: Upcoming): number =>
  a.at === b.at ? a.profile.id - b.profile.id : a.at < b.at ? -1 : 1;

/** By halving: a long queue is not looked through for each run. */
function placeOf(upcoming: Upcoming, queue: readonly Upcoming[]): number {
  let [low, high] = [0, queue.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (byTime(queue[middle]!, upcoming) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}

function addLoad(load: Map<string, HourlyLoad>, { at, expectedComputers }: Occurrence): void {
  const startsAt = `${at.slice(0, 13)}:00:00.000000Z`;
  const hour = load.get(startsAt) ?? { startsAt, runs: 0, executions: 0 };
  hour.runs += 1;
  hour.executions += expectedComputers;
  load.set(startsAt, hour);
}
