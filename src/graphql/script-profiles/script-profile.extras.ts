import type { GraphQLResolveInfo } from 'graphql';
import type { Activity } from '../../domain/activities/activity.ts';
import type { ScriptProfile } from '../../domain/script-profiles/script-profile.ts';
import type { Columns } from '../../services/listing.ts';
import type { ScriptProfileWithExtras } from '../../services/script-profiles/script-profile-ports.ts';
import type { GraphContext } from '../context.ts';
import { columnsOn, fieldsOn } from '../execution/look-ahead.ts';
import type { MaybePromise } from '../execution/maybe-promise.ts';
import type { ScriptProfilePayload } from './script-profile.payload.ts';

/** Counted once for a page: all whom the next run reaches, and those of them that are seen. */
export const associated = (
  profile: ScriptProfileWithExtras,
  { services, caller, pageLoader }: GraphContext,
) =>
  profile.reached ??
  pageLoader.load(profile, 'reached', (profiles: readonly ScriptProfile[]) =>
    services.scriptProfiles.countAssociated(caller, profiles),
  );

/** Fetched once for a page, unless it came with it. */
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

/** Undefined where the last run did not come with its profile. */
export const statusOfLast = ({ lastActivity }: ScriptProfileWithExtras) =>
  lastActivity === null ? null : lastActivity?.status;

/** What is asked for along with profiles, which are on these paths: their own statement can bring it. */
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

/** The same, and what is asked for of the profiles themselves: nothing else is fetched. */
export const projection = (info: GraphQLResolveInfo, paths: readonly (readonly string[])[]) => ({
  columns: columnsOn<ScriptProfile>(info, 'ScriptProfile', paths),
  ...requestedExtras(info, paths),
});

/**
 * What is asked along with a profile that was changed is fetched in one statement; one thing alone is anyway, and a new
 * one's last run is known.
 * The mutation is done by then: where that fails, each field fetches its own, and fails by itself.
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
