import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type Cursor, type PageRequest, pageWindow, toSlice, type Window } from '../../src/domain/page.ts';
import { refusalOf } from '../support/builders.ts';
import { thorough } from '../support/seed.ts';

const cursor = (id: number): Cursor => ({ key: `key ${id}`, id });
const [three, nine] = [cursor(3), cursor(9)];
const plain: Window = { limit: 50, fromEnd: false, offset: 0, after: null, before: null };

describe('a requested page', () => {
  test.each<[string, PageRequest, Partial<Window>]>([
    ['without arguments is the first 50', {}, {}],
    [
      'with null arguments is the same',
      { first: null, after: null, last: null, before: null, offset: null },
      {},
    ],
    ['by first', { first: 10 }, { limit: 10 }],
    ['by first 0 has no rows, so that only the count is requested', { first: 0 }, { limit: 0 }],
    ['by first, up to the maximum', { first: 1000 }, { limit: 1000 }],
    ['by first and after', { first: 10, after: three }, { limit: 10, after: three }],
    ['by offset', { first: 10, offset: 30 }, { limit: 10, offset: 30 }],
    ['by offset only', { offset: 30 }, { offset: 30 }],
    ['by an offset up to the largest number', { offset: 2 ** 53 - 1 }, { offset: 2 ** 53 - 1 }],
    ['by last counts from the end', { last: 10 }, { limit: 10, fromEnd: true }],
    ['by last 0', { last: 0 }, { limit: 0, fromEnd: true }],
    ['by last and before', { last: 10, before: nine }, { limit: 10, fromEnd: true, before: nine }],
    ['by last, with offset 0, which skips nothing', { last: 10, offset: 0 }, { limit: 10, fromEnd: true }],
    [
      'between two cursors',
      { first: 10, after: three, before: nine },
      { limit: 10, after: three, before: nine },
    ],
  ])('%s', (_, request, expected) => {
    expect(pageWindow(request)).toEqual({ ...plain, ...expected });
  });

  test('with a larger maximum may have that size, and has the default size otherwise', () => {
    expect(pageWindow({ first: 10_000 }, 10_000).limit).toBe(10_000);
    expect(pageWindow({}, 10_000).limit).toBe(50);
    expect(pageWindow({}, 20).limit).toBe(20);
  });

  test.each<[string, PageRequest, string, string, string]>([
    ['first -1', { first: -1 }, 'first', '-1', 'a whole number from 0 to 1000'],
    ['first 1001', { first: 1001 }, 'first', '1001', 'a whole number from 0 to 1000'],
    ['first 1.5', { first: 1.5 }, 'first', '1.5', 'a whole number from 0 to 1000'],
    ['last -1', { last: -1 }, 'last', '-1', 'a whole number from 0 to 1000'],
    ['last 1001', { last: 1001 }, 'last', '1001', 'a whole number from 0 to 1000'],
    ['offset -1', { offset: -1 }, 'offset', '-1', 'a whole number from 0 to 9007199254740991'],
    [
      'an offset that is too large for a number',
      { offset: 2 ** 53 },
      'offset',
      '9007199254740992',
      'a whole number from 0 to 9007199254740991',
    ],
    ['first and last', { first: 1, last: 2 }, 'last', '2', 'omitted if `first` is given'],
    ['last and an offset', { last: 1, offset: 2 }, 'offset', '2', 'omitted if `last` is given'],
  ])('by %s is refused', (_, request, field, found, allowed) => {
    const refusal = refusalOf(() => pageWindow(request));
    expect(refusal.code).toBe('INVALID_INPUT');
    expect(refusal.detail).toEqual({ field, found, allowed });
  });
});

