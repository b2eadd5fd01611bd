import { invalid } from '../domain/errors.ts';
import type { Answer } from './errors.ts';
import type { JsonObject, Query } from './request.ts';
import type { Parameters } from './route.ts';

const DEFAULT_LIMIT = 1000;
/** Maximum number of items on a page. A larger limit is reduced to it, and `next` leads to the rest. */
export const MAX_LIMIT = 10_000;
/**
 * Maximum bytes of long texts on a page, such as results and code. The page then ends early, and `next` leads to the
 * rest.
 */
export const MAX_TEXTS_BYTES = 16 * 1024 * 1024;
/** Maximum bytes of an answer. A page of long texts fits even if every character is escaped as six bytes. */
export const MAX_ANSWER_BYTES = 8 * MAX_TEXTS_BYTES;

export interface Paging {
  readonly limit: number;
  readonly offset: number;
}

/** @throws Refusal INVALID_INPUT */
export const pagingOf = (query: Query): Paging => ({
  limit: Math.min(wholeNumber(query, 'limit') ?? DEFAULT_LIMIT, MAX_LIMIT),
  offset: wholeNumber(query, 'offset', Number.MAX_SAFE_INTEGER) ?? 0,
});

function wholeNumber(query: Query, name: string, largest = Number.POSITIVE_INFINITY): number | undefined {
  const text = query.get(name);
  if (text === undefined) return undefined;
  if (!/^\d+$/.test(text) || Number(text) > largest) {
    throw invalid(
      name,
      text,
      `a whole number from 0${largest < Number.POSITIVE_INFINITY ? ` to ${largest}` : ''}`,
    );
  }
  return Number(text);
}

/**
 * Builds relative links from the caller's own path and query. Null at the ends of the list.
 * @param shown number of items on the page, which may be less than its limit
 */
export function links(query: Query, { limit, offset }: Paging, count: number, shown: number) {
  const to = (target: number) =>
    `${query.path}?${[...query.without('offset'), `offset=${target}`].join('&')}`;
  return {
    next: shown > 0 && offset + shown < count ? to(offset + shown) : null,
    previous: limit > 0 && offset > 0 ? to(Math.max(0, offset - limit)) : null,
  };
}

/** Variables of an operation with `$first: Int!, $offset: SafeInt!`. */
export function pageVariables({ query }: Pick<Parameters, 'query'>): JsonObject {
  const { limit, offset } = pagingOf(query);
  return { first: limit, offset };
}

type KeyOrder = 'results first' | 'count first';

/** Builds a page. The order of its keys differs between the parts of the legacy API. */
export function pageAnswer<Data, Shape>(
  { totalCount: count, nodes }: { totalCount: number; nodes: readonly Data[] },
  { query }: Pick<Parameters, 'query'>,
  shape: (data: Data) => Shape,
  order: KeyOrder,
): Answer {
  const results = nodes.map(shape);
  const ends = links(query, pagingOf(query), count, results.length);
  return {
    status: 200,
    body: order === 'count first' ? { count, results, ...ends } : { results, count, ...ends },
  };
}

/** Builds a page of a list that the graph returns whole. */
export function pageOfList<Data, Shape>(
  list: readonly Data[],
  request: Pick<Parameters, 'query'>,
  shape: (data: Data) => Shape,
): Answer {
  const { limit, offset } = pagingOf(request.query);
  const page = { totalCount: list.length, nodes: list.slice(offset, offset + limit) };
  return pageAnswer(page, request, shape, 'results first');
}
