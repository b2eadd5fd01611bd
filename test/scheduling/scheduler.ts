import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { createScheduler, type Scheduler, type SchedulerOptions } from '../../src/scheduling/scheduler.ts';
import type { Tick } from '../../src/scheduling/tick.ts';

export function scheduler(): void {
  // The loop alone, over a tick made by hand. Time is jest's: nobody sleeps.

  interface Hand {
    readonly scheduler: Scheduler;
    /** What happened, in order. */
    readonly log: string[];
    wake(): void;
    /** Ends the pass that waits for it. */
    finish(): void;
    next: number | undefined;
    fault: Error | undefined;
    /** Passes wait for `finish`. */
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

  /** Lets whatever can go on go on; no timer runs for it. */
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

  describe('the clock sleeps', () => {
    test.each([
      ['until the next is due', 7_000, 7_000],
      ['a minute at the longest, so that it sees what notifications miss', 3_600_000, 60_000],
      ['a minute when the next is farther than a timer reaches', 2 ** 31 + 5, 60_000],
      ['a minute when there will be nothing', undefined, 60_000],
      ['a moment while others are at all that is due', 0, 50],
      ['a moment when what was due was due long ago', -5_000, 50],
    ])('%s', async (_, next, expected) => {
      await started({}, { next });
      expect(passes()).toBe(1);
      await pass(expected - 1);
      expect(passes()).toBe(1);
      await pass(1);
      expect(passes()).toBe(2);
    });

    test('no longer when something falls due earlier (P2)', async () => {
      await started({}, { next: 50_000 });
      hand.wake();
      await settle();
      expect(passes()).toBe(2);
      await settle();
      expect(passes()).toBe(2);
    });

    test('not at all when it was woken during the pass: that may have looked too early', async () => {
      await started({}, { slow: true, next: 50_000 });
      hand.wake();
      hand.wake();
      hand.slow = false;
      hand.finish();
      await settle();
      // Once more for both, and then it sleeps.
      expect(passes()).toBe(2);
      await pass(49_999);
      expect(passes()).toBe(2);
    });
  });

  test('however often it is woken, a pass never overlaps another', async () => {
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

  test('a fault in a pass is reported, and what failed comes again five seconds later, woken or not', async () => {
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
    test('while it sleeps ends at once, and wakes nobody after', async () => {
      await started({}, { next: 50_000 });
      await hand.scheduler.stop();
      expect(hand.log).toEqual(['listen', 'fire', 'listen no more']);
      hand.wake();
      await pass(600_000);
      expect(passes()).toBe(1);
      expect(jest.getTimerCount()).toBe(0);
    });

    test('during a pass waits for what is in hand, and tells the pass to take nothing more', async () => {
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

    test('reports no fault of the pass that it cut short', async () => {
      await started({}, { slow: true, fault: new Error('closed') });
      const stopping = hand.scheduler.stop();
      hand.finish();
      await stopping;
      expect(hand.log).toEqual(['listen', 'fire', 'listen no more']);
    });

    test('before it was started ends at once', async () => {
      await aHand().scheduler.stop();
      expect(hand.log).toEqual([]);
    });
  });

  describe('beside firing, a pass', () => {
    test('sees to each kind of what is due, and sleeps until the first of all', async () => {
      const fire = jest.fn(async () => 0);
      await started({}, { next: 30_000 }, [{ fire, untilNext: async () => 20_000 }]);
      expect(fire).toHaveBeenCalledTimes(1);
      await pass(19_999);
      expect(fire).toHaveBeenCalledTimes(1);
      await pass(1);
      expect([passes(), fire.mock.calls.length]).toEqual([2, 2]);
    });

    test.each<[string, (other: Tick) => Partial<SchedulerOptions>]>([
      ['whose look at what is due fails', () => ({})],
      ['whose sweep fails', () => ({ sweeps: [() => Promise.reject(new Error('no sweep'))] })],
    ])('%s goes on with the others, and on time', async (_, overrides) => {
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
      // Neither is tried in each of these passes.
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
