import { body, constant, integer, list, nullable, ref, type Schema, text, whole } from './openapi-schemas.ts';

const nothing = { type: 'null' };
const emptyList = { type: 'array', items: {}, maxItems: 0 };

/** Schemas for dashboards, except for scripts, computers and activities. */
export const dashboardSchemas: Readonly<Record<string, Schema>> = {
  AvailabilityZones: whole({ values: emptyList }),
  Reapply: body({ activity_ids: { ...list(integer), maxItems: 100 } }, ['activity_ids']),
  Instances: list(ref('Instance')),
  InstanceUpdate: body({
    title: nullable({ type: 'string', minLength: 1, maxLength: 255 }),
    comment: nullable({ type: 'string', maxLength: 1000 }),
    tags: nullable({
      ...list(text),
      maxItems: 1000,
      description: 'All tags of the computer. They replace the stored tags.',
    }),
    access_group: nullable({ ...text, description: 'Name of an access group.' }),
  }),
  RecoveryKey: whole({ fde_recovery_key: nothing, activity: nothing }),
  LivepatchInfo: whole({
    livepatch_info: nothing,
    ubuntu_pro_livepatch_service_info: nothing,
    ubuntu_pro_reboot_required_info: nothing,
  }),
  Kernel: whole({
    downgrades: emptyList,
    installed: nothing,
    message: constant(''),
    smart_status: constant(''),
    upgrades: emptyList,
  }),
  SavedSearch: whole({ name: text, search: text, title: text }),
  SavedSearches: list(ref('SavedSearch')),
  EmptyList: emptyList,
  EmptyPage: whole({ results: emptyList, count: { const: 0 }, next: nothing, previous: nothing }),
  NoPackageProfiles: whole({ result: emptyList }),
  Filename: text,
  Null: nothing,
};
