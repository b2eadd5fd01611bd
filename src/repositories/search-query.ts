import { join, type Sql, sql } from '../database/sql.ts';
import type { SearchQuery } from '../domain/search/search-query.ts';

/** Converts a query to one condition. Each part is in parentheses, and every value is a parameter. */
export function matching<Condition>(
  query: SearchQuery<Condition>,
  sqlOf: (condition: Condition) => Sql,
): Sql {
  switch (query.kind) {
    case 'is':
      return sql`(${sqlOf(query.condition)})`;
    case 'not':
      // A missing value, such as an activity without a creator, does not match, so its negation must match. `not null`
      // would be null.
      return sql`(${matching(query.of, sqlOf)} is not true)`;
    default: {
      if (query.of.length === 0) return sql`${query.kind === 'all'}::boolean`;
      const parts = query.of.map((part) => matching(part, sqlOf));
      return sql`(${join(parts, query.kind === 'all' ? ' and ' : ' or ')})`;
    }
  }
}
