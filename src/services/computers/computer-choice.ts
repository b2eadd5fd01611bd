import { authorise, type Caller, type GroupPermission, listScope } from '../../domain/accounts/access.ts';
import { onlineSince } from '../../domain/computers/agent.ts';
import { invalid } from '../../domain/errors.ts';
import { firstRows } from '../../domain/page.ts';
import { isEmptyQuery, type SearchQuery } from '../../domain/search/search-query.ts';
import { type ComputerCondition, computerQuery, offlineSince } from '../../domain/search/search-terms.ts';
import type { Instant } from '../../domain/time.ts';
import type { Repositories } from '../ports.ts';

/** Computers by their ids, or the accepted ones that a search finds. */
export type ComputerChoice = readonly number[] | { readonly query: string };

/** More is a mistake rather than a wish. */
const MAX_CHOSEN = 1000;

/** @throws Refusal INVALID_INPUT if the query has no term */
export function queryWithTerm(text: string, now: Instant): SearchQuery<ComputerCondition> {
  const query = computerQuery(text);
  if (isEmptyQuery(query)) throw invalid('query', text, 'a query with at least one term');
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
    window: firstRows(MAX_CHOSEN),
  });
  const count = rows.length < MAX_CHOSEN ? rows.length : await tx.computers.count(scope, filter);
  if (count > MAX_CHOSEN)
    throw invalid('query', `${count} computers`, `a query that matches at most ${MAX_CHOSEN} computers`);
  return rows.map(({ id }) => id);
}
