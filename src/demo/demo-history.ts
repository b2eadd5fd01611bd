import type { Person } from '../domain/accounts/person.ts';
import type { Computer } from '../domain/computers/computer.ts';
import { enrolmentOccasion, manualOccasion, slotOccasion } from '../domain/schedule/firing.ts';
import { associationTarget, type ScriptProfile } from '../domain/script-profiles/script-profile.ts';
import { addMinutes, type Instant, justAfter, latest } from '../domain/time.ts';
import { ARCHIVED_DAYS_AGO, daysAgo } from './demo-fleet.ts';
import type { DemoProfiles } from './demo-profiles.ts';
import type { History, PastExecution, PastRun, PastSlots } from './history.ts';
import { pageLimits } from './page.ts';
import {
  canceled,
  failed,
  NEVER,
  type Outcome,
  type Planned,
  plan,
  reachedBy,
  seenAt,
  succeeded,
} from './past-executions.ts';
import { liveThrough, type Recurring } from './past-slots.ts';
import { afterSeconds, scatter } from './scatter.ts';

interface Setting {
  readonly computers: readonly Computer[];
  readonly john: Person;
  readonly grace: Person;
  readonly now: Instant;
}

/** Returns the outcome of a computer's execution in a run. The runs of a profile are numbered from 0. */
type Outcomes = (computer: Computer, run: number) => Outcome;

/** The profiles in their current state, with their whole history. */
export function demoHistory(
  drafts: DemoProfiles,
  setting: Setting,
): History & { profiles: readonly ScriptProfile[] } {
  const { now } = setting;
  const { backups, openssl, logs, welcome, certificates } = drafts;
  const scheduled = [
    scheduledRuns(backups, { ...setting, until: backups.pausedAt!, outcomes: nightly }),
    scheduledRuns(logs, { ...setting, until: now, outcomes: fourHourly }),
  ];
  const runs = [
    ...scheduled.flatMap((past) => past.runs),
    opensslRun(openssl, setting),
    ...enrolments(welcome, setting),
    ...runsByHand(drafts, setting),
  ];
  const profiles = [scheduled[0]!.profile, openssl, scheduled[1]!.profile, welcome, certificates];
  return {
    runs,
    slots: [...scheduled.flatMap((past) => past.slots), firedSlot(openssl)],
    profiles: profiles.map((profile) => ({ ...profile, lastRun: lastRunOf(profile, runs) })),
  };
}

function lastRunOf({ id }: ScriptProfile, runs: readonly PastRun[]): Instant | null {
  const [first, ...others] = runs
    .filter(({ scriptProfileId }) => scriptProfileId === id)
    .map(({ createdAt }) => createdAt);
  return first === undefined ? null : latest(first, ...others);
}

function scheduledRuns(
  profile: Recurring,
  { computers, now, until, outcomes }: Setting & { until: Instant; outcomes: Outcomes },
): { profile: ScriptProfile; runs: PastRun[]; slots: PastSlots[] } {
  const reached = reachedBy(associationTarget(profile)!, computers);
  const runs: PastRun[] = [];
  const silences = [
    { kind: 'outage' as const, from: daysAgo(now, 16), to: addMinutes(daysAgo(now, 16), 26 * 60) },
    { kind: 'pause' as const, from: daysAgo(now, 9), to: daysAgo(now, 7) },
  ];
  const { minInterval } = pageLimits;
  const past = liveThrough(profile, { silences, minInterval, now: until }, ({ slot, occasion, at }) => {
    const planned = reached.map((computer) => plan(computer, at, outcomes(computer, runs.length)));
    runs.push(
      run(profile, { occasion, slot, at, executions: planned.map((execution) => seenAt(now, execution)) }),
    );
    return latest(at, ...planned.map(({ completionTime }) => completionTime));
  });
  const { spacedFrom } = past;
  const nextRun = profile.pausedAt === null ? past.nextRun : null;
  // The ledger is complete until then, and the scheduler continues from there.
  const slotsFrom = justAfter(until);
  return { profile: { ...profile, spacedFrom, nextRun, slotsFrom }, runs, slots: past.slots };
}

/** The creator of a scheduled run is the creator of its profile. */
function run(
  profile: ScriptProfile,
  made: { occasion: string; slot?: Instant; at: Instant; by?: Person; executions: readonly PastExecution[] },
): PastRun {
  return {
    scriptProfileId: profile.id,
    occasion: made.occasion,
    slot: made.slot ?? null,
    createdAt: made.at,
    creator: made.by ?? profile.createdBy!,
    executions: made.executions,
  };
}

/**
 * Outcomes with two kinds of trouble: one night a server is off until after the next slot, which is skipped. Another
 * server's disk fills up at times.
 */
