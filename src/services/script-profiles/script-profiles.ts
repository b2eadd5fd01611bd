import { authorise, type Caller, scopeOf } from '../../domain/accounts/access.ts';
import type { Limits } from '../../domain/accounts/limits.ts';
import type { ScriptProfileChange } from '../../domain/change.ts';
import { notFound, Refusal } from '../../domain/errors.ts';
import { changesBetween, type Entity } from '../../domain/event.ts';
import { closeLedger } from '../../domain/schedule/firing.ts';
import type { SlotReason } from '../../domain/schedule/slot-ledger.ts';
import { aboutSource, duplicateDraft } from '../../domain/script-profiles/duplicate.ts';
import { pauseScriptProfile, resumeScriptProfile } from '../../domain/script-profiles/pausing.ts';
import {
  archiveScriptProfile,
  editableFields,
  editScriptProfile,
  type ScriptProfile,
  type ScriptProfileDraft,
  type ScriptProfileEdit,
} from '../../domain/script-profiles/script-profile.ts';
import type { TriggerDraft } from '../../domain/script-profiles/trigger.ts';
import { checkVersion } from '../../domain/script-profiles/version.ts';
import type { Instant } from '../../domain/time.ts';
import { cancelUndelivered } from '../activities/executions.ts';
import { record } from '../event-log.ts';
import { idempotently, ofPerson } from '../idempotency.ts';
import type { Repositories, Store, Transaction } from '../ports.ts';
import { checkEdited, checkNew, profileOf } from './script-profile-checks.ts';
import type { ScriptProfileWithExtras } from './script-profile-ports.ts';
import { scriptProfileReads } from './script-profile-reads.ts';

