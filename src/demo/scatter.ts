import { epochSeconds, type Instant, instantOf } from '../domain/time.ts';

/** A pseudorandom integer from 0 up to but excluding `below`. Equal seeds give equal numbers. */
export function scatter(below: number, ...seeds: readonly number[]): number {
  let mixed = 0x9e3779b9;
  for (const seed of seeds) {
    mixed = Math.imul(mixed ^ seed, 0x85ebca6b);
    mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
    mixed ^= mixed >>> 16;
  }
  return (mixed >>> 0) % below;
}

/** The time a number of whole seconds later, with arbitrary microseconds, as real times have. */
export function afterSeconds(instant: Instant, seconds: number): Instant {
  const second = epochSeconds(instant) + seconds;
  const microsecond = String(scatter(1_000_000, second % 1_000_003, seconds)).padStart(6, '0');
  return `${instantOf(second).slice(0, 19)}.${microsecond}Z`;
}
