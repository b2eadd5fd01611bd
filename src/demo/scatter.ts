import { epochSeconds, type Instant, instantOf } from '../domain/time.ts';

/** A whole number from 0 up to `below`, as good as random, and the same for the same seeds. */
export function scatter(below: number, ...seeds: readonly number[]): number {
  let mixed = 0x9e3779b9;
  for (const seed of seeds) {
    mixed = Math.imul(mixed ^ seed, 0x85ebca6b);
    mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
    mixed ^= mixed >>> 16;
  }
  return (mixed >>> 0) % below;
}

/** So many whole seconds later, at some microsecond, as real times have. */
export function afterSeconds(instant: Instant, seconds: number): Instant {
  const second = epochSeconds(instant) + seconds;
  const microsecond = String(scatter(1_000_000, second % 1_000_003, seconds)).padStart(6, '0');
  return `${instantOf(second).slice(0, 19)}.${microsecond}Z`;
}
