import { authorise, type Caller, Forbidden, listScope, scopeOf } from '../../domain/accounts/access.ts';
import type { Activity } from '../../domain/activities/activity.ts';
import { invalid, Refusal, show } from '../../domain/errors.ts';
import type { Entity } from '../../domain/event.ts';
import { firstRows } from '../../domain/page.ts';
import { isEmptyQuery } from '../../domain/search/search-query.ts';
import { activityQuery } from '../../domain/search/search-terms.ts';
import type { Repositories } from '../ports.ts';

/** More is a mistake rather than a wish. */
const MAX_CHOSEN = 1000;

export const asEntity = ({ id, summary }: Activity): Entity => ({ type: 'Activity', id, title: summary });

/**
 * The activities that a query asks for, the oldest first, all of which the caller may manage.
 * @throws Refusal FORBIDDEN; INVALID_INPUT where the query can't be read, or asks for more than a thousand
 */
export async function chosenActivities(
  tx: Repositories,
  caller: Caller,
  text: string,
): Promise<readonly Activity[]> {
  authorise(caller, 'ManageScriptProfile');
  const query = activityQuery(text);
  if (isEmptyQuery(query)) throw invalid('query', '', 'a query with at least one term');
  const seen = listScope(caller, 'ViewScriptProfile');
  const { rows } = await tx.activities.page(seen, {
    filter: { query },
    order: { field: 'CREATION_TIME', direction: 'ASC' },
    window: firstRows(MAX_CHOSEN),
  });
  await checkManaged(tx, caller, rows);
  const count = await tx.activities.count(seen, { query });
  if (count <= MAX_CHOSEN) return rows;
  throw invalid('query', `${count} activities`, `a query that matches at most ${MAX_CHOSEN} activities`);
}

/** @throws Refusal FORBIDDEN if the caller may not manage one of the activities */
export async function checkManaged(
  tx: Repositories,
  caller: Caller,
  activities: readonly Activity[],
): Promise<void> {
  const ids = activities.map(({ id }) => id);
  const managed = await tx.activities.byIds(scopeOf(caller, 'ManageScriptProfile'), ids);
  const other = activities.find((_, index) => !managed[index]);
  if (other) throw new Forbidden('ManageScriptProfile', asEntity(other));
}

/** One of the legacy API's lines for each activity that breaks the rule. @throws Refusal INVALID_INPUT */
export function checkEach(
  activities: readonly Activity[],
  field: string,
  { breaks, says, allowed }: { breaks(one: Activity): boolean; says(one: Activity): string; allowed: string },
): void {
  const wrong = activities.filter(breaks);
  if (wrong.length === 0) return;
  const lines = wrong.map((activity) => `activity ${activity.id} => ${says(activity)}`);
  throw new Refusal('INVALID_INPUT', lines.join('\n'), {
    field,
    found: show(wrong.map(({ id }) => id)),
    allowed,
  });
}
