import { pageAnswer, pageVariables } from './paging.ts';
import { idOf, type Parameters, type Route, userErrors } from './route.ts';
import { activityFields, toActivity } from './wire/activity.wire.ts';
import { computerFields, toComputer } from './wire/computer.wire.ts';
import {
  scriptProfileFields,
  toCreateInput,
  toScriptProfile,
  toUpdateInput,
} from './wire/script-profile.wire.ts';

export const statuses = ['active', 'archived', 'all'] as const;

/** Routes of the legacy API for script profiles. */
export const scriptProfileRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: '/script-profiles',
    operationId: 'listScriptProfiles',
    summary: 'List script profiles, newest first',
    operation: `query ($filter: ScriptProfileFilter!, $first: Int!, $offset: SafeInt!) {
      page: scriptProfiles(filter: $filter, first: $first, offset: $offset) {
        totalCount nodes { ${scriptProfileFields} }
      }
    }`,
    variables: ({ query }) => ({
      ...pageVariables({ query }),
      filter: {
        status: (query.oneOf('archived', statuses) ?? 'active').toUpperCase(),
        search: query.get('search'),
        titles: query.get('names') === undefined ? undefined : query.list('names'),
      },
    }),
    answer: ({ page }, request) => pageAnswer(page, request, toScriptProfile, 'results first'),
    openapi: {
      query: ['archived', 'search', 'names', 'limit', 'offset'],
      success: { status: 200, schema: 'ScriptProfilePage' },
      refusals: ['INVALID_INPUT'],
    },
  },
  {
    method: 'POST',
    path: '/script-profiles',
    operationId: 'createScriptProfile',
    summary: 'Create a script profile',
    operation: `mutation ($input: CreateScriptProfileInput!) {
      done: createScriptProfile(input: $input) { scriptProfile { ${scriptProfileFields} } ${userErrors} }
    }`,
    takesBody: true,
    variables: ({ body }) => ({ input: toCreateInput(body) }),
    answer: ({ done }) => ({ status: 201, body: toScriptProfile(done.scriptProfile) }),
    openapi: {
      body: 'ScriptProfileCreate',
      success: { status: 201, schema: 'ScriptProfile' },
      refusals: [
        'INVALID_INPUT',
        'INVALID_CRON',
        'SCRIPT_NOT_ACTIVE',
        'PROFILE_LIMIT',
        'COMPUTER_LIMIT',
        'SCRIPT_NOT_FOUND',
        'TITLE_TAKEN',
      ],
    },
  },
  {
    method: 'GET',
    path: '/script-profiles/{id}',
    operationId: 'getScriptProfile',
    summary: 'Get a script profile',
    operation: `query ($id: ID!) { profile: scriptProfile(id: $id) { ${scriptProfileFields} } }`,
    variables: ({ path }) => ({ id: profileId(path) }),
    answer: ({ profile }) => ({ status: 200, body: toScriptProfile(profile) }),
    openapi: { success: { status: 200, schema: 'ScriptProfile' }, refusals: ['NOT_FOUND'] },
  },
  {
    method: 'PATCH',
    path: '/script-profiles/{id}',
    operationId: 'updateScriptProfile',
    summary: 'Edit a script profile',
    operation: `mutation ($input: UpdateScriptProfileInput!) {
      done: updateScriptProfile(input: $input) { scriptProfile { ${scriptProfileFields} } ${userErrors} }
    }`,
    takesBody: true,
    variables: ({ path, body }) => ({ input: toUpdateInput(profileId(path), body) }),
    answer: ({ done }) => ({ status: 200, body: toScriptProfile(done.scriptProfile) }),
    openapi: {
      body: 'ScriptProfileUpdate',
      success: { status: 200, schema: 'ScriptProfile' },
      refusals: [
        'INVALID_INPUT',
        'INVALID_CRON',
        'TRIGGER_KIND_FIXED',
        'PROFILE_ARCHIVED',
        'COMPUTER_LIMIT',
        'NOT_FOUND',
        'TITLE_TAKEN',
      ],
    },
  },
  {
    method: 'POST',
    path: '/script-profiles/{id}:archive',
    operationId: 'archiveScriptProfile',
    summary: 'Archive a script profile permanently',
    operation: `mutation ($input: ArchiveScriptProfileInput!) {
      done: archiveScriptProfile(input: $input) { ${userErrors} }
    }`,
    variables: ({ path }) => ({ input: { id: profileId(path) } }),
    answer: () => ({ status: 204 }),
    openapi: { success: { status: 204 }, refusals: ['NOT_FOUND'] },
  },
  {
    method: 'GET',
    alsoBy: ['POST'],
    path: '/script-profiles/{id}/activities',
    operationId: 'listScriptProfileActivities',
    summary: 'List the runs of a script profile, newest first',
    operation: `query ($id: ID!, $first: Int!, $offset: SafeInt!) {
      profile: scriptProfile(id: $id) {
        page: activities(first: $first, offset: $offset) { totalCount nodes { ${activityFields} } }
      }
    }`,
    variables: ({ path, query }) => ({ id: profileId(path), ...pageVariables({ query }) }),
    answer: ({ profile }, request) => pageAnswer(profile.page, request, toActivity, 'results first'),
    openapi: {
      query: ['limit', 'offset'],
      success: { status: 200, schema: 'ActivityPage' },
      refusals: ['INVALID_INPUT', 'NOT_FOUND'],
    },
  },
  {
    method: 'GET',
    path: '/script-profiles/{id}/computers',
    operationId: 'listScriptProfileComputers',
    summary: 'List the computers associated with a script profile',
    operation: `query ($id: ID!, $first: Int!, $offset: SafeInt!) {
      profile: scriptProfile(id: $id) {
        page: computers(first: $first, offset: $offset) { totalCount nodes { ${computerFields} } }
      }
    }`,
    variables: ({ path, query }) => ({ id: profileId(path), ...pageVariables({ query }) }),
    answer: ({ profile }, request) => pageAnswer(profile.page, request, toComputer, 'count first'),
    openapi: {
      query: ['limit', 'offset'],
      success: { status: 200, schema: 'ComputerPage' },
      refusals: ['INVALID_INPUT', 'NOT_FOUND'],
    },
  },
];

const profileId = (path: Parameters['path']) => idOf('script profile', path);
