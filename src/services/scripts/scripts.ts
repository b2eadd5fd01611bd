import {
  asPerson,
  authorise,
  type Caller,
  holds,
  listScope,
  scopeOf,
  treeScope,
} from '../../domain/accounts/access.ts';
import { ROOT_ACCESS_GROUP } from '../../domain/accounts/access-group.ts';
import { notFound, Refusal, show } from '../../domain/errors.ts';
import { changesBetween, type Entity } from '../../domain/event.ts';
import { checkExpected } from '../../domain/script-profiles/version.ts';
import {
  archiveScript,
  editScript,
  newScript,
  redactScript,
  type Script,
  type ScriptDraft,
  type ScriptEdit,
  type ScriptVersion,
} from '../../domain/scripts/script.ts';
import type { Instant } from '../../domain/time.ts';
import { type GroupRef, groupOf } from '../accounts/access-groups.ts';
import { cancelUndeliveredOfScript } from '../activities/executions.ts';
import { record } from '../event-log.ts';
import { idempotently, ofPerson } from '../idempotency.ts';
import type { Listing } from '../listing.ts';
import type { Repositories, Store, Transaction } from '../ports.ts';
import { saveArchived } from '../script-profiles/script-profiles.ts';
import type { ScriptFilter, ScriptOrderField, ScriptVersionOrderField, VersionKey } from './script-ports.ts';

export function scriptService(store: Store) {
  const { read } = store;
  return {
    page(caller: Caller, listing: Listing<ScriptFilter, ScriptOrderField>) {
      return read.scripts.page(listScope(caller, 'ViewScript'), listing);
    },

    count(caller: Caller, filter: ScriptFilter) {
      return read.scripts.count(listScope(caller, 'ViewScript'), filter);
    },

    /** In the order of the ids. Undefined for a script that the caller cannot see. */
    byIds(caller: Caller, ids: readonly number[]) {
      return read.scripts.byIds(scopeOf(caller, 'ViewScript'), ids);
    },

    /** A page of each script's versions. */
    versionsOf(
      caller: Caller,
      ids: readonly number[],
      listing: Omit<Listing<never, ScriptVersionOrderField>, 'filter'>,
    ) {
      return read.scriptVersions.pagesOf(scopeOf(caller, 'ViewScript'), ids, listing);
    },

    versionCountsOf(caller: Caller, ids: readonly number[]) {
      return read.scriptVersions.countsOf(scopeOf(caller, 'ViewScript'), ids);
    },

    /** @throws Refusal NOT_FOUND */
    async version(caller: Caller, id: number, number: number): Promise<ScriptVersion> {
      const version = await read.scriptVersions.byNumber(scopeOf(caller, 'ViewScript'), id, number);
      if (!version) throw notFound('version of the script', number, 'number');
      return version;
    },

    /**
     * The version that each execution ran. Undefined before delivery, and if the caller cannot see the
     * script.
     */
    versionsOfExecutions(caller: Caller, activityIds: readonly number[]) {
      return read.scriptVersions.ofExecutions(scopeOf(caller, 'ViewScript'), activityIds);
    },

    /** The code of each version. Empty if the version does not exist. */
    async codes(caller: Caller, versions: readonly VersionKey[]): Promise<string[]> {
      const codes = await read.scriptVersions.codes(scopeOf(caller, 'ViewScript'), versions);
      return codes.map((code) => code ?? '');
    },

    /**
     * A retry with the same key returns the same script in its current state.
     * @throws Refusal INVALID_INPUT, TITLE_TAKEN, IDEMPOTENCY_KEY_REUSED
     */
    create(
      caller: Caller,
      draft: ScriptDraft & { accessGroup?: GroupRef | null },
      key?: string | null,
    ): Promise<Script> {
      return store.transaction(async (tx, now) => {
        await tx.limits.forUpdate(caller.accountId);
        authorise(caller, 'ManageScript');
        const group = draft.accessGroup ?? ROOT_ACCESS_GROUP;
        const accessGroup = await groupOf(tx, treeScope(caller), group);
        authorise(caller, 'ManageScript', accessGroup.id);
        const attempt = { ...ofPerson(caller), mutation: 'createScript', key, input: draft };
        return idempotently(tx, now, attempt, {
          find: (id) => lockScript(tx, caller, id, 'ManageScript'),
          make: async () => {
            const script = newScript(draft, { accessGroup, by: asPerson(caller), at: now });
            await checkTitle(tx, caller, script.title);
            const made = { ...script, id: await tx.scripts.insert(caller.accountId, script) };
            record(tx, caller, now, {
              action: 'SCRIPT_CREATED',
              entity: asEntity(made),
              changes: changesBetween(null, shown(made), edited),
            });
            return made;
          },
        });
      });
    },

    /**
     * Edits a script. A change of the interpreter or the code creates a new version, which the script's
     * profiles run from then on.
     * @throws StaleVersion
     */
    edit(caller: Caller, id: number, edit: ScriptEdit, expectedVersion?: number | null): Promise<Script> {
      return store.transaction(async (tx, now) => {
        const script = await lockToChange(tx, caller, id, 'ManageScript');
        checkExpected('script', script, expectedVersion);
        const after = editScript(script, edit, { by: asPerson(caller), at: now });
        if (after === script) return script;
        if (after.title !== script.title) await checkTitle(tx, caller, after.title);
        await tx.scripts.save(caller.accountId, script, after);
        record(tx, caller, now, {
          action: 'SCRIPT_EDITED',
          entity: asEntity(script),
          changes: changesBetween(shown(script), shown(after), edited),
        });
        return after;
      });
    },

    /** Archives a script and its profiles permanently. Archiving again changes nothing. */
    archive(caller: Caller, id: number): Promise<Script> {
      return store.transaction(async (tx, now) => {
        const script = await lockToChange(tx, caller, id, 'ManageScript');
        const archived = archiveScript(script, { by: asPerson(caller), at: now });
        if (archived === script) return script;
        await tx.scripts.save(caller.accountId, script, archived);
        record(tx, caller, now, { action: 'SCRIPT_ARCHIVED', entity: asEntity(script) });
        await endRuns(tx, caller, id, now);
        return archived;
      });
    },

    /**
     * Redacts a script permanently: overwrites the code of all versions, deletes the attachments and archives
     * the profiles.
     */
    redact(caller: Caller, id: number): Promise<Script> {
      return store.transaction(async (tx, now) => {
        const script = await lockToChange(tx, caller, id, 'RedactScript');
        const redacted = redactScript(script, { by: asPerson(caller), at: now });
        if (redacted === script) return script;
        await tx.scripts.save(caller.accountId, script, redacted);
        await tx.scripts.overwriteVersions(caller.accountId, id, redacted);
        await tx.scriptAttachments.removeAll(caller.accountId, id);
        record(tx, caller, now, { action: 'SCRIPT_REDACTED', entity: asEntity(script) });
        await endRuns(tx, caller, id, now);
        return redacted;
      });
    },
  };
}

