import { describe, expect, test } from '@jest/globals';
import {
  archiveScriptProfile,
  associationTarget,
  checkDraft,
  createScriptProfile,
  respace,
  type ScriptProfileDraft,
} from '../../src/domain/script-profiles/script-profile.ts';
import type { Trigger } from '../../src/domain/script-profiles/trigger.ts';
import type { Instant } from '../../src/domain/time.ts';
import {
  aDraft,
  anAccessGroup,
  aProfile,
  aScript,
  at,
  every,
  john,
  LATER,
  LIMITS,
  NOW,
  once,
  onEnrolment,
  refusalOf,
} from '../support/builders.ts';

const create = (overrides: Partial<ScriptProfileDraft> = {}, script = aScript()) =>
  createScriptProfile(checkDraft(aDraft(overrides)), { script, by: john, at: NOW, limits: LIMITS });

describe('a new profile', () => {
  test('has version 1, is armed once, is neither paused nor archived, and has not run', () => {
    const { id: _, ...expected } = aProfile();
    expect(create()).toEqual(expected);
  });

  test('is in the access group of its script', () => {
    const accessGroup = anAccessGroup({ id: 9, name: 'desktop' });
    expect(create({}, aScript({ id: 35, accessGroup }))).toMatchObject({ scriptId: 35, accessGroup });
  });

  test('stores its title trimmed, and each of its tags once', () => {
    expect(create({ title: ' Clean ', tags: ['b', 'a', 'b'] })).toMatchObject({
      title: 'Clean',
      tags: ['b', 'a'],
    });
  });

  // Now is 2025-04-10T12:00:30.25.
  test.each<[string, Trigger, Instant | null]>([
    ['that waits for an event has no next run', onEnrolment, null],
    ['at a time runs then', once('2025-05-01T08:00'), at('2025-05-01T08:00')],
    ['at a time in the past is due, at that time', once('2025-04-01T08:00'), at('2025-04-01T08:00')],
    ['runs at the first match from now on', every('0 6 * * *'), at('2025-04-11T06:00')],
    ['does not run in the minute that has begun', every('* * * * *'), at('2025-04-10T12:01')],
    ['runs no earlier than its start', every('0 6 * * *', '2025-06-01T06:00:01'), at('2025-06-02T06:00')],
    ['runs at its start, when that matches', every('0 6 * * *', '2025-06-01T06:00'), at('2025-06-01T06:00')],
    ['that starts after the last match there is never runs', every('0 0 1 1 *', '9999-06-01T00:00'), null],
  ])('%s', (_, trigger, nextRun) => {
    expect(create({ trigger }).nextRun).toBe(nextRun);
  });

  test.each(['ARCHIVED', 'REDACTED'] as const)('is refused if its script is %s', (status) => {
    const refusal = refusalOf(() => create({}, aScript({ status })));
    expect(refusal.code).toBe('SCRIPT_NOT_ACTIVE');
    expect(refusal.detail).toEqual({ field: 'scriptId', found: status, allowed: 'ACTIVE' });
  });
});

describe('the archiving', () => {
  test.each<[string, Trigger, Instant | null]>([
    ['an event profile', onEnrolment, null],
    ['a one-time profile', once('2025-05-01T08:00'), at('2025-05-01T08:00')],
    ['a recurring profile', every('0 6 * * *'), at('2025-04-11T06:00')],
  ])('of %s removes its next run, and counts as its last edit', (_, trigger, nextRun) => {
    const profile = aProfile({ trigger, nextRun, version: 3 });
    expect(archiveScriptProfile(profile, LATER)).toEqual({
      ...profile,
      archived: true,
      nextRun: null,
      version: 4,
      lastEditedAt: LATER,
    });
  });

  test('again changes nothing, and returns the same object', () => {
    const archived = archiveScriptProfile(aProfile(), NOW);
    expect(archiveScriptProfile(archived, LATER)).toBe(archived);
  });

  test('keeps the last run, and the time of the pause', () => {
    const past = { lastRun: at('2025-04-10T06:00:02'), spacedFrom: at('2025-04-10T06:00'), pausedAt: NOW };
    expect(archiveScriptProfile(aProfile(past), LATER)).toMatchObject(past);
  });
});

describe('with a new minimum interval', () => {
  const slot = at('2025-04-10T12:30');
  const hourly = aProfile({
    trigger: every('*/30 * * * *'),
    spacedFrom: at('2025-04-10T12:00'),
    nextRun: slot,
  });
  const under = (minInterval: number, profile = hourly) =>
    respace(profile, { at: NOW, limits: { ...LIMITS, minInterval } });

  test.each([
    ['a longer one moves the coming run away', 90, '2025-04-10T13:30'],
    ['a longer one moves it to a match', 70, '2025-04-10T13:30'],
    ['a shorter one lets it be', 1, '2025-04-10T12:30'],
  ])('%s', (_, minInterval, expected) => {
    expect(under(minInterval).nextRun).toBe(at(expected));
  });

  test('a shorter one moves the next run back, but not before now', () => {
    const profile = { ...hourly, nextRun: at('2025-04-10T18:00') };
    expect(under(1, profile).nextRun).toBe(slot);
  });

  test('the move does not count as an edit', () => {
    expect(under(90)).toEqual({ ...hourly, nextRun: at('2025-04-10T13:30') });
  });

  test.each([
    ['an event profile', aProfile({ trigger: onEnrolment, nextRun: null })],
    [
      'a one-time profile',
      aProfile({ trigger: once('2025-04-10T12:30'), nextRun: slot, spacedFrom: at('2025-04-10T12:29') }),
    ],
    ['a paused one', { ...hourly, nextRun: null, pausedAt: NOW }],
    ['an archived one', archiveScriptProfile(hourly, NOW)],
    ['one that is due', { ...hourly, nextRun: NOW }],
    ['one that is overdue', { ...hourly, nextRun: at('2025-04-09T12:00') }],
  ])('%s is not changed', (_, profile) => {
    expect(under(600, profile)).toBe(profile);
  });
});

describe('the computers that the scheduler would reach', () => {
  const target = { accessGroupId: 2, allComputers: false, tags: ['server', 'web'] };

  test.each([
    ['of a recurring profile are those with its tags in its group', aProfile(), target],
    ['of a one-time profile too', aProfile({ trigger: once('2025-05-01T08:00') }), target],
    ['of a finished one too', aProfile({ trigger: once('2025-04-01T08:00', true), nextRun: null }), target],
    ['of a paused one too', aProfile({ pausedAt: NOW, nextRun: null }), target],
    [
      'are all in its group, when it is for all',
      aProfile({ allComputers: true }),
      { ...target, allComputers: true },
    ],
    ['are none for an event profile', aProfile({ trigger: onEnrolment, nextRun: null }), null],
    ['are none for an archived profile', archiveScriptProfile(aProfile(), LATER), null],
  ])('%s', (_, profile, expected) => {
    expect(associationTarget(profile)).toEqual(expected);
  });
});
