/** Characters that PostgreSQL cannot store: NUL and lone surrogates. */
export const UNWRITABLE = /[\0\p{Cs}]/u;

/**
 * Line separators, text-direction overrides, zero-width and other invisible characters. With them, different
 * names could look the same. Joiners and variation selectors inside an emoji are allowed, because they are
 * visible.
 */
const INVISIBLE =
  /[\p{Cs}\p{Zl}\p{Zp}\uFFF9-\uFFFB]|(?![\u200D\uFE0F])\p{Default_Ignorable_Code_Point}|(?<![\p{Extended_Pictographic}\p{Emoji_Modifier}]\uFE0F?)\u200D|(?<!\p{Extended_Pictographic})\uFE0F(?!\u20E3)/u;

/** Describes the excluded characters in error messages: "1 to 255 characters, …". */
export const NO_HIDDEN = 'without control or invisible characters';

/** Whether all characters of a single-line text, such as a title, are visible. */
export const isVisible = (text: string): boolean => !/\p{Cc}/u.test(text) && !INVISIBLE.test(text);

/** Like `isVisible`, but for a string that may have several lines, such as a note. */
export const isVisibleInLines = (text: string): boolean => isVisible(text.replace(/[\t\n\r]/g, ''));

/** Whether a string has 1 to `longest` characters, all of them visible. */
export const isName = (text: string, longest = 255): boolean =>
  text !== '' && [...text].length <= longest && isVisible(text);
/** Maximum length of a search text in characters. No name, title, tag or e-mail address is longer. */
export const MAX_NAME_LENGTH = 255;

/** Whether a stored name could equal this text. A string that could not is never sent to the database. */
export const mayBeName = (text: string): boolean =>
  // A character has up to two code units.
  text.length <= 2 * MAX_NAME_LENGTH && [...text].length <= MAX_NAME_LENGTH && !UNWRITABLE.test(text);
/** The longest prefix of whole characters that fits into this number of UTF-8 bytes. */
export function firstBytes(text: string, most: number): string {
  const bytes = Buffer.from(text);
  if (bytes.length <= most) return text;
  const decoded = new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes.subarray(0, most));
  return decoded.replace(/\uFFFD$/, '');
}
/**
 * The text in normal form C. The same letters can be encoded in several ways (NFC, NFD), which must compare
 * as equal.
 */
export const composed = (text: string): string => text.normalize('NFC');

/** Removes the byte order mark that Windows editors write. Otherwise it would be part of the first line. */
export const withoutMark = (text: string): string => (text.startsWith('\uFEFF') ? text.slice(1) : text);
