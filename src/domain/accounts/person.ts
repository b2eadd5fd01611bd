import { isName } from '../text.ts';

/** Someone who logs in; as much of them as is shown beside what they made. */
export interface Person {
  readonly id: number;
  readonly name: string;
  readonly email: string;
}

/** An address as it is compared: without outer spaces, its ASCII letters in lower case, as the database folds them. */
export const emailKey = (email: string): string =>
  email.trim().replace(/[A-Z]+/g, (letters) => letters.toLowerCase());

/** Whether a text is one e-mail address, and no list of them. */
export const isEmail = (text: string): boolean =>
  isName(text) && /^[^\s@,;:<>()"]+@[^\s@,;:<>()"]+$/.test(text);
