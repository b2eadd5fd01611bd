import fc from 'fast-check';
import type { SearchQuery } from '../../src/domain/search/search-query.ts';

/** A term in written form: its name, or null for a keyword, and its value. */
export interface WrittenTerm {
  readonly name: string | null;
  readonly value: string;
}

export type WrittenQuery = SearchQuery<WrittenTerm>;

/** Prints a query, with parentheses wherever they may matter and quotes wherever they are required. */
export function print(query: WrittenQuery): string {
  switch (query.kind) {
    case 'is': {
      const { name, value } = query.condition;
      const isPlain = /^[^\s"()]+$/.test(value) && !/^(AND|OR|NOT)$|:/.test(value);
      const text = isPlain ? value : `"${value.replaceAll(/["\\]/g, '\\$&')}"`;
      return name === null ? text : `${name}:${text}`;
    }
    case 'not':
      return `NOT ${part(query.of)}`;
    default:
      return query.of.map(part).join(query.kind === 'any' ? ' OR ' : ' ');
  }
}

const part = (query: WrittenQuery) => (query.kind === 'is' ? print(query) : `(${print(query)})`);

/** Generates trees in the parser's form: a list has at least two items. */
export function queries(terms: fc.Arbitrary<WrittenTerm>): fc.Arbitrary<WrittenQuery> {
  const { query } = fc.letrec<{ query: WrittenQuery }>((tie) => ({
    query: fc.oneof(
      { maxDepth: 4, withCrossShrink: true },
      terms.map((condition): WrittenQuery => ({ kind: 'is', condition })),
      tie('query').map((of): WrittenQuery => ({ kind: 'not', of })),
      fc
        .tuple(
          fc.constantFrom('all' as const, 'any' as const),
          fc.array(tie('query'), { minLength: 2, maxLength: 4 }),
        )
        .map(([kind, of]): WrittenQuery => ({ kind, of })),
    ),
  }));
  return query;
}
