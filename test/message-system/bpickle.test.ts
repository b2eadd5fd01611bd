import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { Refusal } from '../../src/domain/errors.ts';
import {
  Dictionary,
  decode,
  type Encodable,
  encode,
  Float,
  MAX_DEPTH,
  MAX_VALUES,
  Text,
  Tuple,
  textOf,
  type Value,
} from '../../src/message-system/bpickle.ts';
import { refusalOf } from '../support/builders.ts';
import { thorough } from '../support/seed.ts';
import { countSteps } from '../support/steps.ts';
import { captured, fixture, unnoted } from './fixtures.ts';

interface Vector {
  readonly value: unknown;
  readonly hex: string;
}
const vectors = JSON.parse(
  readFileSync(new URL('../fixtures/landscape-client/bpickle-vectors.json', import.meta.url), 'utf8'),
) as Vector[];

const bytes = (text: string) => Buffer.from(text, 'latin1');

/** Converts texts to strings, so that two decoded values compare as equal. */
function plain(value: Value): unknown {
  if (value instanceof Text) return { text: value.toString() };
  if (value instanceof Uint8Array) return { bytes: Buffer.from(value).toString('hex') };
  if (value instanceof Float) return { float: value.value };
  if (value instanceof Tuple) return { tuple: value.items.map(plain) };
  if (value instanceof Dictionary)
    return { entries: value.entries.map(([key, item]) => [plain(key), plain(item)]) };
  return Array.isArray(value) ? value.map(plain) : value;
}

describe('the output of the client’s own encoder', () => {
  test('has 27 vectors', () => {
    expect(vectors).toHaveLength(27);
  });

  test.each(vectors.map(({ value, hex }) => [JSON.stringify(value), value, hex] as const))(
    '%s is encoded to the same bytes, and decoded from them',
    (_name, value, hex) => {
      const encoded = encode(unnoted(value));
      expect(encoded.toString('hex')).toBe(hex);
      expect(encode(decode(Buffer.from(hex, 'hex'))).toString('hex')).toBe(hex);
    },
  );

  test.each(captured())('the captured body of %s is decoded, and encoded to the same bytes', (_name, hex) => {
    expect(encode(decode(Buffer.from(hex, 'hex'))).toString('hex')).toBe(hex);
  });
});

describe('unicode and bytes', () => {
  test('are different values', () => {
    expect(decode(bytes('u1:a'))).toEqual(new Text(bytes('a')));
    expect(decode(bytes('s1:a'))).toEqual(bytes('a'));
    expect(encode('é').toString('latin1')).toBe('u2:Ã©');
    expect(encode(bytes('é')).toString('latin1')).toBe('s1:é');
  });

  test('are both accepted as the key of a dictionary, because old clients send bytes', () => {
    const read = decode(bytes('ds4:typeu1:au3:tags1:be'.replace(/e$/, ';'))) as Dictionary;
    expect([textOf(read.get('type')), textOf(read.get('tag')), read.get('other')]).toEqual([
      'a',
      'b',
      undefined,
    ]);
  });

  test('that are not UTF-8 become the replacement character, without an error', () => {
    expect(textOf(decode(bytes('u3:a\xffb')))).toBe('a\uFFFDb');
  });

  test('of another type contain no text', () => {
    expect([textOf(1), textOf(null), textOf([]), textOf(undefined)]).toEqual(Array(4).fill(undefined));
  });
});

describe('a dictionary', () => {
  test('is encoded with sorted keys, a prefix before the longer key', () => {
    expect(encode({ b: 1, aa: 2, a: 3 }).toString()).toBe('du1:ai3;u2:aai2;u1:bi1;;');
  });

  test('is decoded with keys in any order, and the last of two equal keys counts', () => {
    const read = decode(bytes('du1:bi1;u1:ai2;u1:bi3;;')) as Dictionary;
    expect([read.get('a'), read.get('b')]).toEqual([2, 3]);
  });

  test('omits a key without a value', () => {
    expect(encode({ a: 1, b: undefined }).toString()).toBe('du1:ai1;;');
  });
});