const nightly: Outcomes = ({ id, hostname }, run) => {
  const fine = succeeded(`/var/backups/${hostname.slice(0, 5)}-${run + 1}.dump\n`, id, run);
  if (hostname.startsWith('db-04') && run === 6) return { ...fine, deliveredAfter: 30 * 3600 };
  if (hostname.startsWith('db-02') && run % 9 === 4) {
    return failed(103, "ls: cannot access '/var/backups/*.dump': No such file or directory\n");
  }
  return fine;
};

const fourHourly: Outcomes = ({ id, hostname }, run) => {
  if (hostname.startsWith('web-03') && run % 13 === 5) {
    return failed(103, "find: '/var/log/nginx': Permission denied\n");
  }
  if (hostname.startsWith('web-07') && run % 17 === 8) return failed(102, 'Killed after 120 seconds.', 120);
  return succeeded(`${scatter(40, id, run)}\n`, id, run);
};

/** A run with two servers that had not taken their execution when the profile was archived. */
function opensslRun(profile: DemoProfiles['openssl'], { computers, now }: Setting): PastRun {
  const slot = profile.trigger.timestamp;
  const at = afterSeconds(slot, 1);
  const reached = reachedBy({ ...profile, accessGroupId: profile.accessGroup.id }, computers);
  const executions = reached.map((computer, index) =>
    index < reached.length - 2
      ? plan(computer, at, succeeded('OpenSSL 3.0.13 30 Jan 2024\n', computer.id))
      : canceled(computer, daysAgo(now, ARCHIVED_DAYS_AGO)),
  );
  return run(profile, { occasion: slotOccasion(slot, 1), slot, at, executions });
}

function firedSlot({ id, trigger: { timestamp } }: DemoProfiles['openssl']): PastSlots {
  const occasion = slotOccasion(timestamp, 1);
  const range = { firstSlot: timestamp, lastSlot: timestamp, number: 1 };
  return { scriptProfileId: id, status: 'fired', reason: null, ...range, occasion };
}

/** One run for each workstation that was accepted after the profile was created. */
function enrolments(profile: DemoProfiles['welcome'], { computers, now }: Setting): PastRun[] {
  const accepted = computers.filter(
    ({ acceptedAt }) => acceptedAt !== null && acceptedAt > profile.createdAt,
  );
  return accepted.map((computer, index) => {
    const outcome =
      index === 1
        ? failed(104, 'The attachment wallpaper.png could not be fetched.')
        : succeeded(`Welcome to ${computer.hostname}\n`, computer.id);
    const at = computer.acceptedAt!;
    const executions = [seenAt(now, plan(computer, at, outcome))];
    return run(profile, { occasion: enrolmentOccasion(computer.id), at, executions });
  });
}

/** Three runs by hand, one for each visible state: finished, in progress, and taken by no computer. */
function runsByHand({ backups, welcome, certificates }: DemoProfiles, setting: Setting): PastRun[] {
  const { computers, john, grace, now } = setting;
  const byHand = (
    profile: ScriptProfile,
    key: string,
    at: Instant,
    by: Person,
    planned: readonly Planned[],
  ) =>
    run(profile, {
      occasion: manualOccasion(by.id, key, at),
      at,
      by,
      executions: planned.map((execution) => seenAt(now, execution)),
    });

  const yesterday = daysAgo(now, 0.9);
  const databases = reachedBy(associationTarget(backups)!, computers);
  const justNow = afterSeconds(now, -240);
  const web = reachedBy(associationTarget(certificates)!, computers);
  const anHourAgo = afterSeconds(now, -3000);
  const laptops = computers.filter(({ hostname }) => /^laptop-0[78]/.test(hostname));
  const fine = (computer: Computer) => succeeded('notAfter=Mar 14 12:00:00 2027 GMT\n', computer.id);
  const inProgress = (computer: Computer, index: number): Outcome => {
    if (index < 4) return fine(computer);
    return index < 6 ? { ...fine(computer), takes: NEVER } : { ...fine(computer), deliveredAfter: NEVER };
  };
  return [
    byHand(
      backups,
      'before-the-move',
      yesterday,
      grace,
      databases.map((computer) => plan(computer, yesterday, nightly(computer, 99))),
    ),
    byHand(
      certificates,
      'rehearsal',
      justNow,
      john,
      web.map((computer, index) => plan(computer, justNow, inProgress(computer, index))),
    ),
    byHand(
      welcome,
      'laptops-too',
      anHourAgo,
      grace,
      laptops.map((computer) => plan(computer, anHourAgo, { ...fine(computer), deliveredAfter: NEVER })),
    ),
  ];
}
