import { Refusal, show } from './errors.ts';
import { UNWRITABLE } from './text.ts';

export interface Term {
  /** In lower case; null for a keyword. */
  readonly name: string | null;
  readonly value: string;
  readonly place: number;
  /** Where in the whole query the nth character of the value stands, for a value that is a query itself. */
  placeIn(index: number): number;
}

/** Which part of an input is read, so that a refusal can point at it. */
export interface Reading {
  /** The path of the field in the input. */
  readonly field: string;
  /** Where in the whole a character of this text stands. */
  placeIn(index: number): number;
  /** What the terms of the whole cost so far. */
  readonly spent: { cost: number };
}

export const readingOf = (field: string): Reading => ({
  field,
  placeIn: (index) => index,
  spent: { cost: 0 },
});

/**
 * @param place counts from 0; people count from 1
 * @param found what stands there; undefined at the end
 */
export function unexpected(
  { field }: Reading,
  place: number,
  found: string | undefined,
  allowed: string,
): Refusal {
  const at = `position ${place + 1}`;
  const what = found === undefined ? 'its end' : show(found);
  return new Refusal('INVALID_INPUT', `The query breaks at ${at}: found ${what}; allowed: ${allowed}.`, {
    field,
    found: `${what} at ${at}`,
    allowed,
  });
}

export interface Token {
  readonly kind: 'term' | 'AND' | 'OR' | 'NOT' | '(' | ')' | 'end';
  readonly place: number;
  readonly term?: Term;
}

const LONGEST = 16_384;
const MOST_TERMS = 1000;
const SPACES = /\s*/y;
const TERM = /(?:([a-z][a-z-]*):\s*)?(?:"((?:[^"\\]|\\.)*)"|([^\s"()]+))/isy;
const NAME_ALONE = /^[a-z][a-z-]*:$/i;

/** @throws Refusal INVALID_INPUT */
export function tokensOf(text: string, reading: Reading): Token[] {
  const at = text.length > LONGEST ? LONGEST : text.search(UNWRITABLE);
  if (at >= 0) {
    const allowed = at === LONGEST ? `at most ${LONGEST} characters` : 'well-formed text without NUL';
    throw unexpected(reading, reading.placeIn(at), text[at], allowed);
  }
  const tokens: Token[] = [];
  let terms = 0;
  for (let start = skipSpaces(text, 0); start < text.length; start = skipSpaces(text, TERM.lastIndex)) {
    const place = reading.placeIn(start);
    const character = text[start];
    if (character === '(' || character === ')') {
      tokens.push({ kind: character, place });
      TERM.lastIndex = start + 1;
      continue;
    }
    TERM.lastIndex = start;
    const match = TERM.exec(text);
    if (!match) throw unexpected(reading, place, '"', 'a quote that another one ends');
    const token = tokenOf(match, text, reading);
    terms += token.term ? 1 : 0;
    if (terms > MOST_TERMS) throw unexpected(reading, place, match[0], `at most ${MOST_TERMS} terms`);
    tokens.push(token);
  }
  return tokens;
}

function skipSpaces(text: string, from: number): number {
  SPACES.lastIndex = from;
  SPACES.exec(text);
  return SPACES.lastIndex;
}

function tokenOf(
  { 0: whole, 1: name, 2: quoted, 3: word, index }: RegExpExecArray,
  text: string,
  reading: Reading,
): Token {
  const place = reading.placeIn(index);
  const end = index + whole.length;
  const operator = word === 'AND' || word === 'OR' || word === 'NOT' ? word : undefined;
  if (operator && name === undefined) return { kind: operator, place };
  if (operator || NAME_ALONE.test(word ?? '')) {
    const next = operator ? end - operator.length : end;
    const allowed =
      text[next] === '"'
        ? 'a quote that another one ends'
        : `a value for ${(name ?? word!.slice(0, -1)).toLowerCase()}`;
    throw unexpected(reading, reading.placeIn(next), operator ?? text[next], allowed);
  }
  const raw = quoted ?? word!;
  const start = end - raw.length - (quoted === undefined ? 0 : 1);
  return {
    kind: 'term',
    place,
    term: {
      name: name?.toLowerCase() ?? null,
      value: quoted === undefined ? raw : raw.replaceAll(/\\(.)/gs, '$1'),
      place,
      placeIn: (nth) => reading.placeIn(start + (quoted === undefined ? nth : escapedLength(raw, nth))),
    },
  };
}

/** How many characters of a quoted text stand for the first so many of its value. */
function escapedLength(raw: string, characters: number): number {
  let length = 0;
  for (let nth = 0; nth < characters; nth += 1) length += raw[length] === '\\' ? 2 : 1;
  return length;
}
