import { check, invalid, invalidAsDescribed, Refusal } from '../errors.ts';
import { isName, NO_HIDDEN } from '../text.ts';
import { epochSeconds, type Instant } from '../time.ts';

/** What somebody logs in with. */
export interface Credentials {
  readonly email: string;
  readonly password: string;
  /** The name of the account; the first that has this e-mail unless told. */
  readonly account?: string | null;
  readonly expiryMinutes?: number | null;
}

export const DEFAULT_EXPIRY_MINUTES = 1440;
/** Thirty days: nobody takes a token back that lies in a script somewhere. */
export const MAX_EXPIRY_MINUTES = 30 * 1440;

/** A hash has to be made of all of it, and nobody types more. */
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

/** The same of a secret, which stays out of the message. @throws Refusal INVALID_INPUT */
export function secret(field: string, text: string, longest: number): string {
  if (text.length > 0 && text.length <= longest) return text;
  throw invalidAsDescribed(field, `${text.length} characters`, `1 to ${longest} characters`);
}

/** The same words whatever was wrong: nobody learns here who has an account. */
export const wrongCredentials = () =>
  new Refusal('UNAUTHENTICATED', 'The e-mail address, the password or the account is wrong.');

/** How often it was tried in vain to log in, for one e-mail or from one network. */
export interface Attempts {
  readonly failures: number;
  readonly lastAt: Instant;
}

/** What is slowed down: guesses of one person's password, of one account's registration key, and from one network. */
export type GuessedBy = 'email' | 'network' | 'registrationKey';

/**
 * So many failures cost nothing: people mistype. Then each doubles the wait, up to the longest. For an e-mail that
 * is short: whoever knows it could otherwise keep its owner out. A network may have many people behind it.
 */
const patience: Record<GuessedBy, { readonly free: number; readonly longestWait: number }> = {
  email: { free: 10, longestWait: 60 },
  network: { free: 50, longestWait: 900 },
  // A whole fleet may still have the old key.
  registrationKey: { free: 50, longestWait: 60 },
};

/** After so many seconds without another failure, the earlier ones are forgotten. */
export const FORGOTTEN_AFTER = 3600;

/** For so many days after a log-in its network counts as one of the person's. */
export const NETWORK_REMEMBERED_DAYS = 180;

/** Seconds until the next attempt is looked at; 0 when it is at once. */
export function secondsToWait(by: GuessedBy, attempts: Attempts | undefined, now: Instant): number {
  if (!attempts || isForgotten(attempts, now)) return 0;
  const { free, longestWait } = patience[by];
  const excess = attempts.failures - free;
  if (excess < 0) return 0;
  const wait = Math.min(2 ** excess, longestWait);
  return Math.max(0, Math.min(wait, epochSeconds(attempts.lastAt) + wait - epochSeconds(now)));
}

/** Every attempt counts as a failure from its start, so that many at once are no way around the wait. */
export function increment(attempts: Attempts | undefined, now: Instant): Attempts {
  const before = attempts && !isForgotten(attempts, now) ? attempts.failures : 0;
  return { failures: before + 1, lastAt: now };
}

const isForgotten = ({ lastAt }: Attempts, now: Instant) =>
  epochSeconds(now) - epochSeconds(lastAt) > FORGOTTEN_AFTER;

/** Whom an address belongs to: itself, or for IPv6 the network of 64 bits, of which one caller has all. */
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