test.each([
  [0.1, 'f0.1;'],
  [100, 'f100.0;'],
  [123456789.125, 'f123456789.125;'],
  [1e16, 'f1e+16;'],
  [1e15, 'f1000000000000000.0;'],
  [0.0001, 'f0.0001;'],
  [0.00001, 'f1e-05;'],
  [1.5e-7, 'f1.5e-07;'],
  [-0, 'f-0.0;'],
  [Number.NEGATIVE_INFINITY, 'f-inf;'],
])('the float %d is encoded as in Python', (value, expected) => {
  expect(encode(new Float(value)).toString()).toBe(expected);
});

test('an integer that JavaScript cannot hold is rejected, not sent as another one', () => {
  expect(() => encode(2 ** 53)).toThrow(RangeError);
  expect(() => encode(1.5)).toThrow(RangeError);
  expect(encode(2n ** 53n).toString()).toBe('i9007199254740992;');
});

describe('an invalid body is refused with the position, the value found and the values expected:', () => {
  test.each([
    ['an empty body', '', 'The body has an error at byte 0: found the end. Expected a value'],
    ['an unknown type', 'x', 'The body has an error at byte 0: found the byte 0x78. Expected a value'],
    [
      'a second value',
      'nn',
      'The body has an error at byte 1: found the byte 0x6e. Expected the end of the body.',
    ],
    ['an invalid boolean', 'b2', 'The body has an error at byte 1: found the byte 0x32. Expected 0 or 1.'],
    [
      'an integer without its end',
      'i12',
      'The body has an error at byte 1: found the end. Expected ";" before it.',
    ],
    [
      'an empty integer',
      'i;',
      'The body has an error at byte 1: found "". Expected an integer of 1 to 40 digits.',
    ],
    ['an integer with a plus', 'i+1;', 'found "+1"'],
    ['an integer of 41 digits', `i${'1'.repeat(41)};`, 'Expected an integer of 1 to 40 digits'],
    ['an endless integer', `i${'1'.repeat(1000)};`, 'Expected ";" before it'],
    ['an invalid float', 'f1.2.3;', 'found "1.2.3". Expected a float.'],
    ['a truncated text', 'u5:abc', 'found "5". Expected a length of at most the 3 bytes that follow.'],
    ['a negative length', 's-1:a', 'found "-1"'],
    ['an endless length', `u${'9'.repeat(100)}:`, 'Expected ":" before it'],
    ['a list without its end', 'li1;', 'found the end. Expected a value'],
    ['a key without a value', 'du1:a;', 'found the byte 0x3b. Expected a value'],
  ])('%s', (_name, body, expected) => {
    const refusal = refusalOf(() => decode(bytes(body)));
    expect([refusal.code, refusal.message]).toEqual(['INVALID_INPUT', expect.stringContaining(expected)]);
  });

  test('values that are nested too deeply', () => {
    const nested = (depth: number) => bytes('l'.repeat(depth) + ';'.repeat(depth));
    expect(decode(nested(MAX_DEPTH + 1))).toBeInstanceOf(Array);
    expect(refusalOf(() => decode(nested(MAX_DEPTH + 2))).message).toContain('at most 32 levels of nesting');
    expect(refusalOf(() => decode(nested(1_000_000))).message).toContain('at most 32 levels of nesting');
  });

  test('more values than the limit', () => {
    const list = (number: number) => bytes(`l${'n'.repeat(number)};`);
    expect(decode(list(MAX_VALUES - 1))).toHaveLength(MAX_VALUES - 1);
    expect(refusalOf(() => decode(list(MAX_VALUES))).message).toContain('at most 200000 values');
  });
});

