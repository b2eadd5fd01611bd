import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import type { Change } from '../../src/domain/change.ts';
import { notFound } from '../../src/domain/errors.ts';
import { type Delivery, SharedSubscription, type Topic } from '../../src/services/subscriptions/watch.ts';

// The rate of events for watchers, and the guarantee that the last state is always sent. The test moves the time.

const PAUSE = 250;
beforeEach(() => {
  jest.useFakeTimers();
});
afterEach(() => {
  jest.useRealTimers();
});

const change = (id: number): Change => ({ kind: 'run', accountId: 1, id, change: 'PROGRESSED' });
/** A number that is watched, with a count of its reads. */
function counter(more: Partial<Topic<number>> = {}) {
  const state = { number: 0, looks: 0, faults: [] as unknown[], deserted: 0, overflows: 0 };
  const look = async () => {
    state.looks += 1;
    return state.number;
  };
  const watch = new SharedSubscription<number>(
    { concerns: ({ kind }) => kind === 'run', current: look, since: async () => [await look()], ...more },
    {
      onDeserted: () => {
        state.deserted += 1;
      },
      report: (fault) => state.faults.push(fault),
    },
  );
  const join = () => {
    const deliveries: Delivery<number>[] = [];
    const events = watch.join(() => {
      state.overflows += 1;
    });
    const follow = async () => {
      for await (const one of events) deliveries.push(one);
      deliveries.push({ failure: 'over' });
    };
    void follow();
    return { deliveries, leave: () => events.return!() };
  };
  const count = (times = 1) => {
    for (let time = 0; time < times; time += 1) {
      state.number += 1;
      watch.notify(change(state.number));
    }
  };
  return { state, watch, join, count };
}
const pass = (milliseconds: number) => jest.advanceTimersByTimeAsync(milliseconds);
const events = (...numbers: number[]) => numbers.map((event) => ({ event }));

describe('a new watcher', () => {
  test('receives the current state, and then the changes', async () => {
    const { join, count } = counter();
    const { deliveries } = join();
    await pass(0);
    expect(deliveries).toEqual(events(0));
    count();
    await pass(0);
    expect(deliveries).toEqual(events(0, 1));
  });

  test('shares one read with all who start at the same time, and with all existing watchers', async () => {
    const { join, count, state } = counter();
    const all = Array.from({ length: 1000 }, join);
    await pass(0);
    // The first one started before the others, who shared a read.
    expect(state.looks).toBeLessThanOrEqual(2);
    const before = state.looks;
    count();
    await pass(0);
    expect(state.looks).toBe(before + 1);
    for (const { deliveries } of all) expect(deliveries).toEqual(events(0, 1));
  });

  test('does not wait for the pause of the others', async () => {
    const { join, count } = counter();
    join();
    await pass(0);
    count(2);
    await pass(0);
    count();
    const { deliveries } = join();
    await pass(0);
    expect(deliveries).toEqual(events(3));
  });

  test('receives the reason if it may not see the object, and nothing more', async () => {
    const { join, count } = counter({ current: async () => Promise.reject(notFound('run', 7)) });
    const { deliveries } = join();
    await pass(0);
    count();
    await pass(PAUSE);
    expect(deliveries).toEqual([{ failure: notFound('run', 7) }, { failure: 'over' }]);
  });
});

