import { invalid, Refusal } from './errors.ts';

/** A place in a list: the sort key of a row, as text, and its id to break ties. */
export interface Cursor {
  readonly key: string | null;
  readonly id: number;
}

/** What a caller asks of a list. Page-number clients say `offset`, the others keep a cursor. */
export interface PageRequest {
  readonly first?: number | null;
  readonly after?: Cursor | null;
  readonly last?: number | null;
  readonly before?: Cursor | null;
  readonly offset?: number | null;
}

/** The same, checked: so many rows between two cursors, counted from the start or from the end. */
export interface Window {
  readonly limit: number;
  readonly fromEnd: boolean;
  readonly offset: number;
  readonly after: Cursor | null;
  readonly before: Cursor | null;
}

/** The first rows of a list. */
export const firstRows = (limit: number): Window => ({
  limit,
  fromEnd: false,
  offset: 0,
  after: null,
  before: null,
});

/** What came back, in list order. */
export interface Slice<Row> {
  readonly rows: readonly Row[];
  readonly hasNext: boolean;
  readonly hasPrevious: boolean;
}

export const DEFAULT_PAGE_SIZE = 50;
export const MAX_PAGE_SIZE = 1000;

/** PostgreSQL's OFFSET is a bigint; a JavaScript number is exact up to here. */
const MAX_OFFSET = Number.MAX_SAFE_INTEGER;

/** Both paging styles reduce to one window. `first` and `last` exclude each other. */
export function pageWindow(request: PageRequest, largest = MAX_PAGE_SIZE): Window {
  const { first, last, offset } = request;
  if (first != null && last != null) {
    throw new Refusal('INVALID_INPUT', 'last cannot be combined with first; found both.', {
      field: 'last',
      found: String(last),
      allowed: 'omitted if `first` is given',
    });
  }
  within('first', first, largest);
  within('last', last, largest);
  within('offset', offset, MAX_OFFSET);
  if (last != null && offset) throw invalid('offset', offset, 'omitted if `last` is given');
  return {
    limit: first ?? last ?? Math.min(DEFAULT_PAGE_SIZE, largest),
    fromEnd: last != null,
    offset: offset ?? 0,
    after: request.after ?? null,
    before: request.before ?? null,
  };
}

function within(field: string, value: number | null | undefined, largest: number): void {
  if (value == null) return;
  if (!Number.isSafeInteger(value) || value < 0 || value > largest) {
    throw invalid(field, value, `a whole number from 0 to ${largest}`);
  }
}

/**
 * Cuts the slice out of what was fetched: the window's limit and one row more, in the window's direction.
 * That extra row tells whether the list goes on there; so does a cursor, on its side, and an offset behind.
 */
export function toSlice<Row>(window: Window, fetched: readonly Row[]): Slice<Row> {
  const goesOn = fetched.length > window.limit;
  const rows = fetched.slice(0, window.limit);
  return window.fromEnd
    ? {
        rows: rows.reverse(),
        hasNext: window.before !== null,
        hasPrevious: goesOn || window.after !== null,
      }
    : {
        rows,
        hasNext: goesOn || window.before !== null,
        hasPrevious: window.after !== null || window.offset > 0,
      };
}
