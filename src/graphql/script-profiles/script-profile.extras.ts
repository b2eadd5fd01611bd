import type { GraphQLResolveInfo } from 'graphql';
import type { Activity } from '../../domain/activities/activity.ts';
import type { ScriptProfile } from '../../domain/script-profiles/script-profile.ts';
import type { Columns } from '../../services/listing.ts';
import type { ScriptProfileWithExtras } from '../../services/script-profiles/script-profile-ports.ts';
import type { GraphContext } from '../context.ts';
import { columnsOn, fieldsOn } from '../execution/look-ahead.ts';
import type { MaybePromise } from '../execution/maybe-promise.ts';
import type { ScriptProfilePayload } from './script-profile.payload.ts';

/** Counts, once for a page, the computers that the next run reaches and those of them that the caller may see. */
export const associated = (
  profile: ScriptProfileWithExtras,
  { services, caller, pageLoader }: GraphContext,
) =>
  profile.reached ??
  pageLoader.load(profile, 'reached', (profiles: readonly ScriptProfile[]) =>
    services.scriptProfiles.countAssociated(caller, profiles),
  );

/** Loads the last runs of a whole page at once, unless they were loaded with the profiles. */
export const lastActivityOf = (
  profile: ScriptProfileWithExtras,
  { services, caller, pageLoader }: GraphContext,
): MaybePromise<Activity | null> =>
  profile.lastActivity !== undefined
    ? profile.lastActivity
    : pageLoader.load(profile, 'lastActivity', (profiles: readonly ScriptProfile[]) =>
        services.activities.lastOf(
          caller,
          profiles.map(({ id }) => id),
        ),
      );

/** Undefined if the last run was not loaded with its profile. */
export const statusOfLast = ({ lastActivity }: ScriptProfileWithExtras) =>
  lastActivity === null ? null : lastActivity?.status;

/** Extra data that the client selects for the profiles on these paths. The profiles' own statement can load it. */
function requestedExtras(info: GraphQLResolveInfo, paths: readonly (readonly string[])[]) {
  const fields = fieldsOn(info, paths);
  const isShown = fields.has('lastActivity');
  const ofStatus: Columns<Activity> = fields.has('lastRunStatus') ? { status: true } : {};
  const shown = columnsOn<Activity>(
    info,
    'Activity',
    paths.map((path) => [...path, 'lastActivity']),
  );
  return {
    ...(fields.has('numAssociatedComputers') && { reached: true }),
    ...((isShown || ofStatus.status) && {
      lastActivity: { columns: shown && { ...shown, ...ofStatus } },
    }),
  };
}

/** The columns and extra data that the client selects for the profiles. The statement fetches nothing else. */
export const projection = (info: GraphQLResolveInfo, paths: readonly (readonly string[])[]) => ({
  columns: columnsOn<ScriptProfile>(info, 'ScriptProfile', paths),
  ...requestedExtras(info, paths),
});

/**
 * Loads the extra data of a changed profile with one statement. One extra alone takes one statement anyway, and a new
 * profile's last run is known. The mutation is committed at this point. So if the statement fails, each field loads its
 * own data, and fails separately.
 */
export async function withRequestedExtras<Payload extends ScriptProfilePayload>(
  done: Promise<Payload>,
  { services, caller }: GraphContext,
  info: GraphQLResolveInfo,
): Promise<Payload> {
  const payload = await done;
  const { scriptProfile } = payload;
  const { reached, lastActivity } = requestedExtras(info, [['scriptProfile']]);
  const isKnown = scriptProfile?.lastActivity !== undefined;
  if (!scriptProfile || isKnown || !reached || !lastActivity) return payload;
  const found = services.scriptProfiles.extrasOf(caller, scriptProfile, { reached, lastActivity });
  return { ...payload, scriptProfile: { ...scriptProfile, ...(await found.catch(() => ({}))) } };
}
