import { describe, expect, test } from '@jest/globals';
import {
  archiveScriptProfile,
  editScriptProfile,
  type ScriptProfile,
  type ScriptProfileEdit,
} from '../../src/domain/script-profiles/script-profile.ts';
import type { Instant } from '../../src/domain/time.ts';
import {
  aProfile,
  at,
  every,
  LATER,
  LIMITS,
  NOW,
  once,
  onEnrolment,
  refusalOf,
} from '../support/builders.ts';

// Later is 2025-04-11T09:15:20.5.
const edit = (profile: ScriptProfile, changes: ScriptProfileEdit) =>
  editScriptProfile(profile, changes, { at: LATER, limits: LIMITS });

const timed = aProfile({ trigger: once('2025-05-01T08:00'), nextRun: at('2025-05-01T08:00') });
const finished = aProfile({
  trigger: once('2025-04-10T08:00', true),
  nextRun: null,
  lastRun: at('2025-04-10T08:00:01.5'),
});
const onEvent = aProfile({ trigger: onEnrolment, nextRun: null });
const whole: ScriptProfileEdit = {
  title: 'Nightly clean-up',
  username: 'root',
  timeLimit: 300,
  allComputers: false,
  tags: ['server', 'web'],
};

describe('an edit', () => {
  test.each<[keyof ScriptProfileEdit, ScriptProfileEdit, Partial<ScriptProfile>]>([
    ['title', { title: ' Weekly ' }, { title: 'Weekly' }],
    ['username', { username: 'www' }, { username: 'www' }],
    ['timeLimit', { timeLimit: 60 }, { timeLimit: 60 }],
    ['allComputers', { allComputers: true }, { allComputers: true }],
    ['tags', { tags: ['web', 'server'] }, { tags: ['web', 'server'] }],
    ['tags', { tags: [] }, { tags: [] }],
    ['deliverWithin', { deliverWithin: 3600 }, { deliverWithin: 3600 }],
  ])('of its %s changes only that, the version and the time of the last edit', (_, changes, changed) => {
    const profile = aProfile({ version: 4, arming: 2 });
    expect(edit(profile, changes)).toEqual({ ...profile, ...changed, version: 5, lastEditedAt: LATER });
  });

  test('that read the clock earlier than the previous edit, and waited for it, does not set the time back', () => {
    const profile = aProfile({ version: 4, lastEditedAt: LATER });
    const made = { at: NOW, limits: LIMITS };
    expect(editScriptProfile(profile, { title: 'Weekly' }, made)).toMatchObject({
      title: 'Weekly',
      version: 5,
      lastEditedAt: LATER,
    });
    expect(archiveScriptProfile(profile, NOW)).toMatchObject({
      archived: true,
      version: 5,
      lastEditedAt: LATER,
    });
  });

  test('with 0 removes the delivery limit', () => {
    const profile = aProfile({ deliverWithin: 3600 });
    expect(edit(profile, { deliverWithin: 0 })).toMatchObject({ deliverWithin: null, version: 2 });
    expect(edit(profile, { title: 'Weekly', deliverWithin: null })).toMatchObject({ deliverWithin: 3600 });
  });

  test('of several fields counts as one edit', () => {
    const edited = edit(aProfile(), { title: 'Weekly', timeLimit: 60, trigger: every('0 6 * * 1') });
    expect(edited).toMatchObject({ title: 'Weekly', timeLimit: 60, version: 2, arming: 2 });
  });

  test('treats null as absent, next to changed fields', () => {
    const nothing = { username: null, timeLimit: null, allComputers: null, tags: null, trigger: null };
    const profile = aProfile({ allComputers: true });
    expect(edit(profile, { title: 'Weekly', ...nothing })).toEqual({
      ...profile,
      title: 'Weekly',
      version: 2,
      lastEditedAt: LATER,
    });
  });

  test('never changes the script, the group, the creator or the last run, whatever its input is', () => {
    const changes = {
      title: 'Weekly',
      scriptId: 99,
      accessGroup: null,
      archived: true,
      version: 9,
      nextRun: NOW,
    };
    const profile = aProfile({ lastRun: NOW });
    expect(edit(profile, changes as ScriptProfileEdit)).toEqual({
      ...profile,
      title: 'Weekly',
      version: 2,
      lastEditedAt: LATER,
    });
  });
});

describe('an edit changes nothing, and returns the same object, if it', () => {
  const hourly = aProfile({
    trigger: every('0 * * * *', '2025-04-10T08:00'),
    nextRun: at('2025-04-11T10:00'),
  });

  test.each<[string, ScriptProfile, ScriptProfileEdit]>([
    ['is empty', aProfile(), {}],
    ['is all null', aProfile(), { title: null, username: null, tags: null, trigger: null }],
    ['resends all', hourly, { ...whole, trigger: { ...hourly.trigger } }],
    ['resends the title with surrounding spaces', aProfile(), { title: ' Nightly clean-up ' }],
    ['resends the tags with a duplicate', aProfile(), { tags: ['server', 'web', 'server'] }],
    ['removes a delivery limit that does not exist', aProfile(), { deliverWithin: 0 }],
    ['resends an event', onEvent, { trigger: { ...onEnrolment } }],
    ['resends a time', timed, { trigger: once('2025-05-01T08:00') }],
    ['resends a time in another zone', timed, { trigger: once('2025-05-01T03:00:00-05:00') }],
    ['resends a time with decimals', timed, { trigger: once('2025-05-01T08:00:00.999999') }],
    ['resends the time of a finished profile', finished, { trigger: once('2025-04-10T08:00') }],
    ['resends the start in another zone', hourly, { trigger: every('0 * * * *', '2025-04-10T09:30+01:30') }],
    ['resends the start with decimals', hourly, { trigger: every('0 * * * *', '2025-04-10T08:00:00.5') }],
    ['resends the interval alone', hourly, { trigger: { kind: 'recurring', interval: '0 * * * *' } }],
    ['sends no field of a schedule', hourly, { trigger: { kind: 'recurring', interval: null } }],
  ])('%s', (_, profile, changes) => {
    expect(edit(profile, changes)).toBe(profile);
  });

  test('resends the tags, so that the computers are not counted again', () => {
    const profile = aProfile();
    expect(edit(profile, { title: 'Weekly', tags: ['server', 'web'] }).tags).toBe(profile.tags);
  });
});

