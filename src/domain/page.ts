import { invalid, Refusal } from './errors.ts';

/** A position in a list: the sort key of a row as text, and its id as the tie-breaker. */
export interface Cursor {
  readonly key: string | null;
  readonly id: number;
}

/**
 * The paging arguments of a request. Clients that show page numbers use `offset`, the others use a cursor.
 */
export interface PageRequest {
  readonly first?: number | null;
  readonly after?: Cursor | null;
  readonly last?: number | null;
  readonly before?: Cursor | null;
  readonly offset?: number | null;
}

/** A checked page request: a number of rows between two cursors, counted from the start or from the end. */
export interface Window {
  readonly limit: number;
  readonly fromEnd: boolean;
  readonly offset: number;
  readonly after: Cursor | null;
  readonly before: Cursor | null;
}

export const firstRows = (limit: number): Window => ({
  limit,
  fromEnd: false,
  offset: 0,
  after: null,
  before: null,
});

/** The rows of a page, in list order. */
export interface Slice<Row> {
  readonly rows: readonly Row[];
  readonly hasNext: boolean;
  readonly hasPrevious: boolean;
}

export const DEFAULT_PAGE_SIZE = 50;
export const MAX_PAGE_SIZE = 1000;

/** PostgreSQL's OFFSET is a bigint, but a JavaScript number is exact only up to this value. */
const MAX_OFFSET = Number.MAX_SAFE_INTEGER;

/**
 * Converts both paging styles into one window. `first` and `last` are mutually exclusive.
 * @throws Refusal INVALID_INPUT
 */
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
 * Takes the page's rows from the fetched rows: up to the limit plus one, in the window's direction. The extra
 * row shows that the list continues in that direction. A cursor or an offset shows that it continues in the
 * other direction.
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
