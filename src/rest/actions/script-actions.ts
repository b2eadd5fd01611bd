import { invalid, notFound } from '../../domain/errors.ts';
import { userErrors } from '../route.ts';
import { anyActivityFields, toAnyActivity } from '../wire/activity.wire.ts';
import type { LegacyAction } from './action.ts';
import type { LegacyParameters } from './action-parameters.ts';

/**
 * The attachments of a script have a maximum total size of 1 MiB. They are sent in base64, and a form may escape each
 * character to three.
 */
const MAX_ATTACHMENT_FORM_BYTES = 5 * 1024 * 1024;

/** Actions on a script, except for those on its code. */
export const scriptActions: readonly LegacyAction[] = [
  {
    name: 'ExecuteScript',
    summary: 'Run a script on the computers that match a query. Returns the run',
    operation: `mutation ($input: RunScriptInput!) {
      done: runScript(input: $input) { activity { ${anyActivityFields} } ${userErrors} }
    }`,
    variables: (parameters) => ({
      input: {
        scriptId: scriptId(parameters),
        query: parameters.required('query'),
        username: parameters.get('username'),
        timeLimit: parameters.number('time_limit'),
        deliverAfter: parameters.get('deliver_after'),
      },
    }),
    answer: ({ done }) => ({ status: 200, body: toAnyActivity(done.activity) }),
    openapi: {
      parameters: ['script_id', 'query', 'username', 'time_limit', 'deliver_after'],
      schema: 'AnyActivity',
      refusals: ['INVALID_INPUT', 'SCRIPT_NOT_ACTIVE', 'NOT_FOUND'],
    },
  },
  {
    name: 'CreateScriptAttachment',
    summary: 'Add a file to a script. Returns its name',
    operation: `mutation ($input: AddScriptAttachmentInput!) {
      done: addScriptAttachment(input: $input) { ${userErrors} }
    }`,
    variables: (parameters) => ({ input: { scriptId: scriptId(parameters), ...fileOf(parameters) } }),
    answer: (_data, parameters) => ({ status: 200, body: fileOf(parameters).filename }),
    names: { filename: 'file', content: 'file' },
    largestBody: MAX_ATTACHMENT_FORM_BYTES,
    openapi: {
      parameters: ['script_id', 'file'],
      schema: 'Filename',
      refusals: ['INVALID_INPUT', 'SCRIPT_NOT_ACTIVE', 'NOT_FOUND'],
    },
  },
  {
    name: 'RemoveScriptAttachment',
    summary: 'Remove a file from a script. Returns null',
    operation: `mutation ($input: RemoveScriptAttachmentInput!) {
      done: removeScriptAttachment(input: $input) { ${userErrors} }
    }`,
    variables: (parameters) => ({
      input: { scriptId: scriptId(parameters), filename: parameters.required('filename') },
    }),
    answer: () => ({ status: 200, body: null }),
    openapi: {
      parameters: ['script_id', 'filename'],
      schema: 'Null',
      refusals: ['INVALID_INPUT', 'SCRIPT_NOT_ACTIVE', 'NOT_FOUND'],
    },
  },
];

/** @throws Refusal INVALID_INPUT, NOT_FOUND */
export function scriptId(parameters: LegacyParameters): string {
  const id = parameters.required('script_id');
  if (!/^\d{1,15}$/.test(id)) throw notFound('script', id, 'script_id');
  return id;
}

/**
 * Parses `<name>$$<base64>`. The name may contain `$$`, but base64 cannot.
 * @throws Refusal INVALID_INPUT
 */
function fileOf(parameters: LegacyParameters): { filename: string; content: string } {
  const file = parameters.required('file');
  const end = file.lastIndexOf('$$');
  if (end < 0) throw invalid('file', file, 'a name, `$$` and the content in base64');
  return { filename: file.slice(0, end), content: file.slice(end + 2) };
}
