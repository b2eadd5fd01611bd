import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { check, invalid, invalidAsDescribed, notFound, Refusal, show } from '../../src/domain/errors.ts';
import { refusalOf } from '../support/builders.ts';

describe('a value is shown', () => {
  test.each<[string, unknown, string]>([
    ['a text in quotes', 'a "b"', '"a \\"b\\""'],
    ['an empty text as one', '', '""'],
    ['control characters escaped', 'a\0\n', '"a\\u0000\\n"'],
    ['a number', 1.5, '1.5'],
    ['a large integer', 9_007_199_254_740_993n, '9007199254740993'],
    ['null', null, 'null'],
    ['what is not there', undefined, 'nothing'],
    ['a list', ['a', 1], '["a",1]'],
    ['an object', { a: { b: true } }, '{"a":{"b":true}}'],
    ['what JSON has no word for, by its type', () => 0, 'function'],
    ['80 characters whole', 'x'.repeat(78), `"${'x'.repeat(78)}"`],
    ['81 characters cut to 80', 'x'.repeat(79), `"${'x'.repeat(78)}…`],
  ])('%s', (_, value, shown) => {
    expect(show(value)).toBe(shown);
  });

  test('however deep it is nested', () => {
    expect(show(JSON.parse('['.repeat(100_000) + ']'.repeat(100_000)))).toMatch(/too deep/);
  });

  test('in at most 80 characters, none of them cut in half', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom('a', 'é', '😀', '"'), maxLength: 120, size: 'max' }),
        (text) => {
          const shown = show(text);
          expect(shown.length).toBeLessThanOrEqual(80);
          expect(shown).not.toMatch(/\p{Cs}/u);
        },
      ),
    );
  });
});

describe('an invalid value is told in a sentence', () => {
  test.each([
    ['title', 'title must be short; found 7.'],
    ['timeLimit', 'timeLimit must be short; found 7.'],
    ['maxNumComputers', 'maxNumComputers must be short; found 7.'],
    ['trigger.recurring.startAfter', 'trigger.recurring.startAfter must be short; found 7.'],
    ['tags.2', 'tags[2] must be short; found 7.'],
    ['filter.tags.10', 'filter.tags[10] must be short; found 7.'],
  ])('about %s', (field, message) => {
    const refusal = invalid(field, 7, 'short');
    expect(refusal.message).toBe(message);
    expect(refusal.code).toBe('INVALID_INPUT');
    expect(refusal.detail).toEqual({ field, found: '7', allowed: 'short' });
  });

  test('which is in no quotes where it says something of the value, and not the value', () => {
    const refusal = invalidAsDescribed('password', '0 characters', 'longer');
    expect(refusal.message).toBe('password must be longer; found 0 characters.');
    expect(refusal.detail).toEqual({ field: 'password', found: '0 characters', allowed: 'longer' });
  });

  test('about a field whose name breaks off, too', () => {
    expect(invalid('a.', 7, 'short').message).toBe('a. must be short; found 7.');
  });

  test('with another code when there is one', () => {
    expect(invalid('interval', '', 'a cron expression', 'INVALID_CRON').code).toBe('INVALID_CRON');
  });
});

test('what is not found is told by its kind, and its id is in the detail', () => {
  const refusal = notFound('script profile', 99);
  expect(refusal.code).toBe('NOT_FOUND');
  expect(refusal.message).toBe('The specified script profile does not exist.');
  expect(refusal.detail).toEqual({ field: 'id', found: '99' });
});

describe('checks', () => {
  const refuse = (field: string) => () => {
    throw invalid(field, null, 'there');
  };

  test('answer with what each returned, when all pass', () => {
    expect(check({ a: () => 1, b: () => ['x'] })).toEqual({ a: 1, b: ['x'] });
  });

  test('refuse with the first that failed, and the others beside it, in order', () => {
    const refusal = refusalOf(() => check({ a: refuse('a'), b: () => 1, c: refuse('c'), d: refuse('d') }));
    expect(refusal.message).toBe('a must be there; found null.');
    expect(refusal.detail.field).toBe('a');
    expect(refusal.others.map(({ detail }) => detail.field)).toEqual(['c', 'd']);
  });

  test('flatten checks within checks', () => {
    const inner = () => check({ b: refuse('b'), c: refuse('c') });
    const refusal = refusalOf(() => check({ a: refuse('a'), inner, d: refuse('d') }));
    expect([refusal, ...refusal.others].map(({ detail }) => detail.field)).toEqual(['a', 'b', 'c', 'd']);
  });

  test('let a fault through at once: it is no refusal', () => {
    const fault = new TypeError('broken');
    const action = () =>
      check({
        a: refuse('a'),
        b: () => {
          throw fault;
        },
      });
    expect(action).toThrow(fault);
  });
});

test('a refusal is an error with a name of its own', () => {
  const refusal = new Refusal('FORBIDDEN', 'No.');
  expect(refusal).toBeInstanceOf(Error);
  expect(refusal.name).toBe('Refusal');
  expect(refusal.detail).toEqual({});
  expect(refusal.others).toEqual([]);
});
