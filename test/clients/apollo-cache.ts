import type { TypePolicies } from '@apollo/client';
import { relayStylePagination } from '@apollo/client/utilities';
import { lists, partsOfThings, possibleTypes } from './cache-config.ts';

const policies = (fields: Readonly<Record<string, string[]>>) =>
  Object.fromEntries(Object.entries(fields).map(([name, by]) => [name, relayStylePagination(by)]));

const typePolicies: TypePolicies = {
  ...Object.fromEntries(partsOfThings.map((type) => [type, { keyFields: false, merge: true }])),
  ...Object.fromEntries(Object.entries(lists).map(([type, fields]) => [type, { fields: policies(fields) }])),
};

/** For `new InMemoryCache(cacheOptions)`. */
export const cacheOptions = { possibleTypes, typePolicies };
