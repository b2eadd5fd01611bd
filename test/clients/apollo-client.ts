import { createHash } from 'node:crypto';
import { ApolloClient, gql, HttpLink, InMemoryCache, type Reference } from '@apollo/client';
import { PersistedQueryLink } from '@apollo/client/link/persisted-queries';
import { beforeAll, beforeEach, expect, test } from '@jest/globals';
import type { TestApp } from '../support/app.ts';
import { operation } from '../support/operations.ts';
import { sharedApp } from '../support/shared-app.ts';
import { cacheOptions } from './apollo-cache.ts';

// biome-ignore lint/suspicious/noExplicitAny: the documents here are untyped; the test of codegen uses generated types
type Data = any;

// A dashboard on Apollo Client, with its normalised cache and its paging.
export function apolloClient(): void {
  const Profiles = operation('Profiles');

  let app: TestApp;
  let client: ApolloClient;
  /** The requests that were sent: the method, and whether the request had the document or its hash. */
  let wire: { method: string; hasDocument: boolean; hash?: string }[];

  beforeAll(async () => {
    app = await sharedApp({ seed: 'demo' });
  });
  beforeEach(() => {
    wire = [];
    client = connect(http());
  });

  function http() {
    return new HttpLink({
      uri: `${app.url}/graphql`,
      headers: { authorization: `Bearer ${app.token()}`, 'apollo-require-preflight': 'true' },
      fetch: (url, options) => {
        const { searchParams } = new URL(String(url));
        const sent = options?.body ? JSON.parse(String(options.body)) : Object.fromEntries(searchParams);
        const extensions =
          typeof sent.extensions === 'string' ? JSON.parse(sent.extensions) : sent.extensions;
        const hash = extensions?.persistedQuery?.sha256Hash;
        wire.push({ method: options?.method ?? 'GET', hasDocument: !!sent.query, ...(hash && { hash }) });
        return fetch(url, options);
      },
    });
  }

  function connect(link: HttpLink | ReturnType<PersistedQueryLink['concat']>): ApolloClient {
    return new ApolloClient({ link, cache: new InMemoryCache(cacheOptions) });
  }

  const titlesIn = (data: Data): string[] => data.scriptProfiles.edges.map(({ node }: Data) => node.title);
  const all = { filter: { status: 'ALL' }, orderBy: { field: 'TITLE', direction: 'ASC' } };

  /** Watches a list, and records what it shows from the first answer on. */
  async function watch(variables: object) {
    const list = client.watchQuery<Data>({ query: Profiles, variables });
    const emitted: Data[] = [];
    let check = () => {};
    const subscription = list.subscribe(({ data, loading }) => {
      if (loading || !data) return;
      emitted.push(data);
      check();
    });
    const untilEmitted = (times: number) =>
      new Promise<void>((resolve) => {
        check = () => emitted.length >= times && resolve();
        check();
      });
    /** Runs the work, and waits until the list changes. */
    const seen = async <Result>(work: () => Promise<Result>): Promise<Result> => {
      const times = emitted.length + 1;
      const result = await work();
      await untilEmitted(times);
      return result;
    };
    await untilEmitted(1);
    return {
      seen,
      shown: () => emitted.at(-1),
      more: (cursor: object) => seen(() => list.fetchMore({ variables: cursor })),
      stop: () => subscription.unsubscribe(),
    };
  }

  async function allTitles(): Promise<string[]> {
    const { data } = await connect(http()).query<Data>({
      query: Profiles,
      variables: { ...all, first: 100 },
    });
    return titlesIn(data);
  }

  test('a list pages forward into one list of the cache', async () => {
    const { more, shown, stop } = await watch({ ...all, first: 3 });
    expect(titlesIn(shown())).toHaveLength(3);
    while (shown().scriptProfiles.pageInfo.hasNextPage)
      await more({ after: shown().scriptProfiles.pageInfo.endCursor });
    const titles = await allTitles();
    expect(titles.length).toBeGreaterThan(6);
    expect(titlesIn(shown())).toEqual(titles);
    stop();
  });

  test('a list pages backward into one list of the cache', async () => {
    const { more, shown, stop } = await watch({ ...all, last: 3 });
    expect(titlesIn(shown())).toHaveLength(3);
    while (shown().scriptProfiles.pageInfo.hasPreviousPage)
      await more({ before: shown().scriptProfiles.pageInfo.startCursor });
    expect(titlesIn(shown())).toEqual(await allTitles());
    stop();
  });

  test('a created profile appears at the top of the list immediately, and a renamed one under its new title', async () => {
    const { seen, shown, stop } = await watch({ first: 3 });
    const input = {
      title: 'Made by Apollo Client',
      scriptId: '35',
      username: 'root',
      timeLimit: 60,
      trigger: { event: { eventType: 'POST_ENROLLMENT' } },
    };
    const made = await seen(() =>
      client.mutate<Data>({
        mutation: operation('CreateProfile'),
        variables: { input },
        update(cache, { data }) {
          const { __typename, id } = data.createScriptProfile.scriptProfile;
          const node: Reference = { __ref: cache.identify({ __typename, id })! };
          const edge = { __typename: 'ScriptProfileEdge', cursor: '', node };
          cache.modify({
            fields: { scriptProfiles: (page: Data) => ({ ...page, edges: [edge, ...page.edges] }) },
          });
        },
      }),
    );
    const requests = wire.length;
    expect(titlesIn(shown())[0]).toBe(input.title);
    // A client without a cache receives the same list.
    const fresh = await connect(http()).query<Data>({ query: Profiles, variables: { first: 4 } });
    expect(titlesIn(shown())).toEqual(titlesIn(fresh.data));

    const { id } = made.data!.createScriptProfile.scriptProfile;
    await client.mutate({
      mutation: operation('UpdateProfile'),
      variables: { input: { id, title: 'Renamed' } },
    });
    expect(titlesIn(shown())[0]).toBe('Renamed');
    expect(client.cache.extract()).toHaveProperty([`ScriptProfile:${id}`, 'title'], 'Renamed');
    // One request is from that client, and one is the mutation. Nothing was fetched again.
    expect(wire).toHaveLength(requests + 2);
    stop();
  });

  test('a refusal that a form can show is returned as data and not thrown', async () => {
    const input = {
      title: '',
      scriptId: '35',
      username: 'root',
      timeLimit: 0,
      trigger: { recurring: { interval: 'daily', startAfter: '2025-05-01T00:00:00Z' } },
    };
    const { data, error } = await client.mutate<Data>({
      mutation: operation('CreateProfile'),
      variables: { input },
    });
    expect(error).toBeUndefined();
    expect(data.createScriptProfile.scriptProfile).toBeNull();
    expect(data.createScriptProfile.userErrors.map(({ code, field }: Data) => [code, field])).toEqual([
      ['INVALID_INPUT', 'title'],
      ['INVALID_INPUT', 'timeLimit'],
      ['INVALID_CRON', 'trigger.recurring.interval'],
    ]);
  });

  test('two queries of an object without an id are merged in the cache', async () => {
    const ask = (used: string) => client.query({ query: gql`{ limits { id used { ${used} } } }` });
    await ask('profiles');
    await ask('computers');
    expect(
      client.readQuery<object>({ query: gql`{ limits { id used { profiles computers } } }` }),
    ).toMatchObject({
      limits: { used: { profiles: expect.any(Number), computers: expect.any(Number) } },
    });
  });

  test('a document that was sent once is then requested by its hash, with GET', async () => {
    const sha256 = (document: string) => createHash('sha256').update(document).digest('hex');
    const persisted = () =>
      connect(new PersistedQueryLink({ sha256, useGETForHashedQueries: true }).concat(http()));
    const query = () => persisted().query<Data>({ query: operation('Overview') });
    const { data } = await query();
    expect(data.viewer.accountName).toBe('standalone');
    const hash = wire[0]!.hash;
    expect(hash).toMatch(/^[\da-f]{64}$/);
    expect(wire).toEqual([
      { method: 'GET', hasDocument: false, hash },
      { method: 'POST', hasDocument: true, hash },
    ]);
    wire = [];
    expect((await query()).data).toEqual(data);
    expect(wire).toEqual([{ method: 'GET', hasDocument: false, hash }]);
  });
}