const anyKey = fc.oneof(fc.string({ unit: 'binary' }), fc.uint8Array({ maxLength: 8 }));
const anyValue = fc.letrec<{ value: Encodable; leaf: Encodable }>((tie) => ({
  leaf: fc.oneof(
    fc.constantFrom(null, true, false),
    fc.maxSafeInteger(),
    fc.bigInt({ min: 2n ** 53n, max: 10n ** 39n }),
    fc.double({ noNaN: true }).map((value) => new Float(value)),
    fc.string({ unit: 'binary' }),
    fc.uint8Array({ maxLength: 20 }),
  ),
  value: fc.oneof(
    { maxDepth: 5 },
    tie('leaf'),
    fc.array(tie('value'), { maxLength: 5 }),
    fc.array(tie('value'), { maxLength: 5 }).map((items) => new Tuple(items.map(written))),
    fc
      .uniqueArray(fc.tuple(anyKey, tie('value')), { maxLength: 5, selector: ([key]) => String(key) })
      .map((entries) => new Dictionary(entries.map(([key, value]) => [written(key), written(value)]))),
  ),
})).value;

/** A value in the form in which it is decoded. */
const written = (value: Encodable): Value => decode(encode(value));

describe('any value', () => {
  test('that is encoded is decoded to the same value', () => {
    fc.assert(
      fc.property(anyValue, (value) => {
        const encoded = encode(value);
        const read = decode(encoded);
        expect(encode(read).equals(encoded)).toBe(true);
        expect(plain(decode(encode(read)))).toEqual(plain(read));
      }),
      { numRuns: thorough(2000) },
    );
  });

  test('whose bytes are changed is decoded or refused, and the decoder never fails otherwise', () => {
    const bodies = [...captured().map(([, hex]) => Buffer.from(hex, 'hex')), ...vectors.map(fixtureBytes)];
    const change = fc.record({
      at: fc.nat(),
      remove: fc.nat(4),
      insert: fc.oneof(
        fc.constantFrom(...'nbifsultd;:0129'.split('')).map(bytes),
        fc.uint8Array({ maxLength: 4 }),
      ),
    });
    fc.assert(
      fc.property(
        fc.constantFrom(...bodies),
        fc.array(change, { minLength: 1, maxLength: 4 }),
        (body, changes) => {
          const changed = changes.reduce<Uint8Array>((before, { at, remove, insert }) => {
            const start = at % (before.length + 1);
            return Buffer.concat([before.subarray(0, start), insert, before.subarray(start + remove)]);
          }, body);
          try {
            encode(decode(changed));
          } catch (error) {
            expect(error).toBeInstanceOf(Refusal);
          }
        },
      ),
      // This many runs also in the fast suite, because they take only a second.
      { numRuns: 10_000 },
    );
  });
});

const fixtureBytes = ({ hex }: Vector) => Buffer.from(hex, 'hex');

describe('a body that is doubled four times takes at most 32 times as many steps:', () => {
  const repeated = (piece: string, before = '', after = '') => [
    piece,
    (length: number) => bytes(before + piece.repeat(Math.floor(length / piece.length)) + after),
  ];
  test.each(
    [
      repeated('l'),
      repeated('n', 'l', ';'),
      repeated('l;', 'l', ';'),
      repeated('i1;', 'l', ';'),
      repeated('u1:a', 'l', ';'),
      repeated('u1:an', 'd', ';'),
      repeated('1', 'i', ';'),
      repeated('0', 'u', ':'),
      repeated('d', ''),
      repeated(';', 'l'),
    ].map(([name, body]) => [name as string, body as (length: number) => Buffer] as const),
  )('%j', (_name, body) => {
    const [, short, long] = countSteps(
      ...[64, 512, 8192].map((length) => {
        const given = body(length);
        return () => decode(given);
      }),
    );
    expect(long! / short!).toBeLessThan(32);
  });
});

test('a missing fixture is named in the error', () => {
  expect(() => fixture('99')).toThrow('99');
});
