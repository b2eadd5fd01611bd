import { type Reading, type Term, type Token, tokensOf, unexpected } from './search-tokens.ts';

/**
 * What people write into a search box, for computers and for activities alike:
 *
 *     query  = [ group { [ "AND" ] group } ]       all of them; an empty query is true of everything
 *     group  = factor { "OR" factor }              any of them
 *     factor = { "NOT" } ( term | "(" query ")" )
 *     term   = [ name ":" [ spaces ] ] value       a term without a name is a keyword
 *     name   = letter { letter | "-" }             in any case
 *     value  = word | quoted
 *     word   = one or more characters, none of them a space, `"`, `(` or `)`
 *     quoted = `"` { character | `\"` | `\\` } `"`
 *
 * `OR` binds tighter than what stands side by side, as existing clients expect: `appserver tag:a OR tag:b` is
 * `appserver`, and one of the tags. AND, OR and NOT are in capitals; in quotes they are words like any other.
 * What names there are, and what their values may be, is the vocabulary's to say: see search-terms.ts.
 */
export type SearchQuery<Condition> =
  | { readonly kind: 'all' | 'any'; readonly of: readonly SearchQuery<Condition>[] }
  | { readonly kind: 'not'; readonly of: SearchQuery<Condition> }
  | { readonly kind: 'is'; readonly condition: Condition };

/**
 * Whether the query has no term, so that it matches everything. A list may be searched so, but a caller who changes what
 * such a search finds does not mean it.
 */
export const isEmptyQuery = (query: SearchQuery<unknown>): boolean =>
  query.kind === 'all' && query.of.length === 0;

/** Of parentheses and NOTs within each other: nobody reads more, and what follows them has a stack. */
const DEEPEST = 20;

/** @throws Refusal INVALID_INPUT, which says where the query breaks, what stands there and what is allowed */
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
    if (!term && depth > DEEPEST)
      throw unexpected(reading, start, kind, `at most ${DEEPEST} nested parentheses and NOTs`);
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

/** The query with each term read into what it asks for. */
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
