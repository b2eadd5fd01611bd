/** What no text in the database holds, and no statement may: NUL, and half of a character of two code units. */
export const UNWRITABLE = /[\0\p{Cs}]/u;

/** Characters of a text by which something is looked for: no name, title, tag or e-mail address is longer. */
export const MAX_NAME_LENGTH = 255;

/** Whether something could be called so. What could not is not looked for. */
export const mayBeName = (text: string): boolean =>
  // A character has up to two code units.
  text.length <= 2 * MAX_NAME_LENGTH && [...text].length <= MAX_NAME_LENGTH && !UNWRITABLE.test(text);
