import { authorise, type Caller } from '../domain/access.ts';
import { withoutNulls } from '../domain/edit.ts';
import { changesBetween } from '../domain/event.ts';
import { checkLimits, type Limits } from '../domain/limits.ts';
import { respace } from '../domain/script-profile.ts';
import { record, theAccount } from './event-log.ts';
import type { Store } from './ports.ts';

export type LimitsEdit = { readonly [Field in keyof Limits]?: number | null };

export function limitsService(store: Store) {
  return {
    get(caller: Caller): Promise<Limits> {
      authorise(caller, 'ViewScriptProfile');
      return store.read.limits.of(caller.accountId);
    },

    /** Lowering a limit takes nothing away; a new spacing moves the coming runs. */
    update(caller: Caller, edit: LimitsEdit): Promise<Limits> {
      authorise(caller, 'ManageAccount');
      const { accountId } = caller;
      return store.transaction(async (tx, now) => {
        const before = await tx.limits.forUpdate(accountId);
        const limits = checkLimits({ ...before, ...(withoutNulls(edit) as Partial<Limits>) });
        await tx.limits.save(accountId, limits);
        const changes = changesBetween(before, limits, ['maxNumComputers', 'maxNumProfiles', 'minInterval']);
        record(tx, caller, now, { action: 'LIMITS_EDITED', entity: theAccount(caller), changes });
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
