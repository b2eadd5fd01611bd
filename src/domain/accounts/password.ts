import { invalidAsDescribed } from '../errors.ts';
import { addMinutes, type Instant } from '../time.ts';
import { MAX_PASSWORD_LENGTH } from './log-in.ts';

export const MIN_PASSWORD_LENGTH = 8;

/** A one-time link that lets a person set a password. */
export interface PasswordLink {
  readonly token: string;
  readonly expiresAt: Instant;
}

/** Long enough to cover a weekend. */
export const LINK_HOURS = 72;

export const linkExpiry = (now: Instant): Instant => addMinutes(now, LINK_HOURS * 60);

/** Characters that not every keyboard can enter, or that result from invalid UTF-8. */
const UNTYPABLE = /[\p{Cc}\p{Cs}\uFFFD]/u;

/** Checks a new password. The error message does not contain it. @throws Refusal INVALID_INPUT */
export function newPassword(field: string, password: string): string {
  const { length } = password;
  const allowed = `${MIN_PASSWORD_LENGTH} to ${MAX_PASSWORD_LENGTH} characters, no control characters`;
  if (length < MIN_PASSWORD_LENGTH || length > MAX_PASSWORD_LENGTH)
    throw invalidAsDescribed(field, `${length} characters`, allowed);
  if (UNTYPABLE.test(password)) throw invalidAsDescribed(field, 'a control character', allowed);
  return password;
}
