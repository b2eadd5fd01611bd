import { checkChange } from '../edit.ts';
import { check, invalid } from '../errors.ts';
import { composed, isName, NO_HIDDEN } from '../text.ts';
import type { Instant } from '../time.ts';
import { timeZoneOf } from '../time-zone.ts';

/** @throws Refusal INVALID_INPUT */
export function checkTimeZone(name: string): string {
  timeZoneOf(name);
  return name;
}

/** A person who can log in, with the fields that are shown wherever the person is referenced. */
export interface Person {
  readonly id: number;
  readonly name: string;
  readonly email: string;
}

/** A person with the fields that administrators see. */
export interface PersonDetails extends Person {
  /** Incremented by each edit. Used as the optimistic lock. */
  readonly version: number;
  readonly createdAt: Instant;
  /** Name of a time zone in the IANA database. */
  readonly timeZone: string;
  readonly hasPassword: boolean;
  /** Expiry of the password link created for the person. Null if the link was used or never created. */
  readonly linkExpiresAt: Instant | null;
  /** In ascending order. */
  readonly roleIds: readonly number[];
}

/** Whether the person was invited and has not set a password yet. The link may have expired. */
export const isInvited = ({ hasPassword, linkExpiresAt }: PersonDetails): boolean =>
  !hasPassword && linkExpiresAt !== null;

export type PersonDraft = Pick<Person, 'name' | 'email'>;

/** @throws Refusal INVALID_INPUT */
export const checkPerson = ({ name, email }: PersonDraft, stored?: PersonDraft): PersonDraft =>
  check({
    name: () => checkChange(name, stored?.name, personName),
    email: () => checkChange(email, stored?.email, emailAddress),
  });

function personName(name: string): string {
  const trimmed = composed(name.trim());
  if (!isName(trimmed)) throw invalid('name', name, `1 to 255 characters, ${NO_HIDDEN}`);
  return trimmed;
}

function emailAddress(email: string): string {
  const trimmed = email.trim();
  if (!isEmail(trimmed)) throw invalid('email', email, 'one e-mail address of at most 255 characters');
  return trimmed;
}

/**
 * An e-mail address in the form used for comparison: trimmed, with ASCII letters in lower case, as in the
 * database.
 */
export const emailKey = (email: string): string =>
  email.trim().replace(/[A-Z]+/g, (letters) => letters.toLowerCase());

/** Whether a string is exactly one e-mail address. */
export const isEmail = (text: string): boolean =>
  isName(text) && /^[^\s@,;:<>()"]+@[^\s@,;:<>()"]+$/.test(text);
