import { describe, expect, test } from '@jest/globals';
import {
  closeLedger,
  deliveredBy,
  type FiringMoment,
  fire,
  slotOccasion,
} from '../../src/domain/schedule/firing.ts';
import type { SlotEntry } from '../../src/domain/schedule/slot-ledger.ts';
import { pauseScriptProfile, resumeScriptProfile } from '../../src/domain/script-profiles/pausing.ts';
import type { ScriptProfile } from '../../src/domain/script-profiles/script-profile.ts';
import { aProfile, at, every, LIMITS, once, onEnrolment } from '../support/builders.ts';

// One day in minutes, with a spacing of an hour. Ledger entries have the form `status reason first-last number`.
const DAY = '2025-05-01T';
const today = (time: string | null) =>
  time === null ? null : at(time.includes('T') ? time : `${DAY}${time}`);
const shown = ({ status, reason, firstSlot, lastSlot, number }: SlotEntry) =>
  `${status}${reason ? ` ${reason}` : ''} ${firstSlot.slice(11, 16)}-${lastSlot.slice(11, 16)} ${number}`;
const limits = { ...LIMITS, minInterval: 60 };
const moment = (now: string, lastRunInProgress = false): FiringMoment => ({
  now: today(now)!,
  limits,
  lastRunInProgress,
});
const cron = (interval: string, startAfter = `${DAY}00:00`, overrides: Partial<ScriptProfile> = {}) =>
  aProfile({ createdAt: at(`${DAY}00:00`), trigger: every(interval, startAfter), ...overrides });

describe('a recurring profile that is fired', () => {
  test.each<[string, string, string, string | null, string, string, string, string[]]>([
    // what, cron, due, slotsFrom, now, slot, next, ledger
    ['at its slot', '0 * * * *', '08:00', null, '08:00', '08:00', '09:00', ['fired 08:00-08:00 1']],
    ['seconds late', '0 * * * *', '08:00', '07:01', '08:00:07', '08:00', '09:00', ['fired 08:00-08:00 1']],
    ['five minutes late', '0 * * * *', '08:00', '07:01', '08:05', '08:00', '09:00', ['fired 08:00-08:00 1']],
    ['much later', '0 * * * *', '08:00', '07:01', '08:05:01', '08:00', '10:00', ['fired 08:00-08:00 1']],
    [
      'after slots that came too soon',
      '*/20 * * * *',
      '09:00',
      '08:01',
      '09:00:01',
      '09:00',
      '10:00',
      ['moved spacing 08:20-08:40 2', 'fired 09:00-09:00 1'],
    ],
    [
      'after an outage in which another slot fell due',
      '0 * * * *',
      '08:00',
      '07:01',
      '09:00',
      '09:00',
      '10:00',
      ['coalesced outage 08:00-08:00 1', 'fired 09:00-09:00 1'],
    ],
    [
      'after an outage, between two slots',
      '0 * * * *',
      '08:00',
      '07:01',
      '11:20',
      '11:00',
      '13:00',
      ['coalesced outage 08:00-10:00 3', 'fired 11:00-11:00 1'],
    ],
    [
      'after an outage, with slots that came too soon',
      '*/30 * * * *',
      '09:00',
      '08:01',
      '10:31',
      '10:30',
      '11:30',
      ['moved spacing 08:30-08:30 1', 'coalesced outage 09:00-10:00 3', 'fired 10:30-10:30 1'],
    ],
    [
      'late, after slots that the spacing would have moved',
      '*/10 * * * *',
      '08:00',
      '07:01',
      '08:30',
      '08:00',
      '09:30',
      ['moved spacing 07:10-07:50 5', 'fired 08:00-08:00 1'],
    ],
  ])('%s', (_, interval, due, slotsFrom, now, slot, next, ledger) => {
    const from = today(slotsFrom ?? due);
    const profile = cron(interval, `${DAY}00:00`, { nextRun: today(due), slotsFrom: from });
    const firing = fire(profile, moment(now))!;
    expect(firing.slot).toBe(today(slot));
    expect(firing.ledger.map(shown)).toEqual(ledger);
    expect(firing.profile).toMatchObject({
      nextRun: today(next),
      lastRun: today(now),
      arming: 1,
      version: 1,
    });
    // P7: a fired slot has passed, and never falls due again.
    expect(firing.profile.nextRun! > firing.slot!).toBe(true);
    expect(firing.profile.slotsFrom! > firing.slot!).toBe(true);
    expect(fire(firing.profile, moment(now))).toBeNull();
  });

  test.each<[string, ScriptProfile, string]>([
    ['a microsecond early', cron('0 * * * *', undefined, { nextRun: today('08:00') }), '07:59:59.999999'],
    ['while paused', cron('0 * * * *', undefined, { nextRun: null, pausedAt: today('07:00') }), '08:00'],
    ['once archived', cron('0 * * * *', undefined, { nextRun: null, archived: true }), '08:00'],
    ['with an event trigger', aProfile({ trigger: onEnrolment, nextRun: null }), '08:00'],
    [
      'with an event trigger, whatever its row contains',
      aProfile({ trigger: onEnrolment, nextRun: today('07:00') }),
      '08:00',
    ],
    ['that is finished', aProfile({ trigger: once(`${DAY}07:00`, true), nextRun: null }), '08:00'],
  ])('%s is not fired', (_, profile, now) => {
    expect(fire(profile, moment(now))).toBeNull();
  });

  test('for the last time before the year 10000 has no next run', () => {
    const profile = cron('59 23 31 12 *', undefined, {
      nextRun: at('9999-12-31T23:59'),
      slotsFrom: at('9999-01-01T00:00'),
    });
    const firing = fire(profile, moment('9999-12-31T23:59:01'))!;
    expect(firing).toMatchObject({ slot: at('9999-12-31T23:59'), profile: { nextRun: null } });
  });
});

