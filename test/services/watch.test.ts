import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import type { Change } from '../../src/domain/change.ts';
import { notFound } from '../../src/domain/errors.ts';
import { type Delivery, SharedSubscription, type Topic } from '../../src/services/subscriptions/watch.ts';

// How often those who watch are told, and that the last thing is always told. Time is moved by hand.

const PAUSE = 250;
beforeEach(() => {
  jest.useFakeTimers();
});
afterEach(() => {
  jest.useRealTimers();
});

const change = (id: number): Change => ({ kind: 'run', accountId: 1, id, change: 'PROGRESSED' });
/** A number that is watched, and how often it was looked at. */
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

describe('who begins to watch', () => {
  test('is told how things are, and then what changes', async () => {
    const { join, count } = counter();
    const { deliveries } = join();
    await pass(0);
    expect(deliveries).toEqual(events(0));
    count();
    await pass(0);
    expect(deliveries).toEqual(events(0, 1));
  });

  test('shares one look with all who begin at the same time, and with all who watch already', async () => {
    const { join, count, state } = counter();
    const all = Array.from({ length: 1000 }, join);
    await pass(0);
    // The first began before the others came; they were looked for together.
    expect(state.looks).toBeLessThanOrEqual(2);
    const before = state.looks;
    count();
    await pass(0);
    expect(state.looks).toBe(before + 1);
    for (const { deliveries } of all) expect(deliveries).toEqual(events(0, 1));
  });

  test('need not wait for the pause that the others are in', async () => {
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

  test('is told why, when there is nothing to see, and nothing after that', async () => {
    const { join, count } = counter({ current: async () => Promise.reject(notFound('run', 7)) });
    const { deliveries } = join();
    await pass(0);
    count();
    await pass(PAUSE);
    expect(deliveries).toEqual([{ failure: notFound('run', 7) }, { failure: 'over' }]);
  });
});

describe('however much changes', () => {
  test('at most four events a second are told, and the last one is', async () => {
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

  test('what changes during a look leads to another', async () => {
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

  test('more than fifty things at once are told as how things are', async () => {
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
    // The first is looked at as it comes, the fifty others after the pause.
    expect(since).toEqual([1, 50]);
    count(52);
    await pass(PAUSE);
    expect(since).toEqual([1, 50]);
    expect(deliveries.at(-1)).toEqual({ event: -1 });
  });
});

test('whoever may have missed something is told how things are', async () => {
  const { join, watch, state } = counter();
  const { deliveries } = join();
  await pass(0);
  state.number = 7;
  watch.notify(undefined);
  await pass(0);
  expect(deliveries).toEqual(events(0, 7));
});

test('what does not concern them is not looked at', async () => {
  const { join, watch, state } = counter();
  join();
  await pass(0);
  watch.notify({ kind: 'scriptProfile', accountId: 1, id: 1, change: 'EDITED' });
  await pass(PAUSE);
  expect(state.looks).toBe(1);
});

test('a look that fails is reported and made up for, and nobody is told', async () => {
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

test('a refusal ends it for all, since they see the same', async () => {
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

test('nothing comes after the last event', async () => {
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

test('who does not keep up is given up, while the others are told on', async () => {
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

test('when the last has left, it is deserted, and looks no more', async () => {
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
