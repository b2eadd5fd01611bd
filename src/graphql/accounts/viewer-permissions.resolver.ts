import { Ctx, FieldResolver, Resolver, Root } from 'type-graphql';
import type { Role } from '../../domain/accounts/role.ts';
import type { Verdict } from '../../domain/accounts/viewer.ts';
import type { Activity } from '../../domain/activities/activity.ts';
import type { Computer } from '../../domain/computers/computer.ts';
import type { ScriptProfile } from '../../domain/script-profiles/script-profile.ts';
import type { ScriptHead } from '../../domain/scripts/script.ts';
import { ActivityNodeType } from '../activities/activity.type.ts';
import { ComputerType } from '../computers/computer.type.ts';
import type { GraphContext } from '../context.ts';
import type { MaybePromise } from '../execution/maybe-promise.ts';
import { ScriptProfileType } from '../script-profiles/script-profile.type.ts';
import { ScriptType } from '../scripts/script.type.ts';
import { RoleType } from './role.type.ts';
import {
  ActivityPermissionsType,
  ComputerPermissionsType,
  RolePermissionsType,
  ScriptPermissionsType,
  ScriptProfilePermissionsType,
} from './viewer-permissions.type.ts';

const CAN = 'Actions that the viewer can perform on it now, with the reason if not.';

/** Prefixes each action with `can`: `update` becomes `canUpdate`. */
type Shown<Act extends string> = { [Name in Act as `can${Capitalize<Name>}`]: Verdict };

const shown = <Act extends string>(verdicts: Record<Act, Verdict>) =>
  Object.fromEntries(
    Object.entries<Verdict>(verdicts).map(([act, verdict]) => [
      `can${act.charAt(0).toUpperCase()}${act.slice(1)}`,
      verdict,
    ]),
  ) as Shown<Act>;

/** Computes the permissions for all rows of a page at once. */
const permissionsOf = <Row extends object, Act extends string>(
  row: Row,
  { pageLoader }: GraphContext,
  verdicts: (rows: readonly Row[]) => Promise<readonly Record<Act, Verdict>[]>,
): MaybePromise<Shown<Act>> =>
  pageLoader.load(row, 'viewerPermissions', async (rows: readonly Row[]) =>
    (await verdicts(rows)).map(shown),
  );

@Resolver(() => ScriptProfileType)
export class ScriptProfilePermissionsResolver {
  @FieldResolver(() => ScriptProfilePermissionsType, {
    complexity: ({ childComplexity }) => 3 + childComplexity,
    description: CAN,
  })
  viewerPermissions(@Root() profile: ScriptProfile, @Ctx() context: GraphContext) {
    const { services, caller } = context;
    return permissionsOf(profile, context, (profiles) => services.viewer.verdicts(caller, profiles));
  }
}

@Resolver(() => ScriptType)
export class ScriptPermissionsResolver {
  // The cost is 1, because no data is fetched.
  @FieldResolver(() => ScriptPermissionsType, { complexity: 1, description: CAN })
  viewerPermissions(@Root() script: ScriptHead, @Ctx() context: GraphContext) {
    const { services, caller } = context;
    return permissionsOf(script, context, (scripts) => services.viewer.ofScripts(caller, scripts));
  }
}

@Resolver(() => ComputerType)
export class ComputerPermissionsResolver {
  @FieldResolver(() => ComputerPermissionsType, { complexity: 1, description: CAN })
  viewerPermissions(@Root() computer: Computer, @Ctx() context: GraphContext) {
    const { services, caller } = context;
    return permissionsOf(computer, context, (computers) => services.viewer.ofComputers(caller, computers));
  }
}

@Resolver(() => ActivityNodeType)
export class ActivityPermissionsResolver {
  @FieldResolver(() => ActivityPermissionsType, { complexity: 2, description: CAN })
  viewerPermissions(@Root() activity: Activity, @Ctx() context: GraphContext) {
    const { services, caller } = context;
    return permissionsOf(activity, context, (rows) => services.viewer.ofActivities(caller, rows));
  }
}

@Resolver(() => RoleType)
export class RolePermissionsResolver {
  @FieldResolver(() => RolePermissionsType, { complexity: 1, description: CAN })
  viewerPermissions(@Root() role: Role, @Ctx() context: GraphContext) {
    const { services, caller } = context;
    return permissionsOf(role, context, (roles) => services.viewer.ofRoles(caller, roles));
  }
}
