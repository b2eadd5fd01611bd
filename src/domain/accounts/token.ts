import { epochSeconds, type Instant, instantOf } from '../time.ts';
import type { Identity, ShownToken } from './access.ts';

/** The content of a new token. */
export interface Grant {
  readonly identity: Identity;
  readonly expiryMinutes: number;
  /** Latest expiry, regardless of `expiryMinutes`. */
  readonly notAfter?: Instant;
  /**
   * Tokens issued before this time are revoked. The new token must state this time or a later one as its time
   * of issue. Null if no tokens were revoked.
   */
  readonly validFrom: Instant | null;
  readonly accessKey?: string;
}

/**
 * Returns the time from which tokens are valid after all current ones are revoked. Token times are whole
 * seconds, so it is the next second. The presented token is revoked as well, even if the clock of its issuer
 * is ahead.
 */
export function validAfter(now: Instant, shown?: Pick<ShownToken, 'issuedAt'>): Instant {
  const seconds = Math.max(epochSeconds(now), shown ? epochSeconds(shown.issuedAt) : 0);
  return instantOf(seconds + 1);
}
