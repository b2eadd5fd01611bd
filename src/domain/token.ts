import type { Identity } from './access.ts';
import { epochSeconds, type Instant, instantOf } from './time.ts';

/** A token that somebody showed, as far as its taking back is concerned. */
export interface ShownToken {
  /** The same for the same token, however it is spelled. */
  readonly id: string;
  readonly issuedAt: Instant;
  readonly expiresAt: Instant;
  /** The access key that it was got with; revoked, it takes its tokens along. */
  readonly accessKey?: string;
}

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
