import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { Refusal } from '../../src/domain/errors.ts';
import { mapSearchQuery, parseSearchQuery } from '../../src/domain/search/search-query.ts';
import { readingOf } from '../../src/domain/search/search-tokens.ts';
import { refusalOf } from '../support/builders.ts';
import { print, queries, type WrittenQuery } from '../support/search-query.ts';
import { thorough } from '../support/seed.ts';

const parse = (text: string): WrittenQuery =>
  mapSearchQuery(parseSearchQuery(text, readingOf('query')), ({ name, value }) => ({ name, value }));

/** Prints a tree in one line: `&(…)` for all, `|(…)` for any, `!` for not. */
function shown(query: WrittenQuery): string {
  switch (query.kind) {
    case 'is':
      return query.condition.name === null
        ? `<${query.condition.value}>`
        : `${query.condition.name}=<${query.condition.value}>`;
    case 'not':
      return `!${shown(query.of)}`;
    default:
      return `${query.kind === 'all' ? '&' : '|'}(${query.of.map(shown).join(' ')})`;
  }
}

describe('a query is parsed as', () => {
  test.each([
    ['', '&()'],
    ['   ', '&()'],
    ['web', '<web>'],
    ['tag:web', 'tag=<web>'],
    ['TAG:Web', 'tag=<Web>'],
    ['a b', '&(<a> <b>)'],
    ['a AND b', '&(<a> <b>)'],
    ['a OR b', '|(<a> <b>)'],
    ['a OR b OR c', '|(<a> <b> <c>)'],
    ['access-group-recursive:global tag:a OR tag:b', '&(access-group-recursive=<global> |(tag=<a> tag=<b>))'],
    ['tag:a OR tag:b c', '&(|(tag=<a> tag=<b>) <c>)'],
    ['a OR b AND c OR d', '&(|(<a> <b>) |(<c> <d>))'],
    ['NOT a', '!<a>'],
    ['NOT NOT a', '!!<a>'],
    ['NOT a b', '&(!<a> <b>)'],
    ['NOT a OR b', '|(!<a> <b>)'],
    ['a NOT b', '&(<a> !<b>)'],
    ['(a b) OR c', '|(&(<a> <b>) <c>)'],
    ['NOT (a OR b)', '!|(<a> <b>)'],
    ['((a))', '<a>'],
    ['(tag:a)(b)', '&(tag=<a> <b>)'],
    ['or and not', '&(<or> <and> <not>)'],
    ['"OR" "a b" title:"NOT"', '&(<OR> <a b> title=<NOT>)'],
    ['access-group: server', 'access-group=<server>'],
    ['access-group:   "the servers" a', '&(access-group=<the servers> <a>)'],
    ['title:"say \\"hi\\" \\\\ bye"', 'title=<say "hi" \\ bye>'],
    ['profile:script:5', 'profile=<script:5>'],
    ['10:30', '<10:30>'],
    ['"tag:web"', '<tag:web>'],
    ['a:""', 'a=<>'],
    ['Ä\u00a0ö\tü\n', '&(<Ä> <ö> <ü>)'],
  ])('%j: %s', (text, expected) => {
    expect(shown(parse(text))).toBe(expected);
  });
});

