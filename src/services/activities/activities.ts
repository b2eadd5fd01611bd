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

/** A filter of activities whose search query is not parsed yet. */
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

    /** A page of each profile's runs, or of each run's executions. @throws Refusal INVALID_INPUT */
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

    /** The newest execution of each computer. Null if there is none that the caller can see. */
    async lastExecutionsOf(caller: Caller, computerIds: readonly number[]): Promise<(Activity | null)[]> {
      const scope = scopeOf(caller, 'ViewScriptProfile');
      const slices = await read.activities.pagesOf(scope, 'computerId', computerIds, {
        order: { field: 'CREATION_TIME', direction: 'DESC' },
        window: firstRows(1),
      });
      return slices.map(({ rows }) => rows[0] ?? null);
    },

    /** The first failed executions of each run. */
    failuresOf(caller: Caller, runIds: readonly number[], most: number) {
      authorise(caller, 'ViewScriptProfile');
      return read.activities.failuresOf(caller.accountId, runIds, most);
    },

    /** Statistics of each profile's runs within a period. @throws Refusal INVALID_INPUT */
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

    /** The newest run of each profile. */
    lastOf(caller: Caller, scriptProfileIds: readonly number[]) {
      return read.activities.lastOf(scopeOf(caller, 'ViewScriptProfile'), scriptProfileIds);
    },

    /** In the order of the ids. Undefined for an activity that the caller cannot see. */
    byIds(caller: Caller, ids: readonly number[]) {
      return read.activities.byIds(scopeOf(caller, 'ViewScriptProfile'), ids);
    },

    /** The output of each execution, or its first bytes. */
    async resultTexts(caller: Caller, ids: readonly number[], first?: number): Promise<(string | null)[]> {
      const scope = scopeOf(caller, 'ViewScriptProfile');
      const texts = await read.activities.resultTexts(scope, ids, first);
      return first === undefined ? texts : texts.map((text) => text && firstBytes(text, first));
    },

    /**
     * Cancels all activities that a query matches, or none. The query may match runs and single executions.
     * @throws Refusal INVALID_INPUT if the query is invalid, an activity has ended, or more than 1,000 match;
     * FORBIDDEN if the caller can see an activity, but not manage it
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
        // All runs are locked at once, in the order of their ids, which is the common lock order.
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