describe('a trigger', () => {
  test.each<[string, ScriptProfile, ScriptProfileEdit['trigger'], Instant | null]>([
    ['at another time runs then', timed, once('2025-06-01T08:00'), at('2025-06-01T08:00')],
    ['at a time in the past is due, at that time', timed, once('2025-04-11T09:00'), at('2025-04-11T09:00')],
    [
      'that has another interval runs at its first match',
      aProfile(),
      every('30 9 * * *'),
      at('2025-04-11T09:30'),
    ],
    [
      'that has another start runs no earlier',
      aProfile(),
      { kind: 'recurring', startAfter: at('2025-05-01T00:00') },
      at('2025-05-01T06:00'),
    ],
    [
      'that starts after the last match there is runs no more',
      aProfile(),
      { kind: 'recurring', startAfter: at('9999-12-31T06:00:01') },
      null,
    ],
  ])('%s, because it is armed again', (_, profile, trigger, nextRun) => {
    const edited = edit(profile, { trigger });
    expect(edited).toMatchObject({ nextRun, arming: 2, version: 2, lastEditedAt: LATER });
  });

  test('keeps its start if its interval changes, and its interval if its start changes', () => {
    const profile = aProfile({ trigger: every('0 6 * * *', '2025-02-01T00:00') });
    const byInterval = edit(profile, {
      trigger: { kind: 'recurring', interval: '5 6 * * *', startAfter: null },
    });
    expect(byInterval.trigger).toEqual(every('5 6 * * *', '2025-02-01T00:00'));
    const byStart = edit(profile, { trigger: { kind: 'recurring', startAfter: at('2025-03-01T00:00') } });
    expect(byStart.trigger).toEqual(every('0 6 * * *', '2025-03-01T00:00'));
  });

  test('keeps the spacing if it changes, so that an edit cannot bypass it', () => {
    const spacedFrom = at('2025-04-11T09:00');
    const profile = aProfile({ spacedFrom, lastRun: spacedFrom });
    const edited = edit(profile, { trigger: every('* * * * *') });
    expect(edited.nextRun).toBe(at('2025-04-11T09:30'));
    expect(edited.spacedFrom).toBe(spacedFrom);
  });

  test('that is due and not yet fired stays due if another field is edited', () => {
    const due = aProfile({ nextRun: at('2025-04-11T06:00') });
    expect(edit(due, { title: 'Weekly', trigger: { ...due.trigger } })).toMatchObject({
      nextRun: due.nextRun,
      arming: 1,
    });
  });

  test('of a paused profile that changes gets no next run, but is armed again', () => {
    const paused = { pausedAt: NOW, pauseNote: 'Holidays', nextRun: null };
    const byInterval = edit(aProfile(paused), { trigger: every('30 9 * * *') });
    expect(byInterval).toMatchObject({ ...paused, arming: 2, trigger: every('30 9 * * *') });
    const byTime = edit({ ...timed, ...paused }, { trigger: once('2025-06-01T08:00') });
    expect(byTime).toMatchObject({ ...paused, arming: 2, trigger: once('2025-06-01T08:00') });
  });
});

describe('a finished one-time profile', () => {
  test('does not run again if its title changes and its whole trigger is resent', () => {
    const renamed = edit(finished, { ...whole, title: 'Once', trigger: once('2025-04-10T08:00') });
    expect(renamed).toEqual({ ...finished, title: 'Once', version: 2, lastEditedAt: LATER });
  });

  test.each([
    ['in the future', '2025-06-01T08:00'],
    ['in the past', '2025-04-09T08:00'],
  ])('is armed again by a new time %s', (_, time) => {
    expect(edit(finished, { trigger: once(time) })).toEqual({
      ...finished,
      trigger: once(time, false),
      nextRun: at(time),
      arming: 2,
      slotsFrom: at('2025-04-11T09:16'),
      version: 2,
      lastEditedAt: LATER,
    });
  });
});

describe('an edit is refused', () => {
  test.each<[string, ScriptProfileEdit]>([
    ['changes something', { title: 'Weekly' }],
    ['changes nothing', {}],
    ['is also invalid', { title: '', trigger: onEnrolment }],
  ])('if the profile is archived, although the edit %s', (_, changes) => {
    const refusal = refusalOf(() => edit(archiveScriptProfile(aProfile(), NOW), changes));
    expect(refusal.code).toBe('PROFILE_ARCHIVED');
    expect(refusal.detail).toEqual({
      field: 'id',
      found: '7',
      allowed: 'a script profile that is not archived',
    });
    expect(refusal.others).toEqual([]);
  });

  test.each([
    ['event', 'one_time', onEvent, timed.trigger],
    ['one_time', 'recurring', timed, every('0 6 * * *')],
    ['recurring', 'event', aProfile(), onEnrolment],
  ] as const)('if it changes the trigger from %s to %s', (from, to, profile, trigger) => {
    const refusal = refusalOf(() => edit(profile, { title: 'Weekly', trigger }));
    expect(refusal.code).toBe('TRIGGER_KIND_FIXED');
    expect(refusal.detail).toEqual({ field: 'trigger', found: to, allowed: from });
  });
});
