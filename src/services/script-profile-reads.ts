import { type Caller, listScope, scopeOf } from '../domain/access.ts';
import { notFound } from '../domain/errors.ts';
import { associationTarget, type ScriptProfile } from '../domain/script-profile.ts';
import type { Listing, Store } from './ports.ts';
import type {
  ScriptProfileExtras,
  ScriptProfileFilter,
  ScriptProfileOrderField,
  WantedExtras,
  WantedOfPage,
} from './script-profile-ports.ts';

/** What can be fetched along with profiles. */
export type Extra = keyof WantedExtras;
/** And with a page of them. */
type OfPage = keyof WantedOfPage;

const wantedBy = (caller: Caller, extras: readonly OfPage[]): WantedExtras => ({
  ...(extras.includes('reached') && { reached: scopeOf(caller, 'ViewComputer') }),
  ...(extras.includes('lastActivity') && { lastActivity: scopeOf(caller, 'ViewScriptProfile') }),
});

/** What the script profiles' service answers, as far as it changes nothing. */
export const scriptProfileReads = (read: Store['read']) => ({
  page(
    caller: Caller,
    listing: Listing<ScriptProfileFilter, ScriptProfileOrderField>,
    extras: readonly OfPage[] = [],
  ) {
    return read.scriptProfiles.page(listScope(caller, 'ViewScriptProfile'), listing, {
      ...wantedBy(caller, extras),
      ...(extras.includes('total') && { total: true }),
    });
  },

  /** @throws Refusal NOT_FOUND */
  async one(caller: Caller, id: number, extras: readonly Extra[] = []) {
    const scope = scopeOf(caller, 'ViewScriptProfile');
    const found = await read.scriptProfiles.one(scope, id, wantedBy(caller, extras));
    if (!found) throw notFound('script profile', id);
    return found;
  },

  /** Those of a profile that the caller has; none where they see none. */
  async extrasOf(
    caller: Caller,
    { id }: ScriptProfile,
    extras: readonly Extra[],
  ): Promise<ScriptProfileExtras> {
    const scope = scopeOf(caller, 'ViewScriptProfile');
    const found = await read.scriptProfiles.one(scope, id, wantedBy(caller, extras));
    return { reached: found?.reached, lastActivity: found?.lastActivity };
  },

  /** A page of the profiles that run each script. */
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

  /** In the order of the ids; undefined where the caller sees none. */
  byIds(caller: Caller, ids: readonly number[]) {
    return read.scriptProfiles.byIds(scopeOf(caller, 'ViewScriptProfile'), ids);
  },

  /** How many computers each profile's next run reaches, and how many of them the caller sees. */
  countAssociated(caller: Caller, profiles: readonly ScriptProfile[]) {
    return read.computers.countReached(scopeOf(caller, 'ViewComputer'), profiles.map(associationTarget));
  },
});
