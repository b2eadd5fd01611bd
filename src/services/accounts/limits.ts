import { authorise, type Caller } from '../../domain/accounts/access.ts';
import { checkLimits, type Limits, type VersionedLimits } from '../../domain/accounts/limits.ts';
import { withoutNulls } from '../../domain/edit.ts';
import { changesBetween } from '../../domain/event.ts';
import { respace } from '../../domain/script-profiles/script-profile.ts';
import { checkExpected } from '../../domain/script-profiles/version.ts';
import { accountEntity, record } from '../event-log.ts';
import type { Store } from '../ports.ts';

export type LimitsEdit = { readonly [Field in keyof Limits]?: number | null };

export function limitsService(store: Store) {
  return {
    get(caller: Caller): Promise<VersionedLimits> {
      authorise(caller, 'ViewScriptProfile');
      return store.read.limits.of(caller.accountId);
    },

    /** The used part of the limits. */
    async used(caller: Caller): Promise<{ profiles: number; computers: number }> {
      authorise(caller, 'ViewScriptProfile');
      const { scriptProfiles } = store.read;
      return {
        profiles: await scriptProfiles.countActive(caller.accountId),
        computers: await scriptProfiles.largestReach(caller.accountId),
      };
    },

    /**
     * Edits the limits. A lower limit affects no existing profiles. A new minimum interval moves their next
     * runs.
     * @throws Refusal INVALID_INPUT, VERSION_CLASH
     */
    update(caller: Caller, edit: LimitsEdit, expectedVersion?: number | null): Promise<VersionedLimits> {
      authorise(caller, 'ManageAccount');
      const { accountId } = caller;
      return store.transaction(async (tx, now) => {
        const before = await tx.limits.forUpdate(accountId);
        checkExpected('limits', before, expectedVersion);
        const limits = {
          ...checkLimits({ ...before, ...(withoutNulls(edit) as Partial<Limits>) }),
          version: before.version + 1,
        };
        await tx.limits.save(accountId, limits);
        const changes = changesBetween(before, limits, ['maxNumComputers', 'maxNumProfiles', 'minInterval']);
        record(tx, caller, now, { action: 'LIMITS_EDITED', entity: accountEntity(caller), changes });
        if (limits.minInterval !== before.minInterval) {
          for (const profile of await tx.scriptProfiles.scheduledForUpdate(accountId)) {
            const respaced = respace(profile, { at: now, limits });
            if (respaced.nextRun === profile.nextRun) continue;
            await tx.scriptProfiles.save(accountId, profile, respaced);
            tx.announce({ kind: 'scriptProfile', accountId, id: profile.id, change: 'RESCHEDULED' });
          }
          tx.wakeClocks();
        }
        return limits;
      });
    },
  };
}
