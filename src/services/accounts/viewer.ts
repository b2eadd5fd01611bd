import { authorise, type Caller, Forbidden, scopeOf } from '../../domain/accounts/access.ts';
import { checkProfileLimit } from '../../domain/accounts/limits.ts';
import { checkHoldsAll, type Role } from '../../domain/accounts/role.ts';
import {
  type Act,
  type ActivityVerdicts,
  activityVerdicts,
  type ComputerVerdicts,
  computerVerdicts,
  type RoleVerdicts,
  roleVerdicts,
  type ScriptVerdicts,
  scriptVerdicts,
  type Verdict,
  verdictsOf,
} from '../../domain/accounts/viewer.ts';
import type { Activity } from '../../domain/activities/activity.ts';
import type { Computer } from '../../domain/computers/computer.ts';
import { checkNotArchived, type ScriptProfile } from '../../domain/script-profiles/script-profile.ts';
import { checkActive, type ScriptHead } from '../../domain/scripts/script.ts';
import type { Store } from '../ports.ts';

/**
 * The actions that a caller can perform on objects. Dashboards enable their buttons accordingly. The use
 * cases check the rules again.
 */
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
        belowProfileLimit: () => checkProfileLimit(numActive, limits),
      });
    });
  },

  async ofScripts(
    caller: Caller,
    scripts: readonly Pick<ScriptHead, 'id' | 'status' | 'accessGroup'>[],
  ): Promise<ScriptVerdicts[]> {
    return scripts.map((script) =>
      scriptVerdicts(script, {
        mayManage: () => authorise(caller, 'ManageScript', script.accessGroup.id),
        mayRedact: () => authorise(caller, 'RedactScript', script.accessGroup.id),
        mayUse: () => authorise(caller, 'ManageScriptProfile', script.accessGroup.id),
      }),
    );
  },

  async ofComputers(caller: Caller, computers: readonly Computer[]): Promise<ComputerVerdicts[]> {
    return computers.map((computer) =>
      computerVerdicts(computer, {
        mayManage: () => authorise(caller, 'ManageComputer', computer.accessGroup.id),
        mayManagePending: () => authorise(caller, 'ManagePendingComputer', computer.accessGroup.id),
      }),
    );
  },

  /** An activity requires the same permission as the script profile of its run. */
  async ofActivities(caller: Caller, activities: readonly Activity[]): Promise<ActivityVerdicts[]> {
    const ids = activities.map(({ id }) => id);
    const managed = await read.activities.byIds(scopeOf(caller, 'ManageScriptProfile'), ids);
    const runOf = ({ id, parentId }: Activity) => parentId ?? id;
    const found = await read.runs.sources(caller.accountId, [...new Set(activities.map(runOf))]);
    const sources = new Map(found.map((source) => [source.id, source]));
    return activities.map((activity, index) => {
      const { scriptProfile, script } = sources.get(runOf(activity)) ?? {};
      return activityVerdicts(activity, {
        mayManage: () => {
          if (!managed[index]) throw new Forbidden('ManageScriptProfile');
        },
        profileRuns: () => scriptProfile && checkNotArchived(scriptProfile),
        scriptRuns: () => script && checkActive(script, 'id'),
      });
    });
  },

  async ofRoles(caller: Caller, roles: readonly Role[]): Promise<RoleVerdicts[]> {
    return roles.map((role) =>
      roleVerdicts(role, {
        mayManage: () => {
          authorise(caller, 'ManageRole');
          checkHoldsAll(caller, role);
        },
      }),
    );
  },
});
