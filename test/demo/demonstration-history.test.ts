import { beforeAll, describe, expect, test } from '@jest/globals';
import { instant, rows, sql } from '../../src/database/sql.ts';
import { wholeAccount } from '../../src/domain/accounts/access.ts';
import {
  type Activity,
  activityStatuses,
  countedStatuses,
  rollUp,
} from '../../src/domain/activities/activity.ts';
import { parseCron } from '../../src/domain/schedule/cron.ts';
import { nextRun } from '../../src/domain/schedule/next-run.ts';
import { addMinutes, type Instant } from '../../src/domain/time.ts';
import { fixture, NOW, World } from './demonstration-world.ts';

const world = new World();
/** Loads once for several tests, because they only read. */
const loadOnce = (now: string) =>
  beforeAll(async () => {
    await world.empty();
    await world.load('demo', now);
  });

// At other times of the day, other slots fall into the outage, the pause and the last hours.
describe.each([NOW, '2027-03-01T00:00:00.000000Z', '2028-02-29T08:00:00.500000Z'])('loaded at %s', (now) => {
  loadOnce(now);

  test('the status of each run is derived from its executions', async () => {
    const parents = (await world.activities('ActivityGroup')).filter(({ id }) => id !== 2396);
    const parts = await world.activities('ExecuteScriptRequest');
    const counted = parents.map(({ id }) => {
      const statuses = parts.filter(({ parentId }) => parentId === id).map(({ status }) => status);
      const number = (status: string) => statuses.filter((each) => each === status).length;
      return Object.fromEntries(countedStatuses.map((status) => [status, number(status)]));
    });
    expect(parents.length).toBeGreaterThan(100);
    expect(parents.map(({ counts }) => counts)).toEqual(counted);
    expect(parents.map(({ status }) => status)).toEqual(counted.map(rollUp));
  });

  test('every status that can occur, and every result code, is present', async () => {
    const statuses = ['undelivered', 'delivered', 'canceled', 'failed', 'succeeded'];
    const seen = (found: readonly Activity[]) =>
      activityStatuses.filter((each) => found.some(({ status }) => status === each));
    expect(seen(await world.activities('ActivityGroup'))).toEqual(statuses);
    const parts = await world.activities('ExecuteScriptRequest');
    expect(seen(parts)).toEqual(statuses);
    const codes = parts.map(({ resultCode }) => resultCode);
    expect([...new Set(codes)].sort()).toEqual([102, 103, 104, null]);
  });

  test('times are in order, and none is in the future', async () => {
    const all = [
      ...(await world.activities('ActivityGroup')),
      ...(await world.activities('ExecuteScriptRequest')),
    ];
    for (const { creationTime, deliveryTime, completionTime, status } of all) {
      const times = [creationTime, deliveryTime, completionTime, now].filter((time) => time !== null);
      expect(times).toEqual([...times].sort());
      expect(completionTime !== null).toBe(['canceled', 'failed', 'succeeded'].includes(status));
    }
  });

  test('each profile has the time of its last run, and a next run according to the rule', async () => {
    const profiles = await world.profiles();
    const ids = profiles.map(({ id }) => id);
    const last = await world.read.activities.lastOf(wholeAccount(world.account), ids);
    expect(profiles.map(({ lastRun }) => lastRun)).toEqual(last.map((run) => run?.creationTime ?? null));

    for (const { trigger, nextRun: next, spacedFrom, pausedAt, archived } of profiles) {
      if (pausedAt !== null || archived || trigger.kind === 'event') expect(next).toBeNull();
      else if (trigger.kind === 'one_time') expect(next).toBe(trigger.isFinished ? null : trigger.timestamp);
      else {
        const cron = parseCron(trigger.interval);
        const spacing = { spacedFrom: spacedFrom ?? undefined, minInterval: 360 };
        expect(next).toBe(nextRun({ cron, startAfter: trigger.startAfter, ...spacing, now }));
      }
    }
  });

  test('the ledger has every slot that fell due exactly once, with a reason unless the slot was fired', async () => {
    const ledger = await readLedger();
    expect([...new Set(ledger.map(({ status, reason }) => `${status} ${reason}`))].sort()).toEqual([
      'coalesced outage',
      'fired null',
      'moved spacing',
      'skipped overlap',
      'skipped paused',
    ]);
    const ledToRun = ledger.filter(({ hasRun }) => hasRun).map(({ status }) => status);
    expect([...new Set(ledToRun)].sort()).toEqual(['coalesced', 'fired']);

    for (const { id, trigger, createdAt, pausedAt } of await world.profiles()) {
      if (trigger.kind !== 'recurring' || id === 5) continue;
      const entries = ledger.filter(({ profile }) => profile === id);
      const entered = entries.map(({ first, last }) => slotsWithin(trigger.interval, first, last));
      expect(entries.map(({ number }) => number)).toEqual(entered.map(({ length }) => length));
      // The ledger gets no entries for a paused profile until it is resumed.
      const due = slotsWithin(trigger.interval, createdAt, pausedAt ?? now);
      expect(entered.flat().sort()).toEqual(due);
    }
  });
});

describe('next to the history', () => {
  loadOnce(NOW);

  test('the documented one-time profile is unchanged, and the limit leaves room for three more profiles', async () => {
    const profiles = await world.profiles();
    expect(profiles.map(({ id }) => id)).toEqual([10, 9, 8, 7, 6, 5, 4, 1]);
    expect(await world.onThePage(profiles.slice(-1))).toEqual(fixture('list-all').results.slice(-1));
    expect(await world.read.scriptProfiles.countActive(world.account)).toBe(7);
    expect(profiles.filter(({ archived }) => archived)).toHaveLength(1);
    expect(profiles.filter(({ pauseNote }) => pauseNote !== null)).toHaveLength(1);
  });

  test('the fleet has tags, desktops, and computers that wait to be accepted', async () => {
    const { read, account } = world;
    expect(await read.computers.tags(wholeAccount(account))).toEqual(['db', 'laptop', 'server', 'web']);
    expect(await read.computers.count(wholeAccount(account), { statuses: ['pending'] })).toBe(2);
    expect(
      await read.computers.count(wholeAccount(account), {
        accessGroups: ['desktop'],
        statuses: ['accepted'],
      }),
    ).toBe(12);
  });

  test('the sequences continue above the loaded ids', async () => {
    const largest = await rows<{ id: number }>(
      world.database.prisma,
      sql`select max(id) as id from activity union all select max(id) from run union all select max(id) from slot_entry`,
    );
    const next = await world.nextIds('activity', 'run', 'slot_entry', 'script_profile', 'computer', 'person');
    expect(next).toEqual([...largest.map(({ id }) => id + 1), 11, 35, 3]);
  });
});

interface Entry {
  readonly profile: number;
  readonly status: string;
  readonly reason: string | null;
  readonly first: Instant;
  readonly last: Instant;
  readonly number: number;
  readonly hasRun: boolean;
}

const readLedger = () =>
  rows<Entry>(
    world.database.prisma,
    sql`
      select script_profile_id as profile, status, reason, number, run_id is not null as "hasRun",
        ${instant('first_slot')} as first, ${instant('last_slot')} as last
      from slot_entry`,
  );

/** All times that the cron expression matches, both ends included. */
function slotsWithin(interval: string, from: Instant, to: Instant): Instant[] {
  const cron = parseCron(interval);
  const slots: Instant[] = [];
  for (let slot = cron.firstAtOrAfter(from)!; slot <= to; slot = cron.firstAtOrAfter(addMinutes(slot, 1))!) {
    slots.push(slot);
  }
  return slots;
}
