import { notFound } from '../domain/errors.ts';
import { pageAnswer, pageVariables } from './paging.ts';
import { idOf, type Parameters, type Route, userErrors } from './route.ts';
import { statuses } from './script-profiles.ts';
import { scriptFields, toScript, toVersion, versionFields } from './wire/script.wire.ts';
import { scriptProfileFields, toScriptProfile } from './wire/script-profile.wire.ts';

const everyStatus = ['ACTIVE', 'ARCHIVED', 'REDACTED'] as const;

/** The statuses that a `script_type` matches. The V1 scripts of the real system do not exist here. */
const scriptTypes = {
  v2: everyStatus,
  active: ['ACTIVE'],
  archived: ['ARCHIVED'],
  redacted: ['REDACTED'],
  all: everyStatus,
  v1: [],
} as const;
const typeNames = Object.keys(scriptTypes) as (keyof typeof scriptTypes)[];

const scriptId = (path: Parameters['path']) => idOf('script', path);

/** Routes for scripts. */
export const scriptRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: '/scripts',
    operationId: 'listScripts',
    summary: 'List scripts, newest first',
    operation: `query ($filter: ScriptFilter!, $first: Int!, $offset: SafeInt!) {
      page: scripts(filter: $filter, first: $first, offset: $offset) { totalCount nodes { ${scriptFields} } }
    }`,
    variables: ({ query }) => ({
      ...pageVariables({ query }),
      filter: {
        statuses: scriptTypes[query.oneOf('script_type', typeNames) ?? 'active'],
        search: query.get('search'),
        runsInAccessGroup: query.get('parent_access_group'),
      },
    }),
    answer: ({ page }, request) => pageAnswer(page, request, toScript, 'results first'),
    openapi: {
      query: ['script_type', 'search', 'parent_access_group', 'limit', 'offset'],
      success: { status: 200, schema: 'ScriptPage' },
      refusals: ['INVALID_INPUT'],
    },
  },
  {
    method: 'GET',
    path: '/scripts/{id}',
    operationId: 'getScript',
    summary: 'Get a script',
    operation: `query ($id: ID!) { script(id: $id) { ${scriptFields} } }`,
    variables: ({ path }) => ({ id: scriptId(path) }),
    answer: ({ script }) => ({ status: 200, body: toScript(script) }),
    openapi: { success: { status: 200, schema: 'Script' }, refusals: ['NOT_FOUND'] },
  },
  {
    method: 'GET',
    path: '/scripts/{id}/versions',
    operationId: 'listScriptVersions',
    summary: 'List the versions of a script, newest first',
    operation: `query ($id: ID!, $first: Int!, $offset: SafeInt!) {
      script(id: $id) { page: versions(first: $first, offset: $offset) { totalCount nodes { ${versionFields} } } }
    }`,
    variables: ({ path, query }) => ({ id: scriptId(path), ...pageVariables({ query }) }),
    answer: ({ script }, request) => pageAnswer(script.page, request, toVersion, 'results first'),
    openapi: {
      query: ['limit', 'offset'],
      success: { status: 200, schema: 'ScriptVersionPage' },
      refusals: ['INVALID_INPUT', 'NOT_FOUND'],
    },
  },
  {
    method: 'GET',
    path: '/scripts/{id}/versions/{number}',
    operationId: 'getScriptVersion',
    summary: 'Get a version of a script',
    operation: `query ($id: ID!, $number: Int!) { script(id: $id) { version(number: $number) { ${versionFields} } } }`,
    variables: ({ path }) => ({ id: scriptId(path), number: versionNumber(path) }),
    answer: ({ script }) => ({ status: 200, body: toVersion(script.version) }),
    openapi: { success: { status: 200, schema: 'ScriptVersion' }, refusals: ['NOT_FOUND'] },
  },
  {
    method: 'GET',
    path: '/scripts/{id}/attachments/{attachment}',
    operationId: 'getScriptAttachment',
    summary: 'Get the content of an attachment of a script',
    operation: 'query ($id: ID!) { script(id: $id) { attachments { databaseId filename content } } }',
    variables: ({ path }) => ({ id: scriptId(path) }),
    answer: ({ script }, { path }) => attachmentAnswer(script.attachments, path),
    openapi: {
      success: { status: 200, type: 'application/octet-stream' },
      refusals: ['NOT_FOUND'],
    },
  },
  {
    method: 'GET',
    path: '/scripts/{id}/script-profiles',
    operationId: 'listScriptProfilesOfScript',
    summary: 'List the script profiles that run a script, newest first',
    operation: `query ($id: ID!, $status: ScriptProfileStatusFilter!, $first: Int!, $offset: SafeInt!) {
      script(id: $id) {
        page: profiles(status: $status, first: $first, offset: $offset) { totalCount nodes { ${scriptProfileFields} } }
      }
    }`,
    variables: ({ path, query }) => ({
      id: scriptId(path),
      status: (query.oneOf('archived', statuses) ?? 'active').toUpperCase(),
      ...pageVariables({ query }),
    }),
    answer: ({ script }, request) => pageAnswer(script.page, request, toScriptProfile, 'results first'),
    openapi: {
      query: ['archived', 'limit', 'offset'],
      success: { status: 200, schema: 'ScriptProfilePage' },
      refusals: ['INVALID_INPUT', 'NOT_FOUND'],
    },
  },
  {
    method: 'POST',
    path: '/scripts/{id}:archive',
    operationId: 'archiveScript',
    summary: 'Archive a script and its profiles permanently',
    operation: `mutation ($input: ArchiveScriptInput!) { done: archiveScript(input: $input) { ${userErrors} } }`,
    variables: ({ path }) => ({ input: { id: scriptId(path) } }),
    answer: () => ({ status: 204 }),
    openapi: { success: { status: 204 }, refusals: ['SCRIPT_NOT_ACTIVE', 'NOT_FOUND'] },
  },
  {
    method: 'POST',
    path: '/scripts/{id}:redact',
    operationId: 'redactScript',
    summary: 'Archive a script permanently, and delete its code and attachments',
    operation: `mutation ($input: RedactScriptInput!) { done: redactScript(input: $input) { ${userErrors} } }`,
    variables: ({ path }) => ({ input: { id: scriptId(path) } }),
    answer: () => ({ status: 204 }),
    openapi: { success: { status: 204 }, refusals: ['NOT_FOUND'] },
  },
];

/** Reads the number of a version. The graph's integers have 32 bits. */
function versionNumber(path: Parameters['path']): number {
  const number = Number(idOf('version of the script', path, 'number'));
  if (number >= 2 ** 31) throw notFound('version of the script', number);
  return number;
}

function attachmentAnswer(
  attachments: readonly { databaseId: number; filename: string; content: string }[],
  path: Parameters['path'],
) {
  const id = idOf('attachment', path, 'attachment');
  const found = attachments.find(({ databaseId }) => databaseId === Number(id));
  if (!found) throw notFound('attachment', id);
  return {
    status: 200,
    headers: {
      'content-type': 'application/octet-stream',
      // RFC 6266: a browser must never display the file, whatever its content is.
      'content-disposition': `attachment; filename*=UTF-8''${encodeURIComponent(found.filename).replace(/['()*]/g, percentEncoded)}`,
    },
    body: Buffer.from(found.content, 'base64'),
  };
}

const percentEncoded = (character: string) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`;
