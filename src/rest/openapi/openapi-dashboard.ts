import { type Schema, text, whole } from './openapi-schemas.ts';

const nothing = { type: 'null' };
const emptyList = { type: 'array', maxItems: 0 };

/** What dashboards ask for beside scripts, computers and activities. */
export const dashboardSchemas: Readonly<Record<string, Schema>> = {
  AvailabilityZones: whole({ values: emptyList }),
  RecoveryKey: whole({ fde_recovery_key: nothing, activity: nothing }),
  EmptyList: emptyList,
  EmptyPage: whole({ results: emptyList, count: { const: 0 }, next: nothing, previous: nothing }),
  NoPackageProfiles: whole({ result: emptyList }),
  Filename: text,
  Null: nothing,
};
