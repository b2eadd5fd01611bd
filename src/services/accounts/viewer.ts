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
import { type Activity, isFinal } from '../../domain/activities/activity.ts';
import type { Computer } from '../../domain/computers/computer.ts';
import { checkNotArchived, type ScriptProfile } from '../../domain/script-profiles/script-profile.ts';
import { checkActive, type ScriptHead } from '../../domain/scripts/script.ts';
import type { Repositories, Store } from '../ports.ts';

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
    const { profileOf, scriptOf } = await whatRanIn(read, caller, activities);
    return activities.map((activity, index) =>
      activityVerdicts(activity, {
        mayManage: () => {
          if (!managed[index]) throw new Forbidden('ManageScriptProfile');
        },
        profileRuns: () => {
          const profile = profileOf(activity);
          if (profile) checkNotArchived(profile);
        },
        scriptRuns: () => {
          const script = scriptOf(activity);
          if (script) checkActive(script, 'id');
        },
      }),
    );
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

/** Visible script profiles and scripts of runs that have ended. They may be run again. */
async function whatRanIn(read: Repositories, caller: Caller, activities: readonly Activity[]) {
  const runOf = ({ id, parentId }: Activity) => parentId ?? id;
  const over = new Set(activities.filter(({ status }) => isFinal(status)).map(runOf));
  const ran = over.size > 0 ? await read.runs.ran(caller.accountId, [...over]) : [];
  const runs = new Map(ran.map((run) => [run.id, run]));
  const profileIds = new Set(ran.flatMap(({ scriptProfileId }) => scriptProfileId ?? []));
  const scriptIds = new Set(ran.flatMap(({ script }) => script?.scriptId ?? []));
  const profiles =
    profileIds.size > 0
      ? byId(await read.scriptProfiles.byIds(scopeOf(caller, 'ViewScriptProfile'), [...profileIds]))
      : undefined;
  const scripts =
    scriptIds.size > 0
      ? byId(await read.scripts.byIds(scopeOf(caller, 'ViewScript'), [...scriptIds]))
      : undefined;
  return {
    profileOf: (activity: Activity) => profiles?.get(runs.get(runOf(activity))?.scriptProfileId ?? 0),
    scriptOf: (activity: Activity) => scripts?.get(runs.get(runOf(activity))?.script?.scriptId ?? 0),
  };
}

const byId = <Row extends { readonly id: number }>(rows: readonly (Row | undefined)[]): Map<number, Row> =>
  new Map(rows.flatMap((row) => (row ? [[row.id, row] as const] : [])));
