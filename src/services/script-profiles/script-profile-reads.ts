import { type Caller, listScope, scopeOf } from '../../domain/accounts/access.ts';
import type { Activity } from '../../domain/activities/activity.ts';
import { notFound } from '../../domain/errors.ts';
import { associationTarget, type ScriptProfile } from '../../domain/script-profiles/script-profile.ts';
import type { Columns, Listing } from '../listing.ts';
import type { Store } from '../ports.ts';
import type {
  ScriptProfileExtras,
  ScriptProfileFilter,
  ScriptProfileOrderField,
  WantedExtras,
  WantedOfOne,
  WantedOfPage,
} from './script-profile-ports.ts';

/**
 * Extras to read together with profiles: the number of matching computers, and the last run or some of its
 * properties.
 */
export interface RequestedExtras {
  readonly reached?: boolean;
  readonly lastActivity?: { readonly columns?: Columns<Activity> };
}

const wantedBy = (caller: Caller, { reached, lastActivity }: RequestedExtras): WantedExtras => ({
  ...(reached && { reached: scopeOf(caller, 'ViewComputer') }),
  ...(lastActivity && { lastActivity: { scope: scopeOf(caller, 'ViewScriptProfile'), ...lastActivity } }),
});

/** The read-only methods of the script profile service. */
export const scriptProfileReads = (read: Store['read']) => ({
  page(
    caller: Caller,
    listing: Listing<ScriptProfileFilter, ScriptProfileOrderField>,
    { columns, total, ...along }: RequestedExtras & Pick<WantedOfPage, 'columns' | 'total'> = {},
  ) {
    const wanted = { columns, total, ...wantedBy(caller, along) };
    return read.scriptProfiles.page(listScope(caller, 'ViewScriptProfile'), listing, wanted);
  },

  /** @throws Refusal NOT_FOUND */
  async one(
    caller: Caller,
    id: number,
    { columns, ...along }: RequestedExtras & Pick<WantedOfOne, 'columns'> = {},
  ) {
    const scope = scopeOf(caller, 'ViewScriptProfile');
    const found = await read.scriptProfiles.one(scope, id, { columns, ...wantedBy(caller, along) });
    if (!found) throw notFound('script profile', id);
    return found;
  },

  /** The extras of a profile. Empty if the caller cannot see the profile. */
  async extrasOf(
    caller: Caller,
    { id }: ScriptProfile,
    asked: RequestedExtras,
  ): Promise<ScriptProfileExtras> {
    const scope = scopeOf(caller, 'ViewScriptProfile');
    const found = await read.scriptProfiles.one(scope, id, { columns: {}, ...wantedBy(caller, asked) });
    return found ? { reached: found.reached, lastActivity: found.lastActivity } : {};
  },

  /** A page of each script's profiles. */
  pagesOfScripts(
    caller: Caller,
    scriptIds: readonly number[],
    listing: Listing<ScriptProfileFilter, ScriptProfileOrderField>,
  ) {
    return read.scriptProfiles.pagesOfScripts(scopeOf(caller, 'ViewScriptProfile'), scriptIds, listing);
  },

  countsOfScripts(caller: Caller, scriptIds: readonly number[], filter: ScriptProfileFilter) {
    return read.scriptProfiles.countsOfScripts(scopeOf(caller, 'ViewScriptProfile'), scriptIds, filter);
  },

  /** In the order of the ids. Undefined for a profile that the caller cannot see. */
  byIds(caller: Caller, ids: readonly number[]) {
    return read.scriptProfiles.byIds(scopeOf(caller, 'ViewScriptProfile'), ids);
  },

  /**
   * For each profile: the number of computers that its next run matches, in total and visible to the caller.
   */
  countAssociated(caller: Caller, profiles: readonly ScriptProfile[]) {
    return read.computers.countReached(scopeOf(caller, 'ViewComputer'), profiles.map(associationTarget));
  },
});
