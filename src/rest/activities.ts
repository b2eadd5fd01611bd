import { pageAnswer, pageVariables } from './paging.ts';
import { idOf, type Route, userErrors } from './route.ts';
import { anyActivityFields, toAnyActivity, toNumbers } from './wire/activity.wire.ts';

export const activityRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: '/activities',
    operationId: 'listActivities',
    summary: 'List activities, both runs and executions, newest first',
    operation: `query ($filter: ActivityFilter!, $first: Int!, $offset: SafeInt!) {
      page: activities(filter: $filter, first: $first, offset: $offset) { totalCount nodes { ${anyActivityFields} } }
    }`,
    variables: ({ query }) => ({ ...pageVariables({ query }), filter: { query: query.get('query') } }),
    answer: ({ page }, request) => pageAnswer(page, request, toAnyActivity, 'count first'),
    openapi: {
      query: ['query', 'limit', 'offset'],
      success: { status: 200, schema: 'AnyActivityPage' },
      refusals: ['INVALID_INPUT'],
    },
  },
  {
    method: 'GET',
    path: '/activities/{id}',
    operationId: 'getActivity',
    summary: 'Get an activity',
    operation: `query ($id: ID!) { activity(id: $id) { ${anyActivityFields} } }`,
    variables: ({ path }) => ({ id: idOf('activity', path) }),
    answer: ({ activity }) => ({ status: 200, body: toAnyActivity(activity) }),
    openapi: { success: { status: 200, schema: 'AnyActivity' }, refusals: ['NOT_FOUND'] },
  },
  {
    method: 'POST',
    path: '/activities/reapply',
    operationId: 'reapplyActivities',
    summary: 'Run the scripts of activities again. Returns the numbers of the new runs',
    operation: `mutation ($input: ReapplyActivitiesInput!) {
      done: reapplyActivities(input: $input) { activities { databaseId } ${userErrors} }
    }`,
    takesBody: true,
    variables: ({ body: { activity_ids: ids } }) => ({ input: { ids } }),
    answer: ({ done }) => ({ status: 200, body: toNumbers(done.activities) }),
    names: { ids: 'activity_ids' },
    openapi: {
      body: 'Reapply',
      success: { status: 200, schema: 'Ids' },
      refusals: ['INVALID_INPUT', 'NOT_FOUND', 'PROFILE_ARCHIVED', 'SCRIPT_NOT_ACTIVE'],
    },
  },
];
