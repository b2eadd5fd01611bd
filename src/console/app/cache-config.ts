/** Members of interfaces and unions. */
export const possibleTypes = {
  Node: ['AccessGroup', 'Activity', 'Computer', 'Event', 'Person', 'Role', 'Script', 'ScriptProfile'],
  Trigger: ['EventTrigger', 'OneTimeTrigger', 'RecurringTrigger'],
};

/** Types without an id. A cache stores such an object within the object that contains it. */
export const partsOfThings = [
  ...['ActivityViewerPermissions', 'ComputerViewerPermissions', 'RoleViewerPermissions'],
  ...['ScriptProfileViewerPermissions', 'ScriptViewerPermissions', 'ViewerVerdict'],
  ...['EventTrigger', 'OneTimeTrigger', 'RecurringTrigger'],
  ...['AccountStatistics', 'ComputerTotals', 'DailyRunTotals', 'RunCounts', 'RunDurations', 'RunStatistics'],
  ...['Distribution', 'MissedSlots', 'RunTotals', 'ScriptProfileTotals'],
  ...['EventChange', 'FieldDifference', 'HeldPermission', 'LimitRoom', 'LimitsUsed', 'ViewerAccount'],
  ...['ForeseenRun', 'HourlyLoad', 'PassedOverSlots', 'RunConflict', 'UpcomingRun', 'UpcomingRuns'],
  ...['PreviewWarning', 'ScriptProfilePreview', 'TagChangeEffect', 'TagChangePreview', 'Targeting'],
  ...['ActivityFeedEvent', 'EventFeedEvent', 'RunProgressEvent', 'VersionClash'],
  ...['ComputerEvent', 'ScriptEvent', 'ScriptProfileEvent', 'PasswordLink'],
  ...['ExecutionEnvironment', 'RunResult', 'ScriptProfileResult', 'Server', 'Session', 'TagCount'],
];

const by = ['filter', 'orderBy'];

/** Paginated lists, each with the arguments that select another list. All other arguments select a page. */
export const lists = {
  Query: { activities: by, computers: by, events: by, persons: by, scriptProfiles: by, scripts: by },
  AccountStatistics: { runsInProgress: ['orderBy'], unseenComputers: ['forDays', 'orderBy'] },
  Activity: { children: by },
  Computer: { activities: by, events: by },
  Role: { events: by },
  Script: { events: by, profiles: ['status', 'orderBy'], versions: ['orderBy'] },
  ScriptProfile: { activities: by, computers: ['orderBy'], events: by, slots: ['orderBy'] },
};
