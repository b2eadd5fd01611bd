import type { TypePolicies } from '@apollo/client';
import { relayStylePagination } from '@apollo/client/utilities';

/** For Apollo Client, Relay and code generation: the members of interfaces and unions. */
export const possibleTypes = {
  Node: ['AccessGroup', 'Activity', 'Computer', 'Event', 'Person', 'Role', 'Script', 'ScriptProfile'],
  Trigger: ['EventTrigger', 'OneTimeTrigger', 'RecurringTrigger'],
};

/** Objects without an id: a cache keeps each within the object that it belongs to. */
export const partsOfThings = [
  ...['ActivityViewerPermissions', 'ComputerViewerPermissions', 'RoleViewerPermissions'],
  ...['ScriptProfileViewerPermissions', 'ScriptViewerPermissions', 'ViewerVerdict'],
  ...['EventTrigger', 'OneTimeTrigger', 'RecurringTrigger'],
  ...['AccountStatistics', 'ComputerTotals', 'DailyRunTotals', 'RunCounts', 'RunDurations', 'RunStatistics'],
  ...['Distribution', 'RunTotals', 'ScriptProfileTotals'],
  ...['EventChange', 'FieldDifference', 'HeldPermission', 'LimitRoom', 'LimitsUsed', 'ViewerAccount'],
  ...['ForeseenRun', 'HourlyLoad', 'PassedOverSlots', 'RunConflict', 'UpcomingRun', 'UpcomingRuns'],
  ...['PreviewWarning', 'ScriptProfilePreview', 'TagChangeEffect', 'TagChangePreview', 'Targeting'],
  ...['ActivityFeedEvent', 'EventFeedEvent', 'RunProgressEvent', 'VersionClash'],
  ...['ComputerEvent', 'ScriptEvent', 'ScriptProfileEvent', 'PasswordLink'],
  ...['ExecutionEnvironment', 'RunResult', 'ScriptProfileResult', 'Server', 'Session', 'TagCount'],
];

const list = relayStylePagination(['filter', 'orderBy']);

/** For `new InMemoryCache({ possibleTypes, typePolicies })` of Apollo Client. */
export const typePolicies: TypePolicies = {
  ...Object.fromEntries(partsOfThings.map((type) => [type, { keyFields: false, merge: true }])),
  Query: {
    fields: {
      ...{ activities: list, computers: list, events: list },
      ...{ persons: list, scriptProfiles: list, scripts: list },
    },
  },
  AccountStatistics: {
    fields: {
      runsInProgress: relayStylePagination(['orderBy']),
      unseenComputers: relayStylePagination(['forDays', 'orderBy']),
    },
  },
  Activity: { fields: { children: list } },
  Computer: { fields: { activities: list, events: list } },
  Role: { fields: { events: list } },
  Script: {
    fields: {
      events: list,
      profiles: relayStylePagination(['status', 'orderBy']),
      versions: relayStylePagination(['orderBy']),
    },
  },
  ScriptProfile: {
    fields: {
      activities: list,
      computers: relayStylePagination(['orderBy']),
      events: list,
      slots: relayStylePagination(['orderBy']),
    },
  },
};

/** For `cacheExchange({ keys })` of urql's normalised cache. */
export const keys = Object.fromEntries(partsOfThings.map((type) => [type, () => null]));
