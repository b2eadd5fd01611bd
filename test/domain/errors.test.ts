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
    ['a missing value as nothing', undefined, 'nothing'],
    ['a list', ['a', 1], '["a",1]'],
    ['an object', { a: { b: true } }, '{"a":{"b":true}}'],
    ['a value that JSON cannot express, by its type', () => 0, 'function'],
    ['80 characters whole', 'x'.repeat(78), `"${'x'.repeat(78)}"`],
    ['81 characters cut to 80', 'x'.repeat(79), `"${'x'.repeat(78)}…`],
  ])('%s', (_, value, shown) => {
    expect(show(value)).toBe(shown);
  });

  test('whatever its depth', () => {
    expect(show(JSON.parse('['.repeat(100_000) + ']'.repeat(100_000)))).toMatch(/too deep/);
  });

  test('in at most 80 characters, without splitting a character', () => {
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

describe('an invalid value is described in a sentence', () => {
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

  test('without quotes if the text describes the value', () => {
    const refusal = invalidAsDescribed('password', '0 characters', 'longer');
    expect(refusal.message).toBe('password must be longer; found 0 characters.');
    expect(refusal.detail).toEqual({ field: 'password', found: '0 characters', allowed: 'longer' });
  });

  test('also about a field with a truncated name', () => {
    expect(invalid('a.', 7, 'short').message).toBe('a. must be short; found 7.');
  });

  test('also with another code', () => {
    expect(invalid('interval', '', 'a cron expression', 'INVALID_CRON').code).toBe('INVALID_CRON');
  });
});

test('a missing object is described by its kind, with its id in the detail', () => {
  const refusal = notFound('script profile', 99);
  expect(refusal.code).toBe('NOT_FOUND');
  expect(refusal.message).toBe('The specified script profile does not exist.');
  expect(refusal.detail).toEqual({ field: 'id', found: '99' });
});

describe('checks', () => {
  const refuse = (field: string) => () => {
    throw invalid(field, null, 'there');
  };

  test('return the results of all, if all pass', () => {
    expect(check({ a: () => 1, b: () => ['x'] })).toEqual({ a: 1, b: ['x'] });
  });

  test('throw the first refusal, with the others attached in order', () => {
    const refusal = refusalOf(() => check({ a: refuse('a'), b: () => 1, c: refuse('c'), d: refuse('d') }));
    expect(refusal.message).toBe('a must be there; found null.');
    expect(refusal.detail.field).toBe('a');
    expect(refusal.others.map(({ detail }) => detail.field)).toEqual(['c', 'd']);
  });

  test('flatten nested checks', () => {
    const inner = () => check({ b: refuse('b'), c: refuse('c') });
    const refusal = refusalOf(() => check({ a: refuse('a'), inner, d: refuse('d') }));
    expect([refusal, ...refusal.others].map(({ detail }) => detail.field)).toEqual(['a', 'b', 'c', 'd']);
  });

  test('pass an error through immediately if it is not a refusal', () => {
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

test('a refusal is an error with its own name', () => {
  const refusal = new Refusal('FORBIDDEN', 'No.');
  expect(refusal).toBeInstanceOf(Error);
  expect(refusal.name).toBe('Refusal');
  expect(refusal.detail).toEqual({});
  expect(refusal.others).toEqual([]);
});
