/** What no text in the database holds, and no statement may: NUL, and half of a character of two code units. */
export const UNWRITABLE = /[\0\p{Cs}]/u;

/**
 * Line separators, text-direction overrides, zero-width and other invisible characters: two names that look the same
 * would differ. A joiner or a variation selector inside an emoji is visible.
 */
const INVISIBLE =
  /[\p{Cs}\p{Zl}\p{Zp}\uFFF9-\uFFFB]|(?![\u200D\uFE0F])\p{Default_Ignorable_Code_Point}|(?<![\p{Extended_Pictographic}\p{Emoji_Modifier}]\uFE0F?)\u200D|(?<!\p{Extended_Pictographic})\uFE0F(?!\u20E3)/u;

/** What every name of one line excludes, as the end of "… characters". */
export const NO_HIDDEN = 'without control or invisible characters';

/** Whether a text of one line, such as a title or a name, shows all of its characters. */
export const isVisible = (text: string): boolean => !/\p{Cc}/u.test(text) && !INVISIBLE.test(text);

/** The same of a text that may have several lines, such as a note. */
export const isVisibleInLines = (text: string): boolean => isVisible(text.replace(/[\t\n\r]/g, ''));

/** Whether a text has 1 to `longest` characters, all of them visible. */
export const isName = (text: string, longest = 255): boolean =>
  text !== '' && [...text].length <= longest && isVisible(text);
/** Characters of a text by which something is looked for: no name, title, tag or e-mail address is longer. */
export const MAX_NAME_LENGTH = 255;

/** Whether something could be called so. What could not is not looked for. */
export const mayBeName = (text: string): boolean =>
  // A character has up to two code units.
  text.length <= 2 * MAX_NAME_LENGTH && [...text].length <= MAX_NAME_LENGTH && !UNWRITABLE.test(text);
/** The beginning of a text, of at most so many bytes in UTF-8; cut at a character, not within one. */
export function firstBytes(text: string, most: number): string {
  const bytes = Buffer.from(text);
  if (bytes.length <= most) return text;
  const kept = new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes.subarray(0, most));
  return kept.replace(/\uFFFD$/, '');
}
/** The same letters may be composed in more than one way (NFC, NFD): here they are one text. */
export const composed = (text: string): string => text.normalize('NFC');

/** Windows editors put a byte order mark in front of a text. It would be a part of the first line. */
export const withoutMark = (text: string): string => (text.startsWith('\uFEFF') ? text.slice(1) : text);
