import type { Audience, Reach } from '../computers/cohort.ts';
import { invalid } from '../errors.ts';
import { associationTarget, type ScriptProfile } from '../script-profiles/script-profile.ts';
import { addMinutes, type Instant, latest, toRfc3339 } from '../time.ts';
import { type Conflict, Conflicts, type Occurrence } from './conflicts.ts';
import { type Moment, mayRunUntil, runTimes } from './forecast.ts';

/** The runs of an account within a period, with their conflicts and the hourly load. */
export interface Agenda {
  readonly from: Instant;
  readonly to: Instant;
  /** Ordered by time, then by the profile's id. */
  readonly occurrences: readonly Occurrence[];
  readonly conflicts: readonly Conflict[];
  /** One entry for each hour that has runs. */
  readonly load: readonly HourlyLoad[];
  /** The agenda contains all runs before this time: `to`, or the time of the first run beyond a maximum. */
  readonly completeUntil: Instant;
}

export interface HourlyLoad {
  readonly startsAt: Instant;
  runs: number;
  /** Executions of all these runs. An execution is the part of a run on one computer. */
  executions: number;
}

export const MAX_AGENDA_DAYS = 92;
const DEFAULT_AGENDA_DAYS = 7;
export const MAX_OCCURRENCES = 5000;

/** Defaults to one week from now. @throws Refusal INVALID_INPUT */
export function agendaRange(
  { from, to: end }: { from?: Instant | null; to?: Instant | null },
  now: Instant,
): { from: Instant; to: Instant } {
  // Slots before now are in the ledger.
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

/** Builds an agenda. It takes thousands of steps, so it yields after each one to let other work run. */
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

  for (const { profile, audience, at } of upcomingRuns(profiles, reach, to, moment)) {
    yield;
    // Runs before `from` count towards the maximum, because they cost the same computation.
    if (left === 0 || conflicts.tooMany) {
      completeUntil = at;
      break;
    }
    left -= 1;
    const occurrence = {
      scriptProfile: profile,
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

/** Yields the runs of all profiles before a time, ordered by time and then by the profile's id. */
function* upcomingRuns(
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

/** Finds the insertion index in the queue by binary search. */
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
