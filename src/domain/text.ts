/** What no text in the database holds, and no statement may: NUL, and half of a character of two code units. */
export const UNWRITABLE = /[\0\p{Cs}]/u;

/** The beginning of a text, of at most so many bytes in UTF-8; cut at a character, not within one. */
export function firstBytes(text: string, most: number): string {
  const bytes = Buffer.from(text);
  if (bytes.length <= most) return text;
  const kept = new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes.subarray(0, most));
  return kept.replace(/\uFFFD$/, '');
}