describe('a one-time profile', () => {
  test.each([
    ['at its time', '08:00', '08:00'],
    ['years late', '2020-02-29T08:00', '08:00'],
  ])('fired %s is finished, and the ledger has its slot', (_, timestamp, now) => {
    const trigger = once(timestamp.includes('T') ? timestamp : `${DAY}${timestamp}`);
    for (const overlap of ['ALLOW', 'SKIP'] as const) {
      const profile = aProfile({ trigger, nextRun: trigger.timestamp, overlap });
      // A one-time profile has no later slot to wait for, so it runs even if the last run is in progress.
      const firing = fire(profile, moment(now, true))!;
      expect(firing.slot).toBe(trigger.timestamp);
      expect(firing.ledger.map(shown)).toEqual(['fired 08:00-08:00 1']);
      const ended = { trigger: { ...trigger, isFinished: true }, nextRun: null, lastRun: today(now) };
      expect(firing.profile).toEqual({ ...profile, ...ended });
      expect(fire(firing.profile, moment('23:00'))).toBeNull();
      expect(closeLedger(firing.profile, 'archived', today('23:00')!)).toEqual([]);
    }
  });
});

describe('a profile whose runs may not overlap, while the last run is in progress,', () => {
  const skip = { overlap: 'SKIP', spacedFrom: today('07:00'), slotsFrom: today('07:01') } as const;

  test.each([
    ['skips the slot', '0 * * * *', '08:00', '08:00:02', ['skipped overlap 08:00-08:00 1'], '09:00'],
    [
      'skips missed slots as well',
      '*/30 * * * *',
      '08:00',
      '09:10',
      ['moved spacing 07:30-07:30 1', 'skipped overlap 08:00-09:00 3'],
      '09:30',
    ],
    [
      'skips the slots that passed since then, not as too soon, because no run was created',
      '*/10 * * * *',
      '08:00',
      '08:30',
      ['moved spacing 07:10-07:50 5', 'skipped overlap 08:00-08:30 4'],
      '08:40',
    ],
  ])(
    '%s, keeps its spacing and its last run, and waits for the next slot',
    (_, interval, due, now, ledger, next) => {
      const profile = cron(interval, undefined, { ...skip, nextRun: today(due), lastRun: today('07:00') });
      const firing = fire(profile, moment(now, true))!;
      expect(firing.slot).toBeNull();
      expect(firing.ledger.map(shown)).toEqual(ledger);
      const { spacedFrom, lastRun } = profile;
      expect(firing.profile).toMatchObject({ nextRun: today(next), spacedFrom, lastRun });
      expect(fire({ ...profile, overlap: 'ALLOW' }, moment(now, true))!.slot).not.toBeNull();
    },
  );
});

describe('the slots that a trigger leaves open when it ends', () => {
  const paused = { pausedAt: today('07:30'), nextRun: null, slotsFrom: today('07:31') };
  test.each<[string, ScriptProfile, string, string[]]>([
    [
      'are none before it fell due',
      cron('0 * * * *', undefined, { nextRun: today('08:00'), slotsFrom: today('07:01') }),
      '07:59',
      [],
    ],
    [
      'are the due slot',
      cron('0 * * * *', undefined, { nextRun: today('08:00'), slotsFrom: today('07:01') }),
      '08:00',
      ['skipped rescheduled 08:00-08:00 1'],
    ],
    [
      'are all due slots, and those that came too soon',
      cron('*/30 * * * *', undefined, { nextRun: today('09:00'), slotsFrom: today('08:01') }),
      '10:10',
      ['moved spacing 08:30-08:30 1', 'skipped rescheduled 09:00-10:00 3'],
    ],
    [
      'are only those that came too soon',
      cron('*/30 * * * *', undefined, { nextRun: today('10:00'), slotsFrom: today('08:01') }),
      '09:10',
      ['moved spacing 08:30-09:00 2'],
    ],
    ['are none before the start', cron('0 * * * *', `${DAY}12:00`, { nextRun: today('12:00') }), '11:30', []],
    [
      'are those that passed in a pause',
      cron('0 * * * *', undefined, paused),
      '09:10',
      ['skipped paused 08:00-09:00 2'],
    ],
    ['are none for a pause in which no slot passed', cron('0 * * * *', undefined, paused), '07:50', []],
    ['are none for an event trigger', aProfile({ trigger: onEnrolment, nextRun: null }), '12:00', []],
    [
      'are the time of a one-time profile after it has passed',
      aProfile({ trigger: once(`${DAY}08:00`), nextRun: today('08:00') }),
      '08:00',
      ['skipped rescheduled 08:00-08:00 1'],
    ],
    [
      'are none for a one-time profile before its time',
      aProfile({ trigger: once(`${DAY}08:00`), nextRun: today('08:00') }),
      '07:59',
      [],
    ],
    [
      'are the time of a one-time profile that was paused at that time',
      aProfile({ trigger: once(`${DAY}08:00`), ...paused }),
      '09:00',
      ['skipped paused 08:00-08:00 1'],
    ],
  ])('%s', (_, profile, now, ledger) => {
    expect(closeLedger(profile, 'rescheduled', today(now)!).map(shown)).toEqual(ledger);
  });
});

