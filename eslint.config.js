import graphql from '@graphql-eslint/eslint-plugin';

/** What has no identity: it is looked at as a part of something that has. */
const values = [
  ...['Distribution', 'ExecutionEnvironment', 'LimitsUsed', 'RunCounts', 'Server', 'TagCount'],
  ...['RunResult', 'ScriptProfileResult'],
  // What is worked out when it is asked for, and kept nowhere.
  ...[
    'ForeseenRun',
    'UpcomingRun',
    'UpcomingRuns',
    'PassedOverSlots',
    'RunConflict',
    'HourlyLoad',
    'Targeting',
  ],
  ...['ScriptProfilePreview', 'PreviewWarning', 'LimitRoom', 'FieldDifference', 'VersionClash'],
  ...['TagChangePreview', 'TagChangeEffect'],
  // What happened: it is followed, and not looked up.
  ...['ActivityFeedEvent', 'EventFeedEvent', 'RunProgressEvent'],
  ...['ComputerEvent', 'ScriptEvent', 'ScriptProfileEvent'],
  ...['RunStatistics', 'RunTotals', 'DailyRunTotals', 'RunDurations'],
  ...['AccountStatistics', 'ComputerTotals', 'MissedSlots', 'ScriptProfileTotals'],
  ...['ViewerVerdict', 'HeldPermission', 'EventChange'],
  ...['PasswordLink', 'Session', 'ViewerAccount'],
];
const parts = ['Connection', 'Edge', 'Error', 'Info', 'Payload', 'Trigger', 'ViewerPermissions'];

// For schema.graphql alone: Biome looks after the code.
export default [
  {
    files: ['schema.graphql'],
    languageOptions: {
      parser: graphql.parser,
      parserOptions: { graphQLConfig: { schema: './schema.graphql' } },
    },
    plugins: { '@graphql-eslint': graphql },
    rules: {
      ...graphql.configs['flat/schema-recommended'].rules,
      ...graphql.configs['flat/schema-relay'].rules,
      // Connections have `nodes` beside their edges; an entry of the ledger is nothing to ask for on its own.
      '@graphql-eslint/relay-edge-types': [
        'error',
        { withEdgeSuffix: true, shouldImplementNode: false, listTypeCanWrapOnlyEdgeType: false },
      ],
      '@graphql-eslint/strict-id-in-types': ['error', { exceptions: { types: values, suffixes: parts } }],
      '@graphql-eslint/input-name': ['error', { checkInputType: true, caseSensitiveInputType: false }],
      '@graphql-eslint/no-scalar-result-type-on-mutation': 'error',
      '@graphql-eslint/require-deprecation-date': 'error',
      '@graphql-eslint/require-nullable-fields-with-oneof': 'error',
      '@graphql-eslint/require-nullable-result-in-root': 'error',
    },
  },
];