/**
 * Takes the account's lock before the script's lock. A transaction that creates a profile holds the account's
 * lock and reads the script without locking it. The script's lock serializes changes of attachments.
 */
async function lockToChange(
  tx: Repositories,
  caller: Caller,
  id: number,
  permission: 'ManageScript' | 'RedactScript',
): Promise<Script> {
  await tx.limits.forUpdate(caller.accountId);
  return lockScript(tx, caller, id, permission);
}

export async function lockScript(
  tx: Repositories,
  caller: Caller,
  id: number,
  permission: 'ManageScript' | 'RedactScript' | 'ManageScriptProfile',
  field = 'id',
): Promise<Script> {
  const script = await tx.scripts.forUpdate(scopeOf(caller, 'ViewScript'), id);
  if (!script) throw notFound('script', id, field);
  authorise(caller, permission, script.accessGroup.id, asEntity(script));
  return script;
}

/** Archives the script's profiles and cancels its undelivered executions. */
async function endRuns(tx: Transaction, caller: Caller, scriptId: number, at: Instant): Promise<void> {
  await cancelUndeliveredOfScript(tx, caller.accountId, scriptId, at);
  await saveArchived(tx, caller, await tx.scriptProfiles.ofScriptForUpdate(caller.accountId, scriptId), at);
}

async function checkTitle(tx: Repositories, caller: Caller, title: string): Promise<void> {
  const holder = await tx.scripts.titleHolder(caller.accountId, title);
  if (!holder) return;
  // Titles are unique in the account. The id of the other script is only shown to callers who can see it.
  const who = holds(caller, 'ViewScript', holder.accessGroupId)
    ? `: the ${holder.status.toLowerCase()} script ${holder.id}`
    : '';
  throw new Refusal('TITLE_TAKEN', `A script with this title already exists${who}.`, {
    field: 'title',
    found: show(title),
    allowed: 'a title that no other script of the account has, including archived ones',
  });
}

export const asEntity = ({ id, title }: Script): Entity => ({ type: 'Script', id, title });

/**
 * The code is left out, because versions can be redacted, but the event log cannot. The log contains the
 * version number instead.
 */
const edited = ['title', 'interpreter', 'versionNumber', 'timeLimit', 'username', 'accessGroup'] as const;
const shown = (script: Script) => ({ ...script, accessGroup: script.accessGroup.name });