describe('a pause', () => {
  const hourly = cron('0 * * * *', undefined, { nextRun: today('08:00'), slotsFrom: today('07:01') });
  const made = (time: string) => ({ at: today(time)!, limits });

  test('is not caught up at its end: the first slot after it is next', () => {
    const paused = pauseScriptProfile(hourly, 'Holidays', today('07:30')!);
    expect(paused).toMatchObject({ nextRun: null, pauseNote: 'Holidays', archived: false, version: 2 });
    const resumed = resumeScriptProfile(paused, made('11:20'));
    expect(resumed).toMatchObject({ nextRun: today('12:00'), pausedAt: null, pauseNote: null, version: 3 });
  });

  test('that ends in the minute of a slot does not run it, and the ledger has it as passed', () => {
    const paused = pauseScriptProfile(hourly, null, today('07:30')!);
    const resumed = resumeScriptProfile(paused, made('08:00'));
    expect(resumed.nextRun).toBe(today('09:00'));
    expect(closeLedger(paused, 'paused', today('08:00')!).map(shown)).toEqual([
      'skipped paused 08:00-08:00 1',
    ]);
  });

  test('finishes at its end a one-time profile whose time has passed, and no other', () => {
    const timed = aProfile({ trigger: once(`${DAY}08:00`), nextRun: today('08:00') });
    const paused = pauseScriptProfile(timed, null, today('07:30')!);
    expect(resumeScriptProfile(paused, made('08:00'))).toMatchObject({
      trigger: { isFinished: true },
      nextRun: null,
    });
    expect(resumeScriptProfile(paused, made('07:59:59'))).toMatchObject({
      trigger: { isFinished: false },
      nextRun: today('08:00'),
    });
  });

  test('finishes a due one-time profile at its start: its slot is skipped once, and not again at the end', () => {
    const due = aProfile({ trigger: once(`${DAY}08:00`), nextRun: today('08:00') });
    expect(closeLedger(due, 'paused', today('08:00:10')!).map(shown)).toEqual([
      'skipped paused 08:00-08:00 1',
    ]);
    const paused = pauseScriptProfile(due, null, today('08:00:10')!);
    expect(paused).toMatchObject({ trigger: { isFinished: true }, nextRun: null });
    expect(closeLedger(paused, 'paused', today('09:00')!)).toEqual([]);
    expect(closeLedger(paused, 'archived', today('09:00')!)).toEqual([]);
  });

  test('after the clock was set back removes nothing from the ledger and runs nothing twice', () => {
    const fired = fire(hourly, moment('08:00:05'))!.profile;
    const paused = pauseScriptProfile(fired, null, today('07:10')!);
    expect(closeLedger(fired, 'paused', today('07:10')!)).toEqual([]);
    const resumed = resumeScriptProfile(paused, made('07:20'));
    expect(resumed).toMatchObject({ slotsFrom: today('08:01'), nextRun: today('09:00') });
  });
});

test('runs differ by slot and by arming, so a slot of an old trigger is not confused with one of a new trigger (P1)', () => {
  const [slot, other] = [today('08:00')!, today('09:00')!];
  expect(new Set([slotOccasion(slot, 1), slotOccasion(slot, 2), slotOccasion(other, 1)]).size).toBe(3);
});

test('a run that read the clock before the previous run did does not set the time of the last run back', () => {
  const last = { lastRun: at(`${DAY}10:00`) };
  for (const profile of [
    cron('0 * * * *', undefined, { ...last, nextRun: today('09:00') }),
    aProfile({ ...last, trigger: once(`${DAY}09:00`), nextRun: today('09:00') }),
  ]) {
    expect(fire(profile, moment('09:00:01'))!.profile.lastRun).toBe(last.lastRun);
    expect(fire(profile, moment('10:00:01'))!.profile.lastRun).toBe(today('10:00:01'));
  }
});

test.each([
  [null, null],
  [60, '08:01:00.25'],
  [86_400, '2025-05-02T08:00:00.25'],
])(
  'a run of a profile with a delivery limit of %s seconds waits for its computers until %s',
  (deliverWithin, until) => {
    expect(deliveredBy({ deliverWithin }, today('08:00:00.25')!)).toBe(today(until));
  },
);
