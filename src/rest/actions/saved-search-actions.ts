import { userErrors } from '../route.ts';
import type { LegacyAction } from './action.ts';

const fields = 'name search title';

/** Actions on the account's saved searches for computers. */
export const savedSearchActions: readonly LegacyAction[] = [
  {
    name: 'GetSavedSearches',
    summary: 'List saved searches, sorted by name',
    operation: `query { savedSearches { ${fields} } }`,
    variables: () => ({}),
    answer: ({ savedSearches }) => ({ status: 200, body: savedSearches }),
    openapi: { schema: 'SavedSearches', refusals: [] },
  },
  {
    name: 'CreateSavedSearch',
    summary: 'Save a search for computers',
    operation: `mutation ($input: CreateSavedSearchInput!) {
      done: createSavedSearch(input: $input) { savedSearch { ${fields} } ${userErrors} }
    }`,
    variables: (parameters) => ({
      input: {
        title: parameters.required('title'),
        search: parameters.required('search'),
        name: parameters.get('name'),
      },
    }),
    answer: ({ done }) => ({ status: 200, body: done.savedSearch }),
    openapi: {
      parameters: ['title', 'search', 'name'],
      schema: 'SavedSearch',
      refusals: ['INVALID_INPUT', 'TITLE_TAKEN'],
    },
  },
  {
    name: 'EditSavedSearch',
    summary: 'Change the title or the query of a saved search',
    operation: `mutation ($input: UpdateSavedSearchInput!) {
      done: updateSavedSearch(input: $input) { savedSearch { ${fields} } ${userErrors} }
    }`,
    variables: (parameters) => ({
      input: {
        name: parameters.required('name'),
        title: parameters.get('title'),
        search: parameters.get('search'),
      },
    }),
    answer: ({ done }) => ({ status: 200, body: done.savedSearch }),
    openapi: {
      parameters: ['name', 'title', 'search'],
      schema: 'SavedSearch',
      refusals: ['INVALID_INPUT', 'NOT_FOUND'],
    },
  },
  {
    name: 'RemoveSavedSearch',
    summary: 'Remove a saved search. Returns null',
    operation: `mutation ($input: DeleteSavedSearchInput!) {
      done: deleteSavedSearch(input: $input) { ${userErrors} }
    }`,
    variables: (parameters) => ({ input: { name: parameters.required('name') } }),
    answer: () => ({ status: 200, body: null }),
    openapi: { parameters: ['name'], schema: 'Null', refusals: ['NOT_FOUND'] },
  },
];
