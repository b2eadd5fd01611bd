import type { Route } from './route.ts';

export const limitsRoutes: readonly Route[] = [
  {
    method: 'GET',
    alsoBy: ['POST'],
    path: '/script-profile-limits',
    operationId: 'getScriptProfileLimits',
    summary: 'Get the limits on script profiles',
    operation: 'query { limits { maxNumComputers maxNumProfiles minInterval } }',
    variables: () => ({}),
    answer: ({ limits }) => ({
      status: 200,
      body: {
        max_num_computers: limits.maxNumComputers,
        max_num_profiles: limits.maxNumProfiles,
        min_interval: limits.minInterval,
      },
    }),
    openapi: { success: { status: 200, schema: 'ScriptProfileLimits' }, refusals: [] },
  },
];
