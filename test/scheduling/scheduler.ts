import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { createScheduler, type Scheduler, type SchedulerOptions } from '../../src/scheduling/scheduler.ts';
import type { Tick } from '../../src/scheduling/tick.ts';

export function scheduler(): void {
  // The loop with a tick that the test controls. Jest moves the time, so no test sleeps.

  interface Hand {
    readonly scheduler: Scheduler;
    /** Events in order. */
    readonly log: string[];
    wake(): void;
    /** Ends the waiting pass. */
    finish(): void;
    next: number | undefined;
    fault: Error | undefined;
    /** Whether passes wait for `finish`. */
    slow: boolean;
    elapsed: number;
    isStopping: () => boolean;
  }

  let hand: Hand;
  beforeEach(() => {
    jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate', 'performance'] });
  });
  afterEach(async () => {
    hand.slow = false;
    hand.finish();
    await hand.scheduler.stop();
    jest.useRealTimers();
  });

  /** Lets all pending promises continue. No timer runs. */
  const settle = async () => {
    for (let turn = 0; turn < 5; turn += 1) await new Promise((resolve) => setImmediate(resolve));
  };
  const pass = async (ms: number) => {
    hand.elapsed += ms;
    jest.advanceTimersByTime(ms);
    await settle();
  };
  const passes = () => hand.log.filter((entry) => entry === 'fire').length;

  function aHand(overrides: Partial<SchedulerOptions> = {}, others: readonly Tick[] = []): Hand {
    let release = () => {};
    let running = 0;
    let wake = () => {};
    const tick: Tick = {
      async fire(isStopping = () => false) {
        running += 1;
        hand.log.push(running > 1 ? 'fire over fire' : 'fire');
        hand.isStopping = isStopping;
        if (hand.slow) {
          await new Promise<void>((resolve) => {
            release = resolve;
          });
        }
        running -= 1;
        if (hand.fault) throw hand.fault;
        return 0;
      },
      untilNext: async () => hand.next,
    };
    const scheduler = createScheduler({
      ticks: [tick, ...others],
      sweeps: [async () => 0],
      listen: async (onWake) => {
        wake = onWake;
        hand.log.push('listen');
        return {
          stop: async () => {
            hand.log.push('listen no more');
          },
        };
      },
      report: (fault) => hand.log.push(String(fault)),
      elapsed: () => hand?.elapsed ?? 0,
      ...overrides,
    });
    hand = {
      scheduler,
      log: [],
      wake: () => wake(),
      finish: () => release(),
      next: undefined,
      fault: undefined,
      slow: false,
      elapsed: 0,
      isStopping: () => false,
    };
    return hand;
  }

  async function started(
    overrides: Partial<SchedulerOptions> = {},
    state: Partial<Hand> = {},
    others: readonly Tick[] = [],
  ): Promise<void> {
    Object.assign(aHand(overrides, others), state);
    await hand.scheduler.start();
    await settle();
  }

  describe('the scheduler sleeps', () => {
    test.each([
      ['until the next work is due', 7_000, 7_000],
      ['a minute at most, so that it notices work whose notification was lost', 3_600_000, 60_000],
      ['a minute if the next work is further away than a timer can reach', 2 ** 31 + 5, 60_000],
      ['a minute if no work is planned', undefined, 60_000],
      ['a moment if others are processing all due work', 0, 50],
      ['a moment if due work is long overdue', -5_000, 50],
    ])('%s', async (_, next, expected) => {
      await started({}, { next });
      expect(passes()).toBe(1);
      await pass(expected - 1);
      expect(passes()).toBe(1);
      await pass(1);
      expect(passes()).toBe(2);
    });

    test('less if work falls due earlier (P2)', async () => {
      await started({}, { next: 50_000 });
      hand.wake();
      await settle();
      expect(passes()).toBe(2);
      await settle();
      expect(passes()).toBe(2);
    });

    test('not at all if it was woken during a pass, which may have read too early', async () => {
      await started({}, { slow: true, next: 50_000 });
      hand.wake();
      hand.wake();
      hand.slow = false;
      hand.finish();
      await settle();
      // It runs again for both, and then sleeps.
      expect(passes()).toBe(2);
      await pass(49_999);
      expect(passes()).toBe(2);
    });
  });

  test('however often the scheduler is woken, a pass never overlaps another', async () => {
    await started({}, { slow: true });
    for (let time = 0; time < 5; time += 1) {
      hand.wake();
      await pass(60_000);
    }
    expect(hand.log).toEqual(['listen', 'fire']);
    hand.finish();
    await settle();
    expect(hand.log).toEqual(['listen', 'fire', 'fire']);
  });

  test('a fault in a pass is reported, and the pass is repeated five seconds later, woken or not', async () => {
    await started({}, { fault: new Error('no connection') });
    expect(hand.log).toEqual(['listen', 'fire', 'Error: no connection']);
    hand.fault = undefined;
    await pass(4_000);
    hand.wake();
    await settle();
    await pass(999);
    expect(passes()).toBe(1);
    await pass(1);
    expect(hand.log).toEqual(['listen', 'fire', 'Error: no connection', 'fire']);
  });

  describe('stopping', () => {
    test('during the sleep ends immediately, and no pass follows', async () => {
      await started({}, { next: 50_000 });
      await hand.scheduler.stop();
      expect(hand.log).toEqual(['listen', 'fire', 'listen no more']);
      hand.wake();
      await pass(600_000);
      expect(passes()).toBe(1);
      expect(jest.getTimerCount()).toBe(0);
    });

    test('during a pass waits for the current work, and lets the pass take no more', async () => {
      await started({}, { slow: true, next: 0 });
      expect(hand.isStopping()).toBe(false);
      let stopped = false;
      const stopping = hand.scheduler.stop().then(() => {
        stopped = true;
      });
      await settle();
      expect([hand.isStopping(), stopped]).toEqual([true, false]);
      hand.finish();
      await stopping;
      expect(hand.log).toEqual(['listen', 'fire', 'listen no more']);
    });

    test('does not report the faults of the interrupted pass', async () => {
      await started({}, { slow: true, fault: new Error('closed') });
      const stopping = hand.scheduler.stop();
      hand.finish();
      await stopping;
      expect(hand.log).toEqual(['listen', 'fire', 'listen no more']);
    });

    test('before the start ends immediately', async () => {
      await aHand().scheduler.stop();
      expect(hand.log).toEqual([]);
    });
  });

  describe('in addition to firing, a pass', () => {
    test('processes each kind of due work, and sleeps until the earliest next', async () => {
      const fire = jest.fn(async () => 0);
      await started({}, { next: 30_000 }, [{ fire, untilNext: async () => 20_000 }]);
      expect(fire).toHaveBeenCalledTimes(1);
      await pass(19_999);
      expect(fire).toHaveBeenCalledTimes(1);
      await pass(1);
      expect([passes(), fire.mock.calls.length]).toEqual([2, 2]);
    });

    test.each<[string, (other: Tick) => Partial<SchedulerOptions>]>([
      ['whose search for due work fails', () => ({})],
      ['whose sweep fails', () => ({ sweeps: [() => Promise.reject(new Error('no sweep'))] })],
    ])('%s continues with the others in time', async (_, overrides) => {
      const failing: Tick = {
        fire: () => Promise.reject(new Error('no look')),
        untilNext: () => Promise.reject(new Error('no look')),
      };
      const fire = jest.fn(async () => 0);
      const healthy: Tick = { fire, untilNext: async () => 1_000 };
      await started(overrides(healthy), {}, [failing, healthy]);
      for (let second = 1; second < 5; second += 1) {
        expect([passes(), fire.mock.calls.length]).toEqual([second, second]);
        await pass(1_000);
      }
      // The failed one is not retried in each of these passes.
      expect(hand.log.filter((entry) => entry === 'Error: no look')).toHaveLength(1);
      await pass(1_000);
      expect(hand.log.filter((entry) => entry === 'Error: no look')).toHaveLength(2);
    });

    test('sweeps once an hour', async () => {
      const sweep = jest.fn(async () => 0);
      await started({ sweeps: [sweep] });
      expect(sweep).toHaveBeenCalledTimes(1);
      for (const [minutes, sweeps] of [
        [30, 1],
        [59, 1],
        [61, 2],
        [100, 2],
        [122, 3],
      ] as const) {
        hand.elapsed = minutes * 60_000;
        hand.wake();
        await settle();
        expect(sweep).toHaveBeenCalledTimes(sweeps);
      }
    });
  });
}