describe('however much changes,', () => {
  test('at most four events a second are sent, including the last state', async () => {
    const { join, count, state } = counter();
    const { deliveries } = join();
    await pass(0);
    for (let report = 0; report < 5000; report += 1) {
      count();
      if (report % 5 === 0) await pass(1);
    }
    await pass(PAUSE);
    expect(deliveries.length).toBeLessThanOrEqual(1 + 4 + 1 + 1);
    expect(deliveries.at(-1)).toEqual({ event: 5000 });
    const { looks } = state;
    await pass(60_000);
    expect(state.looks).toBe(looks);
  });

  test('a change during a read leads to another read', async () => {
    let answer = (_: number) => {};
    const { join, count, watch } = counter({
      current: async () => 0,
      since: () =>
        new Promise((resolve) => {
          answer = (number) => resolve([number]);
        }),
    });
    const { deliveries } = join();
    await pass(0);
    count();
    await pass(0);
    watch.notify(change(99));
    answer(1);
    await pass(PAUSE);
    answer(2);
    await pass(0);
    expect(deliveries).toEqual(events(0, 1, 2));
  });

  test('more than fifty changes at once are sent as the current state', async () => {
    const since: number[] = [];
    const { join, count } = counter({
      current: async () => -1,
      since: async (changes) => {
        since.push(changes.length);
        return changes.map(() => 0);
      },
    });
    const { deliveries } = join();
    await pass(0);
    count(51);
    await pass(PAUSE);
    // The first change is read immediately, and the fifty others after the pause.
    expect(since).toEqual([1, 50]);
    count(52);
    await pass(PAUSE);
    expect(since).toEqual([1, 50]);
    expect(deliveries.at(-1)).toEqual({ event: -1 });
  });
});

test('a watcher that may have missed changes receives the current state', async () => {
  const { join, watch, state } = counter();
  const { deliveries } = join();
  await pass(0);
  state.number = 7;
  watch.notify(undefined);
  await pass(0);
  expect(deliveries).toEqual(events(0, 7));
});

test('changes of other objects cause no read', async () => {
  const { join, watch, state } = counter();
  join();
  await pass(0);
  watch.notify({ kind: 'scriptProfile', accountId: 1, id: 1, change: 'EDITED' });
  await pass(PAUSE);
  expect(state.looks).toBe(1);
});

test('a failed read is reported and repeated, without an event', async () => {
  let broken = true;
  const fault = new Error('away');
  const { join, count, state } = counter({
    since: async () => {
      if (broken) throw fault;
      return [];
    },
  });
  const { deliveries } = join();
  await pass(0);
  count();
  await pass(0);
  expect(state.faults).toEqual([fault]);
  broken = false;
  await pass(5_000);
  expect(deliveries).toEqual(events(0, 1));
});

test('a refusal ends all watchers, because they share a view', async () => {
  const refusal = notFound('run', 7);
  const { join, count, state } = counter({ since: async () => Promise.reject(refusal) });
  const all = [join(), join()];
  await pass(0);
  count();
  await pass(0);
  for (const { deliveries } of all)
    expect(deliveries).toEqual([{ event: 0 }, { failure: refusal }, { failure: 'over' }]);
  expect(state.deserted).toBe(1);
});

test('after the last event, no other follows', async () => {
  const { join, count, state } = counter({ isLast: (number) => number === 2 });
  const { deliveries } = join();
  await pass(0);
  count();
  await pass(PAUSE);
  count();
  await pass(PAUSE);
  expect(deliveries).toEqual([...events(0, 1, 2), { failure: 'over' }]);
  expect(state.deserted).toBe(1);
});

test('a slow watcher is disconnected, while the others continue', async () => {
  const { join, count, watch, state } = counter();
  const { deliveries } = join();
  let overflows = 0;
  watch.join(() => {
    overflows += 1;
  });
  await pass(0);
  for (let turn = 0; turn < 300; turn += 1) {
    count();
    await pass(PAUSE);
  }
  expect(overflows).toBe(1);
  expect(state.overflows).toBe(0);
  expect(deliveries.at(-1)).toEqual({ event: 300 });
});

test('after the last watcher has left, the topic ends and reads nothing more', async () => {
  const { join, count, state } = counter();
  const [one, other] = [join(), join()];
  await pass(0);
  await one.leave();
  expect(state.deserted).toBe(0);
  count(2);
  await pass(0);
  await other.leave();
  expect(state.deserted).toBe(1);
  const { looks } = state;
  await pass(PAUSE);
  expect(state.looks).toBe(looks);
});
