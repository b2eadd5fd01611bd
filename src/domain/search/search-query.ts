import { type Reading, type Term, type Token, tokensOf, unexpected } from './search-tokens.ts';

/**
 * The query language of the search boxes for computers and activities:
 *
 *     query  = [ group { [ "AND" ] group } ]       all groups match; an empty query matches everything
 *     group  = factor { "OR" factor }              at least one factor matches
 *     factor = { "NOT" } ( term | "(" query ")" )
 *     term   = [ name ":" [ spaces ] ] value       a term without a name is a keyword
 *     name   = letter { letter | "-" }             in any case
 *     value  = word | quoted
 *     word   = one or more characters, none of them a space, `"`, `(` or `)`
 *     quoted = `"` { character | `\"` | `\\` } `"`
 *
 * `OR` binds more tightly than adjacency, as existing clients expect. `appserver tag:a OR tag:b` matches
 * `appserver` and one of the tags. AND, OR and NOT must be upper case. In quotes they are ordinary words. The
 * vocabularies in search-terms.ts define the names and their values.
 */
export type SearchQuery<Condition> =
  | { readonly kind: 'all' | 'any'; readonly of: readonly SearchQuery<Condition>[] }
  | { readonly kind: 'not'; readonly of: SearchQuery<Condition> }
  | { readonly kind: 'is'; readonly condition: Condition };

/**
 * Whether the query has no term and therefore matches everything. Lists accept such a query. Bulk changes
 * reject it, because it is probably a mistake.
 */
export const isEmptyQuery = (query: SearchQuery<unknown>): boolean =>
  query.kind === 'all' && query.of.length === 0;

/** Maximum nesting of parentheses and NOTs, which bounds recursion. */
const MAX_DEPTH = 20;

/** @throws Refusal INVALID_INPUT, which states the position, what was found there and what is expected */
export function parseSearchQuery(text: string, reading: Reading): SearchQuery<Term> {
  const tokens = tokensOf(text, reading);
  const end: Token = { kind: 'end', start: text.length };
  let position = 0;
  const ahead = () => tokens[position] ?? end;
  const wants = (allowed: string) => {
    const { kind, start, term } = ahead();
    return unexpected(reading, start, kind === 'end' ? undefined : (term?.value ?? kind), allowed);
  };

  const query = (depth: number): SearchQuery<Term> => {
    const groups = startsFactor(ahead()) ? [group(depth)] : [];
    while (groups.length > 0 && (startsFactor(ahead()) || ahead().kind === 'AND')) {
      if (ahead().kind === 'AND') position += 1;
      groups.push(group(depth));
    }
    return single('all', groups);
  };

  const group = (depth: number): SearchQuery<Term> => {
    const factors = [factor(depth)];
    while (ahead().kind === 'OR') {
      position += 1;
      factors.push(factor(depth));
    }
    return single('any', factors);
  };

  const factor = (depth: number): SearchQuery<Term> => {
    const { kind, term, start } = ahead();
    if (!startsFactor(ahead())) throw wants('a term, NOT or an opening parenthesis');
    if (!term && depth > MAX_DEPTH)
      throw unexpected(reading, start, kind, `at most ${MAX_DEPTH} nested parentheses and NOTs`);
    position += 1;
    if (term) return { kind: 'is', condition: term };
    if (kind === 'NOT') return { kind: 'not', of: factor(depth + 1) };
    if (!startsFactor(ahead())) throw wants('a term, NOT or an opening parenthesis');
    const inner = query(depth + 1);
    if (ahead().kind !== ')') throw wants('a term, AND, OR or a closing parenthesis');
    position += 1;
    return inner;
  };

  const whole = query(1);
  if (ahead() !== end)
    throw wants(
      tokens.length > 0 && position > 0 ? 'a term, AND or OR' : 'a term, NOT or an opening parenthesis',
    );
  return whole;
}

/** Converts the condition of each term. */
export function mapSearchQuery<From, To>(
  query: SearchQuery<From>,
  read: (condition: From) => To,
): SearchQuery<To> {
  switch (query.kind) {
    case 'is':
      return { kind: 'is', condition: read(query.condition) };
    case 'not':
      return { kind: 'not', of: mapSearchQuery(query.of, read) };
    default:
      return { kind: query.kind, of: query.of.map((part) => mapSearchQuery(part, read)) };
  }
}

const startsFactor = ({ kind }: Token) => kind === 'term' || kind === 'NOT' || kind === '(';

const single = (kind: 'all' | 'any', parts: readonly SearchQuery<Term>[]): SearchQuery<Term> =>
  parts.length === 1 ? parts[0]! : { kind, of: parts };
