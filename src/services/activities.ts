import { authorise, type Caller } from '../domain/access.ts';
import type { ActivityFilter, ActivityOrderField, ActivityOwner, Listing, Store } from './ports.ts';

export function activityService({ read }: Store) {
  return {
    page(caller: Caller, listing: Listing<ActivityFilter, ActivityOrderField>) {
      authorise(caller, 'ViewScriptProfile');
      return read.activities.page(caller.accountId, listing);
    },

    count(caller: Caller, filter: ActivityFilter) {
      authorise(caller, 'ViewScriptProfile');
      return read.activities.count(caller.accountId, filter);
    },

    /** A page of each profile's parents, or of each parent's children. */
    pagesOf(
      caller: Caller,
      owner: ActivityOwner,
      ids: readonly number[],
      listing: Omit<Listing<never, ActivityOrderField>, 'filter'>,
    ) {
      authorise(caller, 'ViewScriptProfile');
      return read.activities.pagesOf(caller.accountId, owner, ids, listing);
    },

    countsOf(caller: Caller, owner: ActivityOwner, ids: readonly number[]) {
      authorise(caller, 'ViewScriptProfile');
      return read.activities.countsOf(caller.accountId, owner, ids);
    },

    /** The newest parent of each profile. */
    lastOf(caller: Caller, scriptProfileIds: readonly number[]) {
      authorise(caller, 'ViewScriptProfile');
      return read.activities.lastOf(caller.accountId, scriptProfileIds);
    },

    byIds(caller: Caller, ids: readonly number[]) {
      authorise(caller, 'ViewScriptProfile');
      return read.activities.byIds(caller.accountId, ids);
    },
  };
}
