import { authorise, type Caller, listScope, scopeOf } from '../../domain/accounts/access.ts';
import { type Activity, isFinal, undeliveredStatuses } from '../../domain/activities/activity.ts';
import {
  type RunStatistics,
  type StatisticsRange,
  statisticsOf,
  statisticsPeriod,
} from '../../domain/activities/run-statistics.ts';
import { firstRows } from '../../domain/page.ts';
import { activityQuery } from '../../domain/search/search-terms.ts';
import { readingOf } from '../../domain/search/search-tokens.ts';
import { firstBytes } from '../../domain/text.ts';
import { record } from '../event-log.ts';
import type { Listing } from '../listing.ts';
import type { Store } from '../ports.ts';
import { asEntity, checkEach, chosenActivities } from './activity-choice.ts';
import type { ActivityFilter, ActivityOrderField, ActivityOwner } from './activity-ports.ts';
import { changeExecutions } from './executions.ts';
import type { RunState } from './run-ports.ts';

/** Which activities to list, with the search query as it was written. */
export type ActivitySearch = Omit<ActivityFilter, 'query'> & { readonly query?: string | null };

/** @throws Refusal INVALID_INPUT */
const filterOf = ({ query, ...filter }: ActivitySearch): ActivityFilter => ({
  ...filter,
  query: query == null ? null : activityQuery(query, readingOf('filter.query')),
});

export function activityService(store: Store) {
  const { read } = store;
  return {
    /** @throws Refusal FORBIDDEN, then INVALID_INPUT */
    page(caller: Caller, listing: Listing<ActivitySearch, ActivityOrderField>) {
      const scope = listScope(caller, 'ViewScriptProfile');
      return read.activities.page(scope, { ...listing, filter: filterOf(listing.filter) });
    },

    /** @throws Refusal FORBIDDEN, then INVALID_INPUT */
    count(caller: Caller, search: ActivitySearch) {
      const scope = listScope(caller, 'ViewScriptProfile');
      return read.activities.count(scope, filterOf(search));
    },

    /** A page of each profile's parents, or of each parent's children. @throws Refusal INVALID_INPUT */
    async pagesOf(
      caller: Caller,
      owner: ActivityOwner,
      ids: readonly number[],
      {
        filter = {},
        ...listing
      }: Omit<Listing<never, ActivityOrderField>, 'filter'> & { filter?: ActivitySearch },
    ) {
      const scope = scopeOf(caller, 'ViewScriptProfile');
      return read.activities.pagesOf(scope, owner, ids, { ...listing, filter: filterOf(filter) });
    },

    async countsOf(caller: Caller, owner: ActivityOwner, ids: readonly number[], search: ActivitySearch) {
      const scope = scopeOf(caller, 'ViewScriptProfile');
      return read.activities.countsOf(scope, owner, ids, filterOf(search));
    },

    /** The newest execution of each computer; null before the first, and for a caller who sees none. */
    async lastExecutionsOf(caller: Caller, computerIds: readonly number[]): Promise<(Activity | null)[]> {
      const scope = scopeOf(caller, 'ViewScriptProfile');
      const slices = await read.activities.pagesOf(scope, 'computerId', computerIds, {
        order: { field: 'CREATION_TIME', direction: 'DESC' },
        window: firstRows(1),
      });
      return slices.map(({ rows }) => rows[0] ?? null);
    },

    /** The first executions of each run that failed. */
    failuresOf(caller: Caller, runIds: readonly number[], most: number) {
      authorise(caller, 'ViewScriptProfile');
      return read.activities.failuresOf(caller.accountId, runIds, most);
    },

    /** How each profile's runs of some time went. @throws Refusal INVALID_INPUT */
    async statisticsOf(
      caller: Caller,
      scriptProfileIds: readonly number[],
      asked: StatisticsRange,
    ): Promise<RunStatistics[]> {
      authorise(caller, 'ViewScriptProfile');
      return store.transaction(async (tx, now) => {
        const period = statisticsPeriod(asked, now);
        const counted = await tx.activities.runTotalsOf(caller.accountId, scriptProfileIds, period);
        return counted.map((each) => statisticsOf(period, each));
      });
    },

    /** The newest parent of each profile. */
    lastOf(caller: Caller, scriptProfileIds: readonly number[]) {
      return read.activities.lastOf(scopeOf(caller, 'ViewScriptProfile'), scriptProfileIds);
    },

    /** In the order of the ids; undefined where the caller sees none. */
    byIds(caller: Caller, ids: readonly number[]) {
      return read.activities.byIds(scopeOf(caller, 'ViewScriptProfile'), ids);
    },

    /** What they say, or the beginning of it, of so many bytes. */
    async resultTexts(caller: Caller, ids: readonly number[], first?: number): Promise<(string | null)[]> {
      const scope = scopeOf(caller, 'ViewScriptProfile');
      const texts = await read.activities.resultTexts(scope, ids, first);
      return first === undefined ? texts : texts.map((text) => text && firstBytes(text, first));
    },

    /**
     * Cancels whatever a query asks for, all or none: runs, and executions by themselves.
     * @throws Refusal INVALID_INPUT where the query can't be read, one of them is over, or there are more than a
     * thousand; FORBIDDEN where one may be seen, and not canceled
     */
    cancelAll(caller: Caller, text: string): Promise<Activity[]> {
      return store.transaction(async (tx, now) => {
        const { accountId } = caller;
        const rows = await chosenActivities(tx, caller, text);
        checkEach(rows, 'query', {
          breaks: ({ status }) => isFinal(status),
          says: ({ status }) => `The activity is already ${status}.`,
          allowed: 'activities that have not ended',
        });
        const all = rows.map(({ id }) => id);
        const wholeRuns = rows.filter(({ parentId }) => parentId === null).map(({ id }) => id);
        const parts = rows.filter(({ parentId }) => parentId !== null && !wholeRuns.includes(parentId));
        const open = [...undeliveredStatuses, 'delivered' as const];
        // All of them at once, in the order of their ids, as everybody locks runs.
        const runIds = [...wholeRuns, ...parts.map(({ parentId }) => parentId!)];
        const runs = await tx.executions.lockRuns(accountId, { runIds, in: open });
        const change = { status: 'canceled', completionTime: now } as const;
        const isWhole = ({ id }: RunState) => wholeRuns.includes(id);
        const runsThemselves = { runIds: wholeRuns, in: open };
        await changeExecutions(tx, accountId, runs.filter(isWhole), runsThemselves, change, now);
        const ids = parts.map(({ id }) => id);
        const others = runs.filter((run) => !isWhole(run));
        await changeExecutions(tx, accountId, others, { ids, in: open }, change, now);
        const deeds = rows.map((row) => ({ action: 'ACTIVITY_CANCELED' as const, entity: asEntity(row) }));
        record(tx, caller, now, ...deeds);
        return (await tx.activities.byIds(scopeOf(caller, 'ViewScriptProfile'), all)).flatMap(
          (activity) => activity ?? [],
        );
      });
    },
  };
}
