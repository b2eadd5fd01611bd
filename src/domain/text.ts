/** What no text in the database holds, and no statement may: NUL, and half of a character of two code units. */
export const UNWRITABLE = /[\0\p{Cs}]/u;

/** The same letters may be composed in more than one way (NFC, NFD): here they are one text. */
export const composed = (text: string): string => text.normalize('NFC');

/** Windows editors put a byte order mark in front of a text. It would be a part of the first line. */
export const withoutMark = (text: string): string => (text.startsWith('\uFEFF') ? text.slice(1) : text);
