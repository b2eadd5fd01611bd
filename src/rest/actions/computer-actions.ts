import { notFound } from '../../domain/errors.ts';
import { Query } from '../request.ts';
import { userErrors } from '../route.ts';
import { pendingFields, toPending } from '../wire/computer.wire.ts';
import { type InstanceData, instanceFields, toInstance } from '../wire/instance.wire.ts';
import type { LegacyAction } from './action.ts';
import { type LegacyParameters, requiredList } from './action-parameters.ts';

const answered = `computers { ${instanceFields} } ${userErrors}`;
const plain = '$withProfiles: Boolean = false, $withAlerts: Boolean = false';
const toInstances = (computers: readonly InstanceData[]) => computers.map(toInstance(new Query('')));

/** Actions on accepted and pending computers. */
export const computerActions: readonly LegacyAction[] = [
  {
    name: 'AddTagsToComputers',
    summary: 'Add tags to the computers that match a query. Returns the computers',
    operation: `mutation ($input: RetagComputersInput!, ${plain}) {
      done: retagComputers(input: $input) { ${answered} }
    }`,
    variables: (parameters) => ({
      input: { query: parameters.required('query'), add: requiredList(parameters, 'tags') },
    }),
    answer: ({ done }) => ({ status: 200, body: toInstances(done.computers) }),
    names: { add: 'tags' },
    openapi: { parameters: ['query', 'tags.1'], schema: 'Instances', refusals: ['INVALID_INPUT'] },
  },
  {
    name: 'RemoveTagsFromComputers',
    summary: 'Remove tags from the computers that match a query. Returns the computers',
    operation: `mutation ($input: RetagComputersInput!, ${plain}) {
      done: retagComputers(input: $input) { ${answered} }
    }`,
    variables: (parameters) => ({
      input: { query: parameters.required('query'), remove: requiredList(parameters, 'tags') },
    }),
    answer: ({ done }) => ({ status: 200, body: toInstances(done.computers) }),
    names: { remove: 'tags' },
    openapi: { parameters: ['query', 'tags.1'], schema: 'Instances', refusals: ['INVALID_INPUT'] },
  },
  {
    name: 'ChangeComputersAccessGroup',
    summary: 'Move the computers that match a query to an access group. Returns the computers',
    operation: `mutation ($input: RegroupComputersInput!, ${plain}) {
      done: regroupComputers(input: $input) { ${answered} }
    }`,
    variables: (parameters) => ({
      input: { query: parameters.required('query'), accessGroup: parameters.required('access_group') },
    }),
    answer: ({ done }) => ({ status: 200, body: toInstances(done.computers) }),
    openapi: { parameters: ['query', 'access_group'], schema: 'Instances', refusals: ['INVALID_INPUT'] },
  },
  {
    name: 'RejectPendingComputers',
    summary: 'Reject pending computers, either all or none. Returns the computers',
    operation: `mutation ($input: RejectComputersInput!) {
      done: rejectComputers(input: $input) { computers { ${pendingFields} } ${userErrors} }
    }`,
    variables: (parameters) => ({ input: { ids: computerIds(parameters) } }),
    answer: ({ done }) => ({ status: 200, body: done.computers.map(toPending) }),
    names: { ids: 'computer_ids' },
    openapi: {
      parameters: ['computer_ids.1'],
      schema: 'PendingComputers',
      refusals: ['INVALID_INPUT', 'NOT_FOUND'],
    },
  },
  {
    name: 'RemoveComputers',
    summary:
      'Remove computers, chosen by number or by a query, either all or none. Returns the computers before the removal',
    operation: `mutation ($input: RemoveComputersInput!, ${plain}) {
      done: removeComputers(input: $input) { ${answered} }
    }`,
    variables: (parameters) => {
      const query = parameters.get('query');
      const isByQuery = query !== undefined && parameters.list('computer_ids').length === 0;
      return { input: isByQuery ? { query } : { query, ids: computerIds(parameters) } };
    },
    answer: ({ done }) => ({ status: 200, body: toInstances(done.computers) }),
    names: { ids: 'computer_ids' },
    openapi: {
      parameters: ['computer_ids.1', 'query'],
      schema: 'Instances',
      refusals: ['INVALID_INPUT', 'NOT_FOUND'],
    },
  },
];

/** @throws Refusal INVALID_INPUT, NOT_FOUND */
export function computerIds(parameters: LegacyParameters): string[] {
  const ids = requiredList(parameters, 'computer_ids');
  const wrong = ids.find((id) => !/^\d{1,15}$/.test(id));
  if (wrong !== undefined) throw notFound('computer', wrong, 'computer_ids');
  return ids;
}