export function scriptProfileService(store: Store) {
  const { read } = store;
  return {
    ...scriptProfileReads(read),

    /**
     * A retry with the same key returns the same profile in its current state.
     * @throws Refusal INVALID_INPUT, INVALID_CRON, SCRIPT_NOT_FOUND, SCRIPT_NOT_ACTIVE, TITLE_TAKEN,
     * PROFILE_LIMIT, COMPUTER_LIMIT, IDEMPOTENCY_KEY_REUSED
     */
    create(caller: Caller, draft: ScriptProfileDraft, key?: string | null): Promise<ScriptProfileWithExtras> {
      return store.transaction(async (tx, now) => {
        const limits = await tx.limits.forUpdate(caller.accountId);
        const [script] = await tx.scripts.byIds(scopeOf(caller, 'ViewScript'), [draft.scriptId]);
        authorise(caller, 'ManageScriptProfile', script?.accessGroup.id);
        const attempt = { ...ofPerson(caller), mutation: 'createScriptProfile', key, input: draft };
        return idempotently(tx, now, attempt, {
          find: (id) => lockProfile(tx, caller, id),
          make: () =>
            insertNew(tx, caller, profileOf(caller, draft, { script, at: now, limits }), { limits, now }),
        });
      });
    },

    /**
     * Creates a copy of a profile, archived or not. A retry with the same key returns the same copy.
     * @throws Refusal NOT_FOUND, INVALID_INPUT, INVALID_CRON, SCRIPT_NOT_FOUND, SCRIPT_NOT_ACTIVE,
     * TITLE_TAKEN, PROFILE_LIMIT, COMPUTER_LIMIT, IDEMPOTENCY_KEY_REUSED
     */
    duplicate(
      caller: Caller,
      id: number,
      given: { title: string; trigger?: TriggerDraft | null },
      key?: string | null,
    ): Promise<ScriptProfileWithExtras> {
      return store.transaction(async (tx, now) => {
        const limits = await tx.limits.forUpdate(caller.accountId);
        const [source] = await tx.scriptProfiles.byIds(scopeOf(caller, 'ViewScriptProfile'), [id]);
        if (!source) throw notFound('script profile', id);
        const [script] = await tx.scripts.byIds(scopeOf(caller, 'ViewScript'), [source.scriptId]);
        authorise(caller, 'ManageScriptProfile', script?.accessGroup.id);
        const attempt = {
          ...ofPerson(caller),
          mutation: 'duplicateScriptProfile',
          key,
          input: { id, ...given },
        };
        return idempotently(tx, now, attempt, {
          find: (made) => lockProfile(tx, caller, made),
          make: async () => {
            const draft = duplicateDraft(source, given, now);
            try {
              const made = profileOf(caller, draft, { script, at: now, limits });
              return await insertNew(tx, caller, made, { limits, now });
            } catch (error) {
              throw error instanceof Refusal ? aboutSource(error) : error;
            }
          },
        });
      });
    },

    /**
     * @throws Refusal NOT_FOUND, PROFILE_ARCHIVED, INVALID_INPUT, INVALID_CRON, TRIGGER_KIND_FIXED,
     * TITLE_TAKEN, COMPUTER_LIMIT, VERSION_CLASH
     */
    update(
      caller: Caller,
      id: number,
      edit: ScriptProfileEdit,
      expectedVersion?: number | null,
    ): Promise<ScriptProfile> {
      return store.transaction(async (tx, now) => {
        const limits = await tx.limits.forUpdate(caller.accountId);
        const profile = await lockProfile(tx, caller, id);
        const change = (current: ScriptProfile) => editScriptProfile(current, edit, { at: now, limits });
        checkVersion(profile, expectedVersion, change);
        const after = change(profile);
        if (after === profile) return profile;
        await checkEdited(tx, caller, { before: profile, after, limits });
        if (after.arming !== profile.arming)
          await recordUnfiredSlots(tx, caller, profile, 'rescheduled', now);
        await saveAndAnnounce(tx, caller, { before: profile, after }, 'EDITED');
        record(tx, caller, now, {
          action: 'SCRIPT_PROFILE_EDITED',
          entity: asEntity(profile),
          changes: changesBetween(profile, after, editableFields),
        });
        return after;
      });
    },

    /**
     * Pauses a profile. No slot falls due until it is resumed.
     * @throws Refusal NOT_FOUND, PROFILE_ARCHIVED, INVALID_INPUT, VERSION_CLASH
     */
    pause(
      caller: Caller,
      id: number,
      note: string | null,
      expectedVersion?: number | null,
    ): Promise<ScriptProfile> {
      return store.transaction(async (tx, now) => {
        const profile = await lockProfile(tx, caller, id);
        const pause = (current: ScriptProfile) => pauseScriptProfile(current, note, now);
        checkVersion(profile, expectedVersion, pause);
        const paused = pause(profile);
        if (paused === profile) return profile;
        if (profile.pausedAt === null) await recordUnfiredSlots(tx, caller, profile, 'paused', now);
        await saveAndAnnounce(tx, caller, { before: profile, after: paused }, 'PAUSED');
        record(tx, caller, now, {
          action: 'SCRIPT_PROFILE_PAUSED',
          entity: asEntity(profile),
          changes: changesBetween(profile, paused, ['pauseNote']),
        });
        return paused;
      });
    },

    /**
     * Resumes a profile. Slots that passed during the pause are not made up.
     * @throws Refusal NOT_FOUND, PROFILE_ARCHIVED, VERSION_CLASH
     */
    resume(caller: Caller, id: number, expectedVersion?: number | null): Promise<ScriptProfile> {
      return store.transaction(async (tx, now) => {
        const profile = await lockProfile(tx, caller, id);
        const limits = await tx.limits.of(caller.accountId);
        const resume = (current: ScriptProfile) => resumeScriptProfile(current, { at: now, limits });
        checkVersion(profile, expectedVersion, resume);
        const resumed = resume(profile);
        if (resumed === profile) return profile;
        await recordUnfiredSlots(tx, caller, profile, 'paused', now);
        await saveAndAnnounce(tx, caller, { before: profile, after: resumed }, 'RESUMED');
        record(tx, caller, now, { action: 'SCRIPT_PROFILE_RESUMED', entity: asEntity(profile) });
        return resumed;
      });
    },

    /**
     * Archives a profile permanently. Its undelivered executions are canceled. @throws Refusal NOT_FOUND,
     * VERSION_CLASH
     */
    archive(caller: Caller, id: number, expectedVersion?: number | null): Promise<ScriptProfile> {
      return store.transaction(async (tx, now) => {
        const profile = await lockProfile(tx, caller, id);
        checkVersion(profile, expectedVersion, (current) => archiveScriptProfile(current, now));
        const archived = archiveScriptProfile(profile, now);
        if (archived === profile) return profile;
        await saveArchived(tx, caller, [profile], now);
        return archived;
      });
    },
  };
}

