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

/** Someone who logs in; as much of them as is shown beside what they made. */
export interface Person {
  readonly id: number;
  readonly name: string;
  readonly email: string;
}

/** A person as the account's administrators see them. */
export interface PersonDetails extends Person {
  /** Counts the edits: the optimistic lock. */
  readonly version: number;
  readonly createdAt: Instant;
  /** The name of a zone of the IANA database. */
  readonly timeZone: string;
  readonly hasPassword: boolean;
  /** When the link that was made for them expires or expired; null if it was used. */
  readonly linkExpiresAt: Instant | null;
  /** By number. */
  readonly roleIds: readonly number[];
}

/** Whether they were invited, and have not set a password since. Their link may have expired. */
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

/** An address as it is compared: without outer spaces, its ASCII letters in lower case, as the database folds them. */
export const emailKey = (email: string): string =>
  email.trim().replace(/[A-Z]+/g, (letters) => letters.toLowerCase());

/** Whether a text is one e-mail address, and no list of them. */
export const isEmail = (text: string): boolean =>
  isName(text) && /^[^\s@,;:<>()"]+@[^\s@,;:<>()"]+$/.test(text);
