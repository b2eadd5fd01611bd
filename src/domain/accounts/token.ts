import { epochSeconds, type Instant, instantOf } from '../time.ts';
import type { Identity, ShownToken } from './access.ts';

/** Leave to act as somebody: what a new token says. */
export interface Grant {
  readonly identity: Identity;
  readonly expiryMinutes: number;
  /** Not beyond this, whatever the minutes. */
  readonly notAfter?: Instant;
  /** Their earlier tokens were taken back: this one must say that it was made then, or later. */
  readonly validFrom: Instant | null;
  readonly accessKey?: string;
}

/**
 * From when on tokens are good again, once all so far are taken back: a token's times are whole seconds, so it is
 * the next one. Clocks differ, and the token that is shown is among those taken back.
 */
export function validAfter(now: Instant, shown?: Pick<ShownToken, 'issuedAt'>): Instant {
  const seconds = Math.max(epochSeconds(now), shown ? epochSeconds(shown.issuedAt) : 0);
  return instantOf(seconds + 1);
}