describe('the slice of the fetched rows, of which there is at most one more than the page,', () => {
  const forward = { ...plain, limit: 2 };
  const backward = { ...forward, fromEnd: true };

  test.each<[string, Window, number[], number[], boolean, boolean]>([
    ['is empty without rows', forward, [], [], false, false],
    ['is the whole list if there are fewer rows than the page', forward, [1], [1], false, false],
    ['is the whole list if there are exactly as many rows', forward, [1, 2], [1, 2], false, false],
    ['has a next page if there is one more row', forward, [1, 2, 3], [1, 2], true, false],
    ['has a previous page after a cursor', { ...forward, after: three }, [4, 5], [4, 5], false, true],
    ['has a previous page after an offset', { ...forward, offset: 1 }, [2, 3, 4], [2, 3], true, true],
    ['past the end has a previous page, as far as known', { ...forward, offset: 9 }, [], [], false, true],
    ['has a next page before a cursor', { ...forward, before: nine }, [7, 8], [7, 8], true, false],
    [
      'without requested rows has a next page if there is a row',
      { ...forward, limit: 0 },
      [1],
      [],
      true,
      false,
    ],
    ['from the end has its rows in list order', backward, [9, 8], [8, 9], false, false],
    ['from the end has a previous page if there is one more row', backward, [9, 8, 7], [8, 9], false, true],
    [
      'from the end, before a cursor, has a next page',
      { ...backward, before: nine },
      [8, 7],
      [7, 8],
      true,
      false,
    ],
    [
      'from the end, after a cursor, has a previous page',
      { ...backward, after: three },
      [5, 4],
      [4, 5],
      false,
      true,
    ],
    ['from the end, without requested rows', { ...backward, limit: 0 }, [9], [], false, true],
  ])('%s', (_, window, fetched, rows, hasNext, hasPrevious) => {
    expect(toSlice(window, fetched)).toEqual({ rows, hasNext, hasPrevious });
  });

  test('the fetched list is not changed', () => {
    const fetched = [9, 8, 7];
    toSlice(backward, fetched);
    expect(fetched).toEqual([9, 8, 7]);
  });
});

/** A list of ids from 0, and the rows that a store would fetch from it for a window. */
function fetch(size: number, { after, before, fromEnd, offset, limit }: Window): number[] {
  const ids = Array.from({ length: size }, (_, id) => id);
  const between = ids.filter((id) => id > (after?.id ?? -1) && id < (before?.id ?? size));
  return (fromEnd ? between.reverse() : between).slice(offset, offset + limit + 1);
}

const requests = fc.nat(12).chain((size) => {
  const places = fc.uniqueArray(fc.nat(Math.max(size - 1, 0)), { maxLength: Math.min(size, 2) });
  return fc.record({
    size: fc.constant(size),
    places: places.map((list) => list.toSorted((a, b) => a - b)),
    side: fc.constantFrom('after', 'before'),
    count: fc.nat(14),
    fromEnd: fc.boolean(),
    offset: fc.nat(5),
  });
});

describe('for any list and window', () => {
  test('the slice equals the result of counting', () => {
    fc.assert(
      fc.property(requests, ({ size, places, side, count, fromEnd, offset }) => {
        const [low, high] = places.length === 2 ? places : side === 'after' ? places : [undefined, ...places];
        const window = pageWindow({
          ...(fromEnd ? { last: count } : { first: count, offset }),
          after: low === undefined ? null : cursor(low),
          before: high === undefined ? null : cursor(high),
        });
        const [start, end] = [low === undefined ? 0 : low + 1, high ?? size];
        // With an empty window, the offset cannot be checked by counting.
        fc.pre(start < end || window.offset === 0);

        const from = fromEnd ? Math.max(start, end - count) : Math.min(start + offset, end);
        const to = fromEnd ? end : Math.min(from + count, end);
        expect(toSlice(window, fetch(size, window))).toEqual({
          rows: Array.from({ length: to - from }, (_, index) => from + index),
          hasNext: to < size,
          hasPrevious: from > 0,
        });
      }),
      { numRuns: thorough(2000) },
    );
  });

  test('paging visits each row exactly once, in either direction', () => {
    fc.assert(
      fc.property(fc.nat(30), fc.integer({ min: 1, max: 7 }), fc.boolean(), (size, count, fromEnd) => {
        let met: number[] = [];
        let goesOn = true;
        for (let place: Cursor | null = null; goesOn; ) {
          const window: Window = pageWindow(
            fromEnd ? { last: count, before: place } : { first: count, after: place },
          );
          const { rows, hasNext, hasPrevious } = toSlice(window, fetch(size, window));
          met = fromEnd ? [...rows, ...met] : [...met, ...rows];
          goesOn = fromEnd ? hasPrevious : hasNext;
          if (goesOn) place = cursor(fromEnd ? rows[0]! : rows.at(-1)!);
        }
        expect(met).toEqual(fetch(size, { ...plain, limit: size }));
      }),
    );
  });
});
