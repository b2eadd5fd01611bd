import { InMemoryCache, type TypePolicies } from '@apollo/client';
import { relayStylePagination } from '@apollo/client/utilities';
import { lists, partsOfThings, possibleTypes } from './cache-config.ts';
import { fragments } from './graphql.ts';
import { runPolicies } from './run-policies.ts';

const policies = (fields: Readonly<Record<string, string[]>>) =>
  Object.fromEntries(Object.entries(fields).map(([name, by]) => [name, relayStylePagination(by)]));

const typePolicies: TypePolicies = {
  ...Object.fromEntries(partsOfThings.map((type) => [type, { keyFields: false as const, merge: true }])),
  ...Object.fromEntries(Object.entries(lists).map(([type, fields]) => [type, { fields: policies(fields) }])),
  Activity: { fields: { ...policies(lists.Activity), ...runPolicies } },
};

/** The cache as docs/clients.md has it. Objects are found by their id, lists continue where their page ended. */
export const createCache = (): InMemoryCache => new InMemoryCache({ possibleTypes, typePolicies, fragments });
