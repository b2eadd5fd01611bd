import { jest } from '@jest/globals';

/**
 * Sets the machine's clock, of the servers in this process too, and keeps it there; timers go on as they are.
 * `jest.useRealTimers` sets it going again.
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
