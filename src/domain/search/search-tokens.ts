import { Refusal, show } from '../errors.ts';
import { UNWRITABLE } from '../text.ts';

export interface Term {
  /** Lower case. Null for a keyword. */
  readonly name: string | null;
  readonly value: string;
  /** Index of the term in the parsed text. */
  readonly start: number;
  /** Index in the parsed text of the value's nth character. Used for values that are queries themselves. */
  indexOf(nth: number): number;
}

/** The parsed part of an input, so that a refusal can state the position. */
export interface Reading {
  /** The path of the field in the input. */
  readonly field: string;
  /**
   * Converts an index in this text to an index in the whole input. Takes linear time, so only refusals call
   * it.
   */
  placeOf(index: number): number;
  /** Total cost of the terms, and number of tokens, in the whole input so far. */
  readonly spent: { cost: number; tokens: number };
}

export const readingOf = (field: string): Reading => ({
  field,
  placeOf: (index) => index,
  spent: { cost: 0, tokens: 0 },
});

/**
 * The refusal of a query.
 * @param index in the parsed text, from 0. Messages count from 1.
 * @param found the text at that index. Undefined at the end.
 */
export function unexpected(
  { field, placeOf }: Reading,
  index: number,
  found: string | undefined,
  allowed: string,
): Refusal {
  const at = `position ${placeOf(index) + 1}`;
  const what = found === undefined ? 'the end' : show(found);
  const where = found === undefined ? `ends too early at ${at}.` : `has an error at ${at}: found ${what}.`;
  return new Refusal('INVALID_INPUT', `The query ${where} Expected ${allowed}.`, {
    field,
    found: `${what} at ${at}`,
    allowed,
  });
}

export interface Token {
  readonly kind: 'term' | 'AND' | 'OR' | 'NOT' | '(' | ')' | 'end';
  /** Index of the token in the parsed text. */
  readonly start: number;
  readonly term?: Term;
}

const MAX_QUERY_LENGTH = 16_384;
const MAX_TERMS = 1000;
/** Counts terms, parentheses and operators. */
const MAX_TOKENS = 4000;
const SPACES = /\s*/y;
const TERM = /(?:([a-z][a-z-]*):\s*)?(?:"((?:[^"\\]|\\.)*)"|([^\s"()]+))/isy;
const NAME_ALONE = /^[a-z][a-z-]*:$/i;

/** @throws Refusal INVALID_INPUT */
export function tokensOf(text: string, reading: Reading): Token[] {
  const at = text.length > MAX_QUERY_LENGTH ? MAX_QUERY_LENGTH : text.search(UNWRITABLE);
  if (at >= 0) {
    const allowed =
      at === MAX_QUERY_LENGTH ? `at most ${MAX_QUERY_LENGTH} characters` : 'valid Unicode text without NUL';
    throw unexpected(reading, at, text[at], allowed);
  }
  const tokens: Token[] = [];
  let terms = 0;
  for (let start = skipSpaces(text, 0); start < text.length; start = skipSpaces(text, TERM.lastIndex)) {
    const character = text[start];
    reading.spent.tokens += 1;
    if (reading.spent.tokens > MAX_TOKENS) {
      const allowed = `at most ${MAX_TOKENS} terms, parentheses and operators`;
      throw unexpected(reading, start, character, allowed);
    }
    if (character === '(' || character === ')') {
      tokens.push({ kind: character, start });
      TERM.lastIndex = start + 1;
      continue;
    }
    TERM.lastIndex = start;
    const match = TERM.exec(text);
    if (!match) throw unexpected(reading, start, '"', 'a closing quote');
    const token = tokenOf(match, text, reading);
    terms += token.term ? 1 : 0;
    if (terms > MAX_TERMS) throw unexpected(reading, start, match[0], `at most ${MAX_TERMS} terms`);
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
  const end = index + whole.length;
  const operator = word === 'AND' || word === 'OR' || word === 'NOT' ? word : undefined;
  if (operator && name === undefined) return { kind: operator, start: index };
  if (operator || NAME_ALONE.test(word ?? '')) {
    const next = operator ? end - operator.length : end;
    const allowed =
      text[next] === '"' ? 'a closing quote' : `a value for ${(name ?? word!.slice(0, -1)).toLowerCase()}`;
    throw unexpected(reading, next, operator ?? text[next], allowed);
  }
  const raw = quoted ?? word!;
  const start = end - raw.length - (quoted === undefined ? 0 : 1);
  return {
    kind: 'term',
    start: index,
    term: {
      name: name?.toLowerCase() ?? null,
      value: quoted === undefined ? raw : raw.replaceAll(/\\(.)/gs, '$1'),
      start: index,
      indexOf: (nth) => start + (quoted === undefined ? nth : escapedLength(raw, nth)),
    },
  };
}

/** Length of the first characters of a value in its quoted source, where an escaped character takes two. */
function escapedLength(raw: string, characters: number): number {
  let length = 0;
  for (let nth = 0; nth < characters; nth += 1) length += raw[length] === '\\' ? 2 : 1;
  return length;
}
