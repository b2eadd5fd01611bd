import { jest } from '@jest/globals';

/**
 * Sets the machine's clock, also for the servers in this process, and stops it there. Timers are not affected.
 * `jest.useRealTimers` restarts the clock.
 */
export function setMachineClock(milliseconds: number): void {
  jest.useFakeTimers({
    now: milliseconds,
    doNotFake: [
      'hrtime',
      'nextTick',
      'performance',
      'queueMicrotask',
      'setImmediate',
      'clearImmediate',
      'setInterval',
      'clearInterval',
      'setTimeout',
      'clearTimeout',
    ],
  });
}
