import { authorise, type Caller, scopeOf } from '../domain/access.ts';
import { checkPlace } from '../domain/limits.ts';
import type { ScriptProfile } from '../domain/script-profile.ts';
import { type Act, type Verdict, verdictsOf } from '../domain/viewer.ts';
import type { Store } from './ports.ts';

/** What the caller can do with profiles, for buttons that are to be there or not. The use cases ask for themselves. */
export const viewerService = ({ read }: Store) => ({
  async verdicts(caller: Caller, profiles: readonly ScriptProfile[]): Promise<Record<Act, Verdict>[]> {
    const { accountId } = caller;
    authorise(caller, 'ViewScriptProfile');
    const limits = await read.limits.of(accountId);
    const numActive = await read.scriptProfiles.countActive(accountId);
    const ids = profiles.map(({ id }) => id);
    const lastRuns = await read.activities.lastOf(scopeOf(caller, 'ViewScriptProfile'), ids);
    const scripts = await read.scripts.byIds(
      scopeOf(caller, 'ViewScript'),
      profiles.map(({ scriptId }) => scriptId),
    );
    return profiles.map((profile, index) => {
      const script = scripts[index];
      return verdictsOf({
        profile,
        script,
        lastRunInProgress: (lastRuns[index]?.counts?.delivered ?? 0) > 0,
        mayManage: () => authorise(caller, 'ManageScriptProfile', profile.accessGroup.id),
        mayDuplicate: () => authorise(caller, 'ManageScriptProfile', script?.accessGroup.id),
        hasPlace: () => checkPlace(numActive, limits),
      });
    });
  },
});