describe('an invalid query is refused with the position, the text found there and the values allowed', () => {
  test.each([
    ['OR a', '"OR" at position 1', 'a term, NOT or an opening parenthesis'],
    ['a OR', 'the end at position 5', 'a term, NOT or an opening parenthesis'],
    ['a OR OR b', '"OR" at position 6', 'a term, NOT or an opening parenthesis'],
    ['AND a', '"AND" at position 1', 'a term, NOT or an opening parenthesis'],
    ['a AND', 'the end at position 6', 'a term, NOT or an opening parenthesis'],
    ['NOT', 'the end at position 4', 'a term, NOT or an opening parenthesis'],
    ['a NOT OR b', '"OR" at position 7', 'a term, NOT or an opening parenthesis'],
    ['(a', 'the end at position 3', 'a term, AND, OR or a closing parenthesis'],
    ['a)', '")" at position 2', 'a term, AND or OR'],
    [')', '")" at position 1', 'a term, NOT or an opening parenthesis'],
    ['()', '")" at position 2', 'a term, NOT or an opening parenthesis'],
    ['a (b OR )', '")" at position 9', 'a term, NOT or an opening parenthesis'],
    ['tag:', 'the end at position 5', 'a value for tag'],
    ['(tag:)', '")" at position 6', 'a value for tag'],
    ['Tag: OR a', '"OR" at position 6', 'a value for tag'],
    ['tag:NOT', '"NOT" at position 5', 'a value for tag'],
    ['a "b', '"\\"" at position 3', 'a closing quote'],
    ['tag:"b', '"\\"" at position 5', 'a closing quote'],
    ['"a\\"', '"\\"" at position 1', 'a closing quote'],
    ['a\0b', '"\\u0000" at position 2', 'valid Unicode text without NUL'],
    ['a \ud800', '"\\ud800" at position 3', 'valid Unicode text without NUL'],
    ['x'.repeat(16_385), '"x" at position 16385', 'at most 16384 characters'],
    ['a '.repeat(1001), '"a" at position 2001', 'at most 1000 terms'],
    ['('.repeat(4001), '"(" at position 4001', 'at most 4000 terms, parentheses and operators'],
    ['OR '.repeat(4001), '"O" at position 12001', 'at most 4000 terms, parentheses and operators'],
    [`${'('.repeat(21)}a${')'.repeat(21)}`, '"(" at position 21', 'at most 20 nested parentheses and NOTs'],
    ['NOT '.repeat(21), '"NOT" at position 81', 'at most 20 nested parentheses and NOTs'],
  ])('%j: %s', (text, found, allowed) => {
    const refusal = refusalOf(() => parse(text));
    expect(refusal.code).toBe('INVALID_INPUT');
    expect(refusal.detail).toEqual({ field: 'query', found, allowed });
    const [what, at] = found.split(' at ');
    const where = what === 'the end' ? `ends too early at ${at}.` : `has an error at ${at}: found ${what}.`;
    expect(refusal.message).toBe(`The query ${where} Expected ${allowed}.`);
  });

  test('a query of the maximum length, width and depth is accepted', () => {
    expect(() => parse('x'.repeat(16_384))).not.toThrow();
    expect(() => parse('a '.repeat(1000))).not.toThrow();
    expect(() => parse(`${'('.repeat(20)}a b${')'.repeat(20)}`)).not.toThrow();
  });
});

const values = fc.oneof(
  fc.stringMatching(/^[\w.:-]{1,8}$/),
  fc.constantFrom('AND', 'OR', 'NOT', '', ' ', '"', '\\', '()', 'ä ö', 'tag:a', '\\"', '🐧 x'),
  fc.string({ unit: 'grapheme', maxLength: 6 }).filter((text) => !/[\0\p{Cs}]/u.test(text)),
);
const terms = fc.record({ name: fc.constantFrom(null, 'tag', 'access-group', 'x'), value: values });

test('a query that is printed is parsed to the same tree', () => {
  fc.assert(
    fc.property(queries(terms), (query) => {
      expect(parse(print(query))).toEqual(query);
    }),
  );
});

test('any text is parsed, or refused with a position within it', () => {
  const pieces = fc.constantFrom(
    '(',
    ')',
    '"',
    '\\',
    ':',
    ' ',
    'OR',
    'AND',
    'NOT',
    'tag:',
    'a',
    '\0',
    '\ud83d',
    '\n',
  );
  const soup = fc.oneof(
    fc.array(pieces, { maxLength: 40 }).map((list) => list.join('')),
    fc.string({ unit: 'binary', maxLength: 60 }),
  );
  fc.assert(
    fc.property(soup, (text) => {
      try {
        parse(text);
      } catch (error) {
        if (!(error instanceof Refusal)) throw error;
        const place = Number(/ at position (\d+)$/.exec(error.detail.found!)?.[1]);
        expect(place).toBeGreaterThanOrEqual(1);
        expect(place).toBeLessThanOrEqual(text.length + 1);
      }
    }),
    { numRuns: thorough(2000) },
  );
});
