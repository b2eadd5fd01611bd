import { check, invalid, invalidAsDescribed, Refusal } from '../errors.ts';
import { isName, NO_HIDDEN } from '../text.ts';
import { epochSeconds, type Instant } from '../time.ts';

/** The input of a log-in with a password. */
export interface Credentials {
  readonly email: string;
  readonly password: string;
  /** Name of the account. Defaults to the first account that has this e-mail address. */
  readonly account?: string | null;
  readonly expiryMinutes?: number | null;
}

export const DEFAULT_EXPIRY_MINUTES = 1440;
/**
 * Thirty days. Longer-lived tokens are a risk, because tokens in scripts are easily forgotten and not
 * revoked.
 */
export const MAX_EXPIRY_MINUTES = 30 * 1440;

/** Bounds the work of hashing a password. */
export const MAX_PASSWORD_LENGTH = 1024;
const MAX_NAME_LENGTH = 255;

/** @throws Refusal INVALID_INPUT */
export function checkCredentials({ email, password, account, expiryMinutes }: Credentials) {
  return check({
    email: () => given('email', email.trim(), MAX_NAME_LENGTH),
    password: () => secret('password', password, MAX_PASSWORD_LENGTH),
    account: () => (account ? given('account', account, MAX_NAME_LENGTH) : undefined),
    expiryMinutes: () => checkExpiryMinutes(expiryMinutes),
  });
}

/** @throws Refusal INVALID_INPUT */
export function checkExpiryMinutes(minutes: number | null | undefined): number {
  if (minutes == null) return DEFAULT_EXPIRY_MINUTES;
  if (minutes >= 1 && minutes <= MAX_EXPIRY_MINUTES) return minutes;
  throw invalid('expiryMinutes', minutes, `a whole number from 1 to ${MAX_EXPIRY_MINUTES}`);
}

/** @throws Refusal INVALID_INPUT */
export function given(field: string, text: string, longest: number): string {
  if (isName(text, longest)) return text;
  throw invalid(field, text, `1 to ${longest} characters, ${NO_HIDDEN}`);
}

/** Like `given`, but for a secret, which is left out of the message. @throws Refusal INVALID_INPUT */
export function secret(field: string, text: string, longest: number): string {
  if (text.length > 0 && text.length <= longest) return text;
  throw invalidAsDescribed(field, `${text.length} characters`, `1 to ${longest} characters`);
}

/** The message is the same for every cause, so it does not reveal which accounts exist. */
export const wrongCredentials = () =>
  new Refusal('UNAUTHENTICATED', 'The e-mail address, the password or the account is wrong.');

/** Failed log-ins of one e-mail address, network or registration key. */
export interface Attempts {
  readonly failures: number;
  readonly lastAt: Instant;
}

/**
 * Failed guesses are counted for a person's e-mail address, for a network, or for an account's registration
 * key.
 */
export type GuessedBy = 'email' | 'network' | 'registrationKey';

/**
 * The first `free` failures cause no wait, because people mistype. Each further failure doubles the wait, up
 * to `longestWait` seconds. The longest wait per e-mail address is short. Otherwise anyone who knows the
 * address could lock out its owner. A network has a higher number of free failures, because many people may
 * share it.
 */
const waitLimits: Record<GuessedBy, { readonly free: number; readonly longestWait: number }> = {
  email: { free: 10, longestWait: 60 },
  network: { free: 50, longestWait: 900 },
  // Many computers of a fleet may still use the previous key.
  registrationKey: { free: 50, longestWait: 60 },
};

/** Seconds without a failure after which the earlier failures are forgotten. */
export const FORGET_FAILURES_AFTER_SECONDS = 3600;

/** Days for which a network counts as known for a person after a log-in. */
export const NETWORK_REMEMBERED_DAYS = 180;

/** Seconds until the next attempt is accepted. 0 if it is accepted now. */
export function secondsToWait(by: GuessedBy, attempts: Attempts | undefined, now: Instant): number {
  if (!attempts || isForgotten(attempts, now)) return 0;
  const { free, longestWait } = waitLimits[by];
  const excess = attempts.failures - free;
  if (excess < 0) return 0;
  const wait = Math.min(2 ** excess, longestWait);
  return Math.max(0, Math.min(wait, epochSeconds(attempts.lastAt) + wait - epochSeconds(now)));
}

/** Counts an attempt as a failure when it starts, so that parallel attempts cannot avoid the wait. */
export function increment(attempts: Attempts | undefined, now: Instant): Attempts {
  const before = attempts && !isForgotten(attempts, now) ? attempts.failures : 0;
  return { failures: before + 1, lastAt: now };
}

const isForgotten = ({ lastAt }: Attempts, now: Instant) =>
  epochSeconds(now) - epochSeconds(lastAt) > FORGET_FAILURES_AFTER_SECONDS;

/**
 * The network of an IP address. IPv4 addresses stand for themselves. IPv6 addresses are cut to 64 bits,
 * because one client usually controls the whole /64 network.
 */
export function networkOf(address: string): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
  if (mapped || !address.includes(':')) return mapped ?? address;
  const [head = '', tail] = address.split('%')[0]!.split('::');
  const parts = head === '' ? [] : head.split(':');
  if (tail !== undefined) {
    const after = tail === '' ? [] : tail.split(':');
    while (parts.length + after.length < 8) parts.push('0');
    parts.push(...after);
  }
  const network = parts.slice(0, 4).map((part) => Number.parseInt(part, 16).toString(16));
  return `${network.join(':')}::/64`;
}
