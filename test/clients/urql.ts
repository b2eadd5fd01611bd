import { beforeAll, beforeEach, expect, test } from '@jest/globals';
import { Client, fetchExchange } from '@urql/core';
import { cacheExchange } from '@urql/exchange-graphcache';
import { introspectionFromSchema } from 'graphql';
import { createSchema } from '../../src/graphql/schema.ts';
import type { TestApp } from '../support/app.ts';
import { operation } from '../support/operations.ts';
import { sharedApp } from '../support/shared-app.ts';
import { waitUntil } from '../support/waiting.ts';
import { cacheOptions } from './urql-cache.ts';

// biome-ignore lint/suspicious/noExplicitAny: the documents here are untyped; the test of codegen uses generated types
type Data = any;

// A dashboard on urql with its normalised cache.
export function urql(): void {
  const schema = introspectionFromSchema(createSchema());
  let app: TestApp;
  let client: Client;
  let requests: number;
  /** The cache warns about objects that it cannot store, and about fields that the schema lacks. */
  let warnings: string[];

  beforeAll(async () => {
    app = await sharedApp({ seed: 'demo' });
  });
  beforeEach(() => {
    requests = 0;
    warnings = [];
    const logger = (_severity: string, message: string) => warnings.push(message);
    client = new Client({
      url: `${app.url}/graphql`,
      preferGetMethod: false,
      fetchOptions: { headers: { authorization: `Bearer ${app.token()}` } },
      fetch: (...request) => {
        requests += 1;
        return fetch(...request);
      },
      exchanges: [cacheExchange({ ...cacheOptions, schema, logger }), fetchExchange],
    });
  });

  const ask = async (name: string, variables: object = {}): Promise<Data> => {
    const { data, error } = await client.query(operation(name), variables).toPromise();
    expect(error).toBeUndefined();
    return data;
  };
  const mutate = async (name: string, variables: object): Promise<Data> => {
    const { data, error } = await client.mutation(operation(name), variables).toPromise();
    expect(error).toBeUndefined();
    return Object.values(data as object)[0];
  };
  const titlesIn = (data: Data): string[] => data.scriptProfiles.edges.map(({ node }: Data) => node.title);

  test.each([
    ['Home', {}],
    ['Overview', {}],
    ['Profile', { id: '1' }],
    ['Runs', { after: null, statuses: null }],
    ['Run', { id: '2396' }],
    ['Fleet', { filter: null }],
  ])('%s is stored, and read again without a request or a warning', async (name, variables) => {
    const data = await ask(name, variables);
    expect(await ask(name, variables)).toEqual(data);
    expect({ requests, warnings }).toEqual({ requests: 1, warnings: [] });
  });

  test('pages are merged into one list, also with null for unset variables', async () => {
    const variables = { filter: { status: 'ALL' }, orderBy: null, last: null, before: null };
    let data = await ask('Profiles', { ...variables, first: 3, after: null });
    while (data.scriptProfiles.pageInfo.hasNextPage) {
      const after = data.scriptProfiles.pageInfo.endCursor;
      data = await ask('Profiles', { ...variables, first: 3, after });
    }
    const all = await app.graphql('{ scriptProfiles(filter: { status: ALL }) { nodes { title } } }');
    const titles = all.data.scriptProfiles.nodes.map(({ title }: Data) => title);
    expect(titles.length).toBeGreaterThan(6);
    expect(titlesIn(data)).toEqual(titles);
    expect(warnings).toEqual([]);
  });

  test('a renamed profile shows its new title without a request, and after a creation the list is fetched again', async () => {
    const variables = { first: 2, filter: null };
    const shown: string[][] = [];
    const list = client.query(operation('Profiles'), variables).subscribe(({ data }) => {
      if (data) shown.push(titlesIn(data));
    });
    const [first] = (await ask('Profiles', variables)).scriptProfiles.edges;
    expect(
      (await mutate('UpdateProfile', { input: { id: first.node.id, title: 'Renamed' } })).userErrors,
    ).toEqual([]);
    expect(shown.at(-1)![0]).toBe('Renamed');
    expect(requests).toBe(2);

    const trigger = { event: { eventType: 'POST_ENROLLMENT' } };
    const input = { title: 'Created by urql', scriptId: '35', username: 'root', timeLimit: 60, trigger };
    expect((await mutate('CreateProfile', { input })).userErrors).toEqual([]);
    await waitUntil('the list has the new profile', () => shown.at(-1)![0] === 'Created by urql');
    expect(warnings).toEqual([]);
    list.unsubscribe();
  });
}