async function insertNew(
  tx: Transaction,
  caller: Caller,
  made: Omit<ScriptProfile, 'id'>,
  { limits, now }: { limits: Limits; now: Instant },
): Promise<ScriptProfileWithExtras> {
  const known = await checkNew(tx, caller, made, limits);
  const profile = { id: await tx.scriptProfiles.insert(caller.accountId, made), ...made };
  tx.announce({ kind: 'scriptProfile', accountId: caller.accountId, id: profile.id, change: 'CREATED' });
  if (profile.nextRun !== null) tx.wakeClocks();
  record(tx, caller, now, {
    action: 'SCRIPT_PROFILE_CREATED',
    entity: asEntity(profile),
    changes: changesBetween(null, profile, ['scriptId', ...editableFields]),
  });
  return { ...profile, ...known };
}

/** Archives locked profiles. Due slots are skipped, and undelivered executions are canceled. */
export async function saveArchived(
  tx: Transaction,
  caller: Caller,
  profiles: readonly ScriptProfile[],
  at: Instant,
): Promise<void> {
  for (const profile of profiles) {
    await recordUnfiredSlots(tx, caller, profile, 'archived', at);
    await tx.scriptProfiles.save(caller.accountId, profile, archiveScriptProfile(profile, at));
    tx.announce({
      kind: 'scriptProfile',
      accountId: caller.accountId,
      id: profile.id,
      change: 'ARCHIVED',
    });
  }
  const ids = profiles.map(({ id }) => id);
  await cancelUndelivered(tx, caller.accountId, ids, at);
  const deeds = profiles.map((profile) => ({
    action: 'SCRIPT_PROFILE_ARCHIVED' as const,
    entity: asEntity(profile),
  }));
  record(tx, caller, at, ...deeds);
}

/** Closes the ledger at the end of a trigger or of a pause. */
const recordUnfiredSlots = (
  tx: Transaction,
  { accountId }: Caller,
  profile: ScriptProfile,
  reason: SlotReason,
  at: Instant,
): Promise<void> => tx.runs.enterSlots(accountId, profile.id, closeLedger(profile, reason, at), null);

/** Saves a profile, publishes the change and wakes the schedulers, because a run may fall due earlier. */
async function saveAndAnnounce(
  tx: Transaction,
  { accountId }: Caller,
  { before, after }: { before: ScriptProfile; after: ScriptProfile },
  change: ScriptProfileChange,
): Promise<void> {
  await tx.scriptProfiles.save(accountId, before, after);
  tx.announce({ kind: 'scriptProfile', accountId, id: after.id, change });
  if (after.nextRun !== null) tx.wakeClocks();
}

/**
 * Locks a profile that the caller may change until the transaction ends.
 * @throws Refusal NOT_FOUND if the caller cannot see the profile, FORBIDDEN if they cannot manage it
 */
export async function lockProfile(tx: Repositories, caller: Caller, id: number): Promise<ScriptProfile> {
  const profile = await tx.scriptProfiles.forUpdate(scopeOf(caller, 'ViewScriptProfile'), id);
  if (!profile) throw notFound('script profile', id);
  authorise(caller, 'ManageScriptProfile', profile.accessGroup.id, asEntity(profile));
  return profile;
}

export const asEntity = ({ id, title }: Pick<ScriptProfile, 'id' | 'title'>): Entity => ({
  type: 'ScriptProfile',
  id,
  title,
});
