import { activityTypes } from '../../domain/activities/activity.ts';
import { invalid } from '../../domain/errors.ts';
import { splitScript } from '../../domain/scripts/script.ts';
import { withoutMark } from '../../domain/text.ts';
import { MAX_LIMIT } from '../paging.ts';
import type { JsonObject } from '../request.ts';
import { userErrors } from '../route.ts';
import { toNumbers } from '../wire/activity.wire.ts';
import {
  type ComputerData,
  computerFields,
  pendingFields,
  toComputer,
  toPending,
} from '../wire/computer.wire.ts';
import { scriptFields, toPlainScript } from '../wire/script.wire.ts';
import { accessGroupActions } from './access-group-actions.ts';
import { accountNameQuery, type LegacyAction } from './action.ts';
import type { LegacyParameters } from './action-parameters.ts';
import { administratorActions } from './administrator-actions.ts';
import { computerActions, computerIds } from './computer-actions.ts';
import { otherAreaActions } from './other-area-actions.ts';
import { roleActions } from './role-actions.ts';
import { savedSearchActions } from './saved-search-actions.ts';
import { scriptActions, scriptId } from './script-actions.ts';

/**
 * The actions that existing clients call at `/api/?action=…`, by GET or by a form. Some GET requests change data, as in
 * the real system. Another page cannot cause them, because a browser does not send the token by itself. These actions
 * ignore the cookie.
 */
export const legacyActions: readonly LegacyAction[] = [
  {
    name: 'GetActivityTypes',
    summary: 'List the types of activities',
    operation: accountNameQuery,
    variables: () => ({}),
    answer: () => ({ status: 200, body: activityTypes }),
    openapi: { schema: 'ActivityTypes', refusals: [] },
  },
  {
    name: 'ApproveActivities',
    summary: 'Approve the activities that match a query, either all or none',
    operation: `mutation ($input: ApproveActivitiesInput!) {
      done: approveActivities(input: $input) { activities { databaseId } ${userErrors} }
    }`,
    variables: (parameters) => ({ input: { query: parameters.required('query') } }),
    answer: ({ done }) => ({ status: 200, body: toNumbers(done.activities) }),
    openapi: { parameters: ['query'], schema: 'Ids', refusals: ['INVALID_INPUT'] },
  },
  {
    name: 'CancelActivities',
    summary: 'Cancel the activities that match a query, either all or none',
    operation: `mutation ($input: CancelActivitiesInput!) {
      done: cancelActivities(input: $input) { activities { databaseId } ${userErrors} }
    }`,
    variables: (parameters) => ({ input: { query: parameters.required('query') } }),
    answer: ({ done }) => ({ status: 200, body: toNumbers(done.activities) }),
    openapi: { parameters: ['query'], schema: 'Ids', refusals: ['INVALID_INPUT'] },
  },
  {
    name: 'GetPendingComputers',
    summary: 'List pending computers, sorted by number',
    operation: `query ($first: Int!) {
      computers(filter: { status: PENDING }, first: $first) { nodes { ${pendingFields} } }
    }`,
    variables: () => ({ first: MAX_LIMIT }),
    answer: ({ computers }) => ({ status: 200, body: computers.nodes.map(toPending) }),
    openapi: { schema: 'PendingComputers', refusals: [] },
  },
  {
    name: 'AcceptPendingComputers',
    summary: 'Accept computers, either all or none, into an access group that defaults to `global`',
    operation: `mutation ($input: AcceptComputersInput!) {
      done: acceptComputers(input: $input) { computers { ${computerFields} } ${userErrors} }
    }`,
    variables: (parameters) => ({
      input: {
        ids: acceptedIds(parameters),
        accessGroup: parameters.get('access_group') ?? 'global',
      },
    }),
    answer: ({ done }) => ({
      status: 200,
      body: done.computers.map((computer: ComputerData) => ({
        ...toComputer(computer),
        last_exchange_time: null,
      })),
    }),
    names: { ids: 'computer_ids' },
    openapi: {
      parameters: ['computer_ids.1', 'access_group'],
      schema: 'AcceptedComputers',
      refusals: ['INVALID_INPUT', 'NOT_FOUND'],
    },
  },
  {
    name: 'CreateScript',
    summary: 'Create a script',
    operation: `mutation ($input: CreateScriptInput!) {
      done: createScript(input: $input) { script { ${scriptFields} } ${userErrors} }
    }`,
    variables: (parameters) => {
      parameters.required('code');
      return { input: { ...scriptOf(parameters), accessGroup: parameters.get('access_group') } };
    },
    answer: ({ done }) => ({ status: 200, body: toPlainScript(done.script) }),
    openapi: {
      parameters: ['title', 'code', 'script_type', 'time_limit', 'username', 'access_group'],
      schema: 'PlainScript',
      refusals: ['INVALID_INPUT', 'TITLE_TAKEN'],
    },
  },
  {
    name: 'EditScript',
    summary: 'Edit a script. Its profiles run the new version from then on',
    operation: `mutation ($input: UpdateScriptInput!) {
      done: updateScript(input: $input) { script { ${scriptFields} } ${userErrors} }
    }`,
    variables: (parameters) => {
      const id = scriptId(parameters);
      return { input: { id, ...scriptOf(parameters, { isEdit: true }) } };
    },
    answer: ({ done }) => ({ status: 200, body: toPlainScript(done.script) }),
    names: { id: 'script_id' },
    openapi: {
      parameters: ['script_id', 'title', 'code', 'time_limit', 'username'],
      schema: 'PlainScript',
      refusals: ['INVALID_INPUT', 'SCRIPT_NOT_ACTIVE', 'NOT_FOUND', 'TITLE_TAKEN'],
    },
  },
  ...accessGroupActions,
  ...roleActions,
  ...administratorActions,
  ...savedSearchActions,
  ...computerActions,
  ...scriptActions,
  ...otherAreaActions,
];

/** The fields of a script that the parameters contain. */
function scriptOf(parameters: LegacyParameters, { isEdit } = { isEdit: false }): JsonObject {
  const type = parameters.get('script_type');
  if (type !== undefined && type.toUpperCase() !== 'V2') throw invalid('script_type', type, 'V2');
  const text = parameters.text('code');
  return {
    title: parameters.get('title'),
    timeLimit: parameters.number('time_limit'),
    username: parameters.get('username'),
    ...(text !== undefined && textOf(text, parameters.get('interpreter'), isEdit)),
  };
}

/**
 * Code and interpreter of a script. Clients see the code without its `#!` line and send it back like that. So an edit
 * without that line keeps the interpreter. A named interpreter has priority over a `#!` line in the code.
 */
function textOf(given: string, interpreter: string | undefined, isEdit: boolean): JsonObject {
  const text = withoutMark(given);
  const hasLine = text.startsWith('#!');
  if (interpreter === undefined) return isEdit && !hasLine ? { code: text } : splitScript(text);
  const whole = hasLine ? splitScript(text) : undefined;
  return whole?.interpreter.trim() === interpreter.trim() ? whole : { interpreter, code: text };
}

function acceptedIds(parameters: LegacyParameters): string[] {
  const [replaced] = parameters.list('existing_ids');
  if (replaced !== undefined) {
    throw invalid('existing_ids', replaced, 'omitted, because an accepted computer cannot replace another');
  }
  return computerIds(parameters);
}
