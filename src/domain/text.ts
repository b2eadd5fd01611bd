/** What no text in the database holds, and no statement may: NUL, and half of a character of two code units. */
export const UNWRITABLE = /[\0\p{Cs}]/u;
