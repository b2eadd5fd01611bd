import { authorise, type Caller } from '../domain/access.ts';
import { withoutNulls } from '../domain/edit.ts';
import { checkLimits, type Limits } from '../domain/limits.ts';
import { respace } from '../domain/script-profile.ts';
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
      return store.transaction(async (tx, now) => {
        const before = await tx.limits.forUpdate(caller.accountId);
        const limits = checkLimits({ ...before, ...(withoutNulls(edit) as Partial<Limits>) });
        await tx.limits.save(caller.accountId, limits);
        if (limits.minInterval !== before.minInterval) {
          for (const profile of await tx.scriptProfiles.scheduledForUpdate(caller.accountId)) {
            const respaced = respace(profile, { at: now, limits });
            if (respaced.nextRun !== profile.nextRun)
              await tx.scriptProfiles.save(caller.accountId, respaced);
          }
        }
        return limits;
      });
    },
  };
}
