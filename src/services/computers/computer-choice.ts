import { authorise, type Caller, type GroupPermission, listScope } from '../../domain/accounts/access.ts';
import { onlineSince } from '../../domain/computers/agent.ts';
import { invalid } from '../../domain/errors.ts';
import type { SearchQuery } from '../../domain/search/search-query.ts';
import { type ComputerCondition, computerQuery, offlineSince } from '../../domain/search/search-terms.ts';
import type { Instant } from '../../domain/time.ts';
import type { Repositories } from '../ports.ts';

/** Computers by their ids, or the accepted ones that a search finds. */
export type ComputerChoice = readonly number[] | { readonly query: string };

/** More is a mistake rather than a wish. */
const MAX_CHOSEN = 1000;

/** A list searched for nothing shows all; a caller who changes what such a search finds does not mean that. */
export function queryWithTerm(text: string, now: Instant): SearchQuery<ComputerCondition> {
  const query = computerQuery(text);
  if (query.kind === 'all' && query.of.length === 0) throw invalid('query', text, 'a query with a term');
  return offlineSince(query, onlineSince(now));
}

/** @throws Refusal FORBIDDEN, then INVALID_INPUT */
export async function chosenIds(
  tx: Repositories,
  caller: Caller,
  choice: ComputerChoice,
  permission: GroupPermission,
  now: Instant,
): Promise<readonly number[]> {
  if (!('query' in choice)) return choice;
  authorise(caller, permission);
  const filter = { statuses: ['accepted'] as const, query: queryWithTerm(choice.query, now) };
  const scope = listScope(caller, 'ViewComputer');
  const { rows } = await tx.computers.page(scope, {
    filter,
    order: { field: 'ID', direction: 'ASC' },
    window: { limit: MAX_CHOSEN, fromEnd: false, offset: 0, after: null, before: null },
  });
  const count = rows.length < MAX_CHOSEN ? rows.length : await tx.computers.count(scope, filter);
  if (count > MAX_CHOSEN)
    throw invalid('query', `${count} computers`, `a query that asks for at most ${MAX_CHOSEN} computers`);
  return rows.map(({ id }) => id);
}
