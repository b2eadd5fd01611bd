import { describe, expect, test } from '@jest/globals';
import {
  editTrigger,
  newTrigger,
  type Trigger,
  type TriggerEdit,
} from '../../src/domain/script-profiles/trigger.ts';
import { at, every, once, onEnrolment, refusalOf } from '../support/builders.ts';

describe('a new trigger', () => {
  test('for an event keeps its event', () => {
    expect(newTrigger(onEnrolment)).toEqual({ kind: 'event', eventType: 'post_enrollment' });
  });

  test('for a time is not finished, and its fractions of a second are truncated, not rounded', () => {
    expect(newTrigger({ kind: 'one_time', timestamp: at('2025-12-31T23:59:59.999999') })).toEqual(
      once('2025-12-31T23:59:59'),
    );
  });

  test('with a schedule keeps its interval as written, and truncates its start', () => {
    const interval = '0 8 * * mon-FRI';
    expect(newTrigger({ kind: 'recurring', interval, startAfter: at('2025-01-01T00:00:00.5') })).toEqual(
      every(interval, '2025-01-01T00:00'),
    );
  });

  test('is refused with the field if its interval is not a cron expression', () => {
    const refusal = refusalOf(() => newTrigger(every('@daily')));
    expect(refusal.code).toBe('INVALID_CRON');
    expect(refusal.detail).toMatchObject({ field: 'trigger.recurring.interval', found: '"@daily"' });
  });
});

describe('an edit returns the same trigger if', () => {
  const hourly = every('0 * * * *', '2025-04-10T08:00');
  test.each<[string, Trigger, TriggerEdit]>([
    ['the event is resent', onEnrolment, { ...onEnrolment }],
    ['the time is resent', once('2025-04-10T08:00'), { ...once('2025-04-10T08:00') }],
    [
      'the time is resent in another zone',
      once('2025-04-10T08:00'),
      { kind: 'one_time', timestamp: at('2025-04-10T10:00:00+02:00') },
    ],
    [
      'the time is resent with decimals',
      once('2025-04-10T08:00'),
      { kind: 'one_time', timestamp: at('2025-04-10T08:00:00.999') },
    ],
    [
      'the time of a finished trigger is resent',
      once('2025-04-10T08:00', true),
      { ...once('2025-04-10T08:00', false) },
    ],
    ['the whole schedule is resent', hourly, { ...hourly }],
    ['the interval is resent', hourly, { kind: 'recurring', interval: '0 * * * *' }],
    [
      'the start is resent with decimals and a time zone',
      hourly,
      { kind: 'recurring', startAfter: at('2025-04-10T10:00:00.25+02:00') },
    ],
    ['no field is given', hourly, { kind: 'recurring' }],
    ['only null is given', hourly, { kind: 'recurring', interval: null, startAfter: null }],
  ])('%s', (_, trigger, edit) => {
    expect(editTrigger(trigger, edit)).toBe(trigger);
  });
});

describe('an edit returns another trigger if', () => {
  test.each<[string, Trigger, TriggerEdit, Trigger]>([
    [
      'the time differs by a second',
      once('2025-04-10T08:00'),
      { kind: 'one_time', timestamp: at('2025-04-10T08:00:01') },
      once('2025-04-10T08:00:01'),
    ],
    [
      'a finished trigger gets another time, so that it is no longer finished',
      once('2025-04-10T08:00', true),
      { kind: 'one_time', timestamp: at('2025-04-09T08:00') },
      once('2025-04-09T08:00', false),
    ],
    [
      'only the interval changes, while the start is kept',
      every('0 * * * *', '2025-04-10T08:00'),
      { kind: 'recurring', interval: '5 * * * *' },
      every('5 * * * *', '2025-04-10T08:00'),
    ],
    [
      'the interval is written differently with the same meaning',
      every('0 8 * * MON'),
      { kind: 'recurring', interval: '0 8 * * 1' },
      every('0 8 * * 1'),
    ],
    [
      'only the start changes, while the interval is kept',
      every('0 * * * *', '2025-04-10T08:00'),
      { kind: 'recurring', interval: null, startAfter: at('2026-01-01T00:00:00.75') },
      every('0 * * * *', '2026-01-01T00:00'),
    ],
  ])('%s', (_, trigger, edit, expected) => {
    expect(editTrigger(trigger, edit)).toEqual(expected);
  });

  test('and is refused if the interval is not a cron expression', () => {
    const refusal = refusalOf(() =>
      editTrigger(every('0 * * * *'), { kind: 'recurring', interval: '0 0 30 2 *' }),
    );
    expect(refusal.code).toBe('INVALID_CRON');
    expect(refusal.detail.field).toBe('trigger.recurring.interval');
  });
});

describe('a change of the kind is refused', () => {
  const triggers: Trigger[] = [onEnrolment, once('2025-04-10T08:00'), every('0 * * * *')];
  const pairs = triggers.flatMap((from) =>
    triggers
      .filter(({ kind }) => kind !== from.kind)
      .map((to): [string, string, Trigger, Trigger] => [from.kind, to.kind, from, to]),
  );

  test.each(pairs)('from %s to %s', (fromKind, toKind, from, to) => {
    const refusal = refusalOf(() => editTrigger(from, to));
    expect(refusal.code).toBe('TRIGGER_KIND_FIXED');
    expect(refusal.detail).toEqual({ field: 'trigger', found: toKind, allowed: fromKind });
    expect(refusal.message).toBe('The trigger type of a script profile cannot be changed after creation.');
  });
});
