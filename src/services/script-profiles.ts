import { authorise, type Caller } from '../domain/access.ts';
import { notFound, Refusal, show } from '../domain/errors.ts';
import { checkAssociation, checkPlace, type Limits } from '../domain/limits.ts';
import {
  archiveScriptProfile,
  associationTarget,
  checkDraft,
  createScriptProfile,
  editScriptProfile,
  type ScriptProfile,
  type ScriptProfileDraft,
  type ScriptProfileEdit,
} from '../domain/script-profile.ts';
import { endUndelivered } from './executions.ts';
import type { Listing, Repositories, ScriptProfileFilter, ScriptProfileOrderField, Store } from './ports.ts';

export function scriptProfileService(store: Store) {
  const { read } = store;
  return {
    page(caller: Caller, listing: Listing<ScriptProfileFilter, ScriptProfileOrderField>) {
      authorise(caller, 'ViewScriptProfile');
      return read.scriptProfiles.page(caller.accountId, listing);
    },

    count(caller: Caller, filter: ScriptProfileFilter) {
      authorise(caller, 'ViewScriptProfile');
      return read.scriptProfiles.count(caller.accountId, filter);
    },

    /** In the order of the ids; undefined where the caller sees none. */
    byIds(caller: Caller, ids: readonly number[]) {
      authorise(caller, 'ViewScriptProfile');
      return read.scriptProfiles.byIds(caller.accountId, ids);
    },

    countAssociated(caller: Caller, profiles: readonly ScriptProfile[]) {
      authorise(caller, 'ViewScriptProfile');
      return read.computers.countReached(caller.accountId, profiles.map(associationTarget));
    },

    /** @throws Refusal INVALID_INPUT, INVALID_CRON, SCRIPT_NOT_FOUND, SCRIPT_NOT_ACTIVE, TITLE_TAKEN, PROFILE_LIMIT, COMPUTER_LIMIT */
    create(caller: Caller, draft: ScriptProfileDraft): Promise<ScriptProfile> {
      return store.transaction(async (tx, now) => {
        const limits = await tx.limits.forUpdate(caller.accountId);
        const script = await tx.scripts.forUpdate(caller.accountId, draft.scriptId);
        authorise(caller, 'ManageScriptProfile', script?.accessGroup.id);
        const checked = checkDraft(draft);
        if (!script) throw scriptNotFound(draft.scriptId);
        const by = { id: caller.personId, name: caller.name, email: caller.email };
        const profile = createScriptProfile(checked, { script, by, at: now, limits });
        await checkTitle(tx, caller, profile.title);
        checkPlace(await tx.scriptProfiles.countActive(caller.accountId), limits);
        await checkReach(tx, caller, profile, limits);
        return { ...profile, id: await tx.scriptProfiles.insert(caller.accountId, profile) };
      });
    },

    /** @throws Refusal NOT_FOUND, PROFILE_ARCHIVED, INVALID_INPUT, INVALID_CRON, TRIGGER_KIND_FIXED, TITLE_TAKEN, COMPUTER_LIMIT */
    update(caller: Caller, id: number, edit: ScriptProfileEdit): Promise<ScriptProfile> {
      return store.transaction(async (tx, now) => {
        const limits = await tx.limits.forUpdate(caller.accountId);
        const profile = await lock(tx, caller, id);
        const edited = editScriptProfile(profile, edit, { at: now, limits });
        if (edited === profile) return profile;
        if (edited.title !== profile.title) await checkTitle(tx, caller, edited.title);
        if (edited.tags !== profile.tags || edited.allComputers !== profile.allComputers) {
          await checkReach(tx, caller, edited, limits);
        }
        await tx.scriptProfiles.save(caller.accountId, edited);
        return edited;
      });
    },

    /** Final; what was not delivered yet is canceled. @throws Refusal NOT_FOUND */
    archive(caller: Caller, id: number): Promise<ScriptProfile> {
      return store.transaction(async (tx, now) => {
        const profile = await lock(tx, caller, id);
        const archived = archiveScriptProfile(profile, now);
        if (archived === profile) return profile;
        await tx.scriptProfiles.save(caller.accountId, archived);
        await endUndelivered(tx, caller.accountId, [id], now);
        return archived;
      });
    },
  };
}

async function lock(tx: Repositories, caller: Caller, id: number): Promise<ScriptProfile> {
  const profile = await tx.scriptProfiles.forUpdate(caller.accountId, id);
  authorise(caller, 'ManageScriptProfile', profile?.accessGroup.id);
  if (!profile) throw notFound('script profile', id);
  return profile;
}

async function checkTitle(tx: Repositories, caller: Caller, title: string): Promise<void> {
  const holder = await tx.scriptProfiles.titleHolder(caller.accountId, title);
  if (!holder) return;
  const who = `the ${holder.archived ? 'archived' : 'active'} script profile ${holder.id}`;
  throw new Refusal(
    'TITLE_TAKEN',
    `A script profile with this title already exists: ${who}.${holder.archived ? ' The title of an archived profile cannot be reused.' : ''}`,
    {
      field: 'title',
      found: show(title),
      allowed: 'a title that no other script profile of the account has, archived ones included',
    },
  );
}

/** A profile of event kind waits for computers one by one: no bound on those that are there already. */
async function checkReach(
  tx: Repositories,
  caller: Caller,
  profile: Omit<ScriptProfile, 'id'>,
  limits: Limits,
): Promise<void> {
  const [associated = 0] = await tx.computers.countReached(caller.accountId, [associationTarget(profile)]);
  checkAssociation(associated, limits, profile.allComputers ? 'allComputers' : 'tags');
}

export const scriptNotFound = (id: unknown) =>
  new Refusal('SCRIPT_NOT_FOUND', 'The specified script does not exist.', {
    field: 'scriptId',
    found: show(id),
    allowed: 'the id of a script of the account',
  });
