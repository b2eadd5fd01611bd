import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  type ActivityStatus,
  activityStatuses,
  count,
  finalStatuses,
  isFinal as isOver,
  type RunCounts,
  rollUp,
  type StatusCounts,
  undeliveredStatuses,
} from '../../src/domain/activities/activity.ts';

describe('a run is', () => {
  test.each<[ActivityStatus, string, StatusCounts]>([
    ['succeeded', 'it has no executions', {}],
    ['succeeded', 'every count is zero', { failed: 0, undelivered: 0, canceled: 0 }],
    ['succeeded', 'all succeeded', { succeeded: 3 }],
    ['failed', 'one failed, and the rest succeeded', { failed: 1, succeeded: 2 }],
    ['failed', 'one failed, and the rest was canceled', { failed: 1, canceled: 2 }],
    ['canceled', 'one was canceled, and the rest succeeded', { canceled: 1, succeeded: 2 }],
    ['undelivered', 'no execution was delivered', { undelivered: 3 }],
    [
      'undelivered',
      'all wait, for different reasons',
      { scheduled: 1, waiting: 1, blocked: 1, unapproved: 1 },
    ],
    ['delivered', 'all were delivered', { delivered: 3 }],
    ['delivered', 'some were delivered', { delivered: 1, undelivered: 2 }],
    ['delivered', 'some have ended, and some were not delivered', { succeeded: 1, undelivered: 2 }],
    ['delivered', 'one failed while another is in progress', { failed: 1, delivered: 1 }],
    ['delivered', 'one was canceled while another waits', { canceled: 1, waiting: 1 }],
  ])('%s if %s', (expected, _, children) => {
    expect(rollUp(children)).toBe(expected);
  });
});

test('every status belongs to exactly one of undelivered, delivered and ended', () => {
  expect([...undeliveredStatuses, 'delivered', ...finalStatuses].sort()).toEqual(
    [...activityStatuses].sort(),
  );
});

const status = fc.constantFrom(...activityStatuses);
const statuses = fc.array(status, { minLength: 1, maxLength: 8 });
const counted = (list: readonly ActivityStatus[]): StatusCounts => {
  const counts: StatusCounts = {};
  for (const one of list) counts[one] = (counts[one] ?? 0) + 1;
  return counts;
};
const isFinal = (one: ActivityStatus) => (finalStatuses as readonly ActivityStatus[]).includes(one);
const isUndelivered = (one: ActivityStatus) =>
  (undeliveredStatuses as readonly ActivityStatus[]).includes(one);

describe('for any executions', () => {
  test('a run has ended exactly if all its executions have, and is undelivered exactly if all are', () => {
    fc.assert(
      fc.property(statuses, (list) => {
        const parent = rollUp(counted(list));
        expect(isFinal(parent)).toBe(list.every(isFinal));
        expect(parent === 'undelivered').toBe(list.every(isUndelivered));
        expect(['undelivered', 'delivered', ...finalStatuses]).toContain(parent);
      }),
    );
  });

  test('only the statuses matter, not the number of executions with each', () => {
    fc.assert(
      fc.property(statuses, fc.integer({ min: 1, max: 5000 }), (list, factor) => {
        const counts = counted(list);
        const more = Object.fromEntries(Object.entries(counts).map(([key, count]) => [key, count * factor]));
        expect(rollUp(more)).toBe(rollUp(counts));
      }),
    );
  });

  test('a failed execution makes a run failed, whatever other executions ended with', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...finalStatuses)), (others) => {
        expect(rollUp(counted(['failed', ...others]))).toBe('failed');
      }),
    );
  });
});

describe('a run’s counters', () => {
  const none: RunCounts = { undelivered: 0, delivered: 0, canceled: 0, failed: 0, succeeded: 0 };

  test('change by the number of executions that moved from one status to another, with all waiting statuses counted as one', () => {
    const before = { ...none, undelivered: 20, delivered: 3 };
    const after = count(before, [
      { from: 'undelivered', to: 'delivered', number: 5 },
      { from: 'blocked', to: 'canceled', number: 2 },
      { from: 'delivered', to: 'failed', number: 1 },
      { from: 'scheduled', to: 'waiting', number: 4 },
    ]);
    expect(after).toEqual({ undelivered: 13, delivered: 7, canceled: 2, failed: 1, succeeded: 0 });
    expect(before.undelivered).toBe(20);
  });

  test('equal a recount after any changes, and lead to the same status', () => {
    const change = fc.tuple(fc.nat(7), status);
    fc.assert(
      fc.property(statuses, fc.array(change), (list, changes) => {
        const recount = () =>
          list.reduce((counts, one) => count(counts, [{ from: 'undelivered', to: one, number: 1 }]), {
            ...none,
            undelivered: list.length,
          });
        let counts = recount();
        for (const [index, to] of changes) {
          const from = list[index % list.length]!;
          list[index % list.length] = to;
          counts = count(counts, [{ from, to, number: 1 }]);
          expect(counts).toEqual(recount());
          expect(rollUp(counts)).toBe(rollUp(counted(list)));
          expect(isOver(rollUp(counts))).toBe(list.every(isFinal));
        }
      }),
    );
  });
});
