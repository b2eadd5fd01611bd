import { join, type Sql, sql } from '../database/sql.ts';
import type { SearchQuery } from '../domain/search/search-query.ts';

/** A query as one condition: each of its own in parentheses, every value a parameter. */
export function matching<Condition>(
  query: SearchQuery<Condition>,
  sqlOf: (condition: Condition) => Sql,
): Sql {
  switch (query.kind) {
    case 'is':
      return sql`(${sqlOf(query.condition)})`;
    case 'not':
      // What is not known, such as who is behind an activity, is not what was asked for: `not null` would be null.
      return sql`(${matching(query.of, sqlOf)} is not true)`;
    default: {
      if (query.of.length === 0) return sql`${query.kind === 'all'}::boolean`;
      const parts = query.of.map((part) => matching(part, sqlOf));
      return sql`(${join(parts, query.kind === 'all' ? ' and ' : ' or ')})`;
    }
  }
}
