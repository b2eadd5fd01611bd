import { epochSeconds, type Instant, instantOf } from '../time.ts';
import type { Identity, ShownToken } from './access.ts';

/** The data from which a token is issued. */
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
 * The earliest time of issue of valid tokens after all current ones are revoked. Token times are whole
 * seconds, so this is the next second. Clocks differ, so the presented token may carry a later time of issue.
 * It is revoked as well.
 */
export function validAfter(now: Instant, shown?: Pick<ShownToken, 'issuedAt'>): Instant {
  const seconds = Math.max(epochSeconds(now), shown ? epochSeconds(shown.issuedAt) : 0);
  return instantOf(seconds + 1);
}
