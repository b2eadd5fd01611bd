import { authorise, type Caller } from '../domain/access.ts';
import { ROOT_ACCESS_GROUP } from '../domain/access-group.ts';
import { notFound, Refusal, show } from '../domain/errors.ts';
import {
  archiveScript,
  editScript,
  newScript,
  redactScript,
  type Script,
  type ScriptDraft,
  type ScriptEdit,
} from '../domain/script.ts';
import { archiveScriptProfile } from '../domain/script-profile.ts';
import type { Instant } from '../domain/time.ts';
import { groupNamed } from './access-groups.ts';
import { endUndelivered } from './executions.ts';
import type { Listing, Repositories, ScriptFilter, ScriptOrderField, Store } from './ports.ts';

export function scriptService(store: Store) {
  const { read } = store;
  return {
    page(caller: Caller, listing: Listing<ScriptFilter, ScriptOrderField>) {
      authorise(caller, 'ViewScript');
      return read.scripts.page(caller.accountId, listing);
    },

    count(caller: Caller, filter: ScriptFilter) {
      authorise(caller, 'ViewScript');
      return read.scripts.count(caller.accountId, filter);
    },

    byIds(caller: Caller, ids: readonly number[]) {
      authorise(caller, 'ViewScript');
      return read.scripts.byIds(caller.accountId, ids);
    },

    /** @throws Refusal INVALID_INPUT, TITLE_TAKEN */
    create(caller: Caller, draft: ScriptDraft & { accessGroup?: string | null }): Promise<Script> {
      return store.transaction(async (tx, now) => {
        await tx.limits.forUpdate(caller.accountId);
        const accessGroup = await groupNamed(tx, caller, draft.accessGroup ?? ROOT_ACCESS_GROUP);
        authorise(caller, 'ManageScript', accessGroup.id);
        const script = newScript(draft, { accessGroup, by: asPerson(caller), at: now });
        await checkTitle(tx, caller, script.title);
        return { ...script, id: await tx.scripts.insert(caller.accountId, script) };
      });
    },

    /** An edit of what runs makes a new version, which the script's profiles run from then on. */
    edit(caller: Caller, id: number, edit: ScriptEdit): Promise<Script> {
      return store.transaction(async (tx, now) => {
        await tx.limits.forUpdate(caller.accountId);
        const script = await lock(tx, caller, id, 'ManageScript');
        const edited = editScript(script, edit, { by: asPerson(caller), at: now });
        if (edited === script) return script;
        if (edited.title !== script.title) await checkTitle(tx, caller, edited.title);
        await tx.scripts.save(caller.accountId, edited);
        return edited;
      });
    },

    /** Final, and archives its profiles. Archiving again changes nothing. */
    archive(caller: Caller, id: number): Promise<Script> {
      return store.transaction(async (tx, now) => {
        const script = await lock(tx, caller, id, 'ManageScript');
        const archived = archiveScript(script, { by: asPerson(caller), at: now });
        if (archived === script) return script;
        await tx.scripts.save(caller.accountId, archived);
        await archiveProfiles(tx, caller, id, now);
        return archived;
      });
    },

    /** Final: the code of all versions is overwritten, and its profiles are archived. */
    redact(caller: Caller, id: number): Promise<Script> {
      return store.transaction(async (tx, now) => {
        const script = await lock(tx, caller, id, 'RedactScript');
        const redacted = redactScript(script, { by: asPerson(caller), at: now });
        if (redacted === script) return script;
        await tx.scripts.save(caller.accountId, redacted);
        await tx.scripts.overwriteVersions(caller.accountId, id, redacted);
        await archiveProfiles(tx, caller, id, now);
        return redacted;
      });
    },
  };
}

async function lock(
  tx: Repositories,
  caller: Caller,
  id: number,
  permission: 'ManageScript' | 'RedactScript',
): Promise<Script> {
  const script = await tx.scripts.forUpdate(caller.accountId, id);
  authorise(caller, permission, script?.accessGroup.id);
  if (!script) throw notFound('script', id);
  return script;
}

async function archiveProfiles(
  tx: Repositories,
  caller: Caller,
  scriptId: number,
  at: Instant,
): Promise<void> {
  const profiles = await tx.scriptProfiles.ofScriptForUpdate(caller.accountId, scriptId);
  for (const profile of profiles) {
    await tx.scriptProfiles.save(caller.accountId, archiveScriptProfile(profile, at));
  }
  await endUndelivered(
    tx,
    caller.accountId,
    profiles.map(({ id }) => id),
    at,
  );
}

async function checkTitle(tx: Repositories, caller: Caller, title: string): Promise<void> {
  const holder = await tx.scripts.titleHolder(caller.accountId, title);
  if (!holder) return;
  throw new Refusal(
    'TITLE_TAKEN',
    `A script with this title already exists: the ${holder.status.toLowerCase()} script ${holder.id}.`,
    {
      field: 'title',
      found: show(title),
      allowed: 'a title that no other script of the account has, archived ones included',
    },
  );
}

const asPerson = ({ personId, name, email }: Caller) => ({ id: personId, name, email });
