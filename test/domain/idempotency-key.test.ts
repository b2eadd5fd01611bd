import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { canonical, idempotencyKeyOf, keysStoredSince } from '../../src/domain/idempotency-key.ts';
import { at, refusalOf } from '../support/builders.ts';

describe('an idempotency key', () => {
  test.each([
    ['one character', 'k'],
    ['a space', ' '],
    ['a UUID', '9b2e5c1e-5d0f-4b57-8a39-0a3f8f0e7f10'],
    ['255 characters', '~'.repeat(255)],
  ])('may be %s', (_, key) => {
    expect(idempotencyKeyOf(key)).toBe(key);
  });

  test.each([
    ['empty', ''],
    ['not ASCII', 'ü'],
    ['several lines', 'a\n'],
    ['a control character', '\x7f'],
    ['longer than 255 characters', 'x'.repeat(256)],
  ])('must not be %s', (_, key) => {
    const { code, detail } = refusalOf(() => idempotencyKeyOf(key));
    expect([code, detail.field]).toEqual(['INVALID_INPUT', 'idempotencyKey']);
  });

  test('is valid for 24 hours', () => {
    expect(keysStoredSince(at('2025-04-11T09:15:20.5'))).toBe(at('2025-04-10T09:15:20.5'));
  });
});

describe('the hash of an input', () => {
  test('does not depend on the order of fields, nested ones included, and treats null as absent', () => {
    const one = {
      title: 'a',
      trigger: { interval: '* * * * *', startAfter: null },
      tags: ['a', 'b'],
      note: null,
    };
    const same = { tags: ['a', 'b'], trigger: { interval: '* * * * *' }, title: 'a' };
    expect(canonical(one)).toBe(canonical(same));
  });

  test.each([
    [{ tags: ['a', 'b'] }, { tags: ['b', 'a'] }],
    [{ title: 'a' }, { title: 'A' }],
    [{ title: '1' }, { title: 1 }],
    [{ title: '' }, {}],
    [{ tags: [] }, {}],
    [{ allComputers: false }, {}],
    [{ trigger: { kind: 'event' } }, { trigger: { kind: 'one_time' } }],
  ])('%j differs from %j', (one, other) => {
    expect(canonical(one)).not.toBe(canonical(other));
  });

  test('differs for any two different inputs without nulls', () => {
    const input = fc.dictionary(fc.string(), fc.oneof(fc.string(), fc.integer(), fc.array(fc.string())));
    fc.assert(
      fc.property(input, input, (one, other) => {
        const sorted = (value: object) => Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
        const equal = JSON.stringify(sorted(one)) === JSON.stringify(sorted(other));
        expect(canonical(one) === canonical(other)).toBe(equal);
      }),
    );
  });
});
