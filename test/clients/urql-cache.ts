import type { Cache, CacheExchangeOpts } from '@urql/exchange-graphcache';
import { relayPagination } from '@urql/exchange-graphcache/extras';
import { lists, partsOfThings } from './cache-config.ts';

const pages = (fields: object) =>
  Object.fromEntries(Object.keys(fields).map((name) => [name, relayPagination()]));

/** A new object may be on any page of a list, so the list is fetched again. */
function forget(cache: Cache, list: keyof typeof lists.Query): void {
  for (const { fieldName, arguments: args } of cache.inspectFields('Query'))
    if (fieldName === list) cache.invalidate('Query', fieldName, args);
}

/** For `cacheExchange({ ...cacheOptions, schema })`. The schema is the result of an introspection query. */
export const cacheOptions: CacheExchangeOpts = {
  keys: Object.fromEntries(partsOfThings.map((type) => [type, () => null])),
  resolvers: Object.fromEntries(Object.entries(lists).map(([type, fields]) => [type, pages(fields)])),
  updates: {
    Mutation: { createScriptProfile: (_result, _args, cache) => forget(cache, 'scriptProfiles') },
  },
};
