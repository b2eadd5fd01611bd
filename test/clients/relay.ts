import { execFile } from 'node:child_process';
import { copyFile, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, beforeEach, expect, jest, test } from '@jest/globals';
import {
  type ConcreteRequest,
  commitMutation,
  createOperationDescriptor,
  Environment,
  fetchQuery,
  getSingularSelector,
  Network,
  type ReaderFragment,
  RecordSource,
  Store,
} from 'relay-runtime';
import type { TestApp } from '../support/app.ts';
import { sharedApp } from '../support/shared-app.ts';

// biome-ignore lint/suspicious/noExplicitAny: relay-runtime has no types for the compiled documents
type Data = any;

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

// A dashboard on Relay. relay-compiler compiles its documents, and relay-runtime runs them.
export function relay(): void {
  let app: TestApp;
  let folder: string;
  let environment: Environment;
  let requests: number;

  beforeAll(async () => {
    app = await sharedApp({ seed: 'demo' });
    folder = await mkdtemp(join(tmpdir(), 'relay-'));
    await mkdir(join(folder, 'src'));
    await copyFile(here('relay/relay.config.json'), join(folder, 'relay.config.json'));
    await copyFile(here('relay/dashboard.ts'), join(folder, 'src/dashboard.ts'));
    await copyFile(here('../../schema.graphql'), join(folder, 'schema.graphql'));
    const compiler = here('../../node_modules/.bin/relay-compiler');
    await promisify(execFile)(compiler, ['relay.config.json'], { cwd: folder });
  });
  afterAll(() => rm(folder, { recursive: true }));

  const warn = jest.spyOn(console, 'error');
  beforeEach(() => {
    warn.mockClear();
    requests = 0;
    environment = new Environment({
      store: new Store(new RecordSource()),
      network: Network.create(async ({ text }, variables) => {
        requests += 1;
        const { data, errors } = await app.graphql(text!, variables);
        return errors ? { data, errors } : { data };
      }),
    });
  });
  /** Relay warns if it cannot store an answer, for example two different objects with one id. */
  const expectNoWarning = () => expect(warn.mock.calls).toEqual([]);

  const compiled = async (name: string) =>
    (await import(join(folder, `src/__generated__/${name}.graphql.ts`))).default;
  const fetchIt = async (name: string, variables: object): Promise<Data> =>
    fetchQuery(environment, await compiled(name), { ...variables }).toPromise();
  const mutate = async (name: string, variables: object): Promise<Data> => {
    const mutation: ConcreteRequest = await compiled(name);
    return new Promise((resolve, reject) => {
      commitMutation(environment, {
        mutation,
        variables: { ...variables },
        onCompleted: resolve,
        onError: reject,
      });
    });
  };
  const fragment = async (name: string, of: Data): Promise<Data> => {
    const reader: ReaderFragment = await compiled(name);
    return environment.lookup(getSingularSelector(reader, of)!).data;
  };

  /** The variables of a dashboard whose controls are all unset. */
  const unset = { first: null, after: null, filter: null, orderBy: null, from: null };

  /** Reads the page's data from the store, without a request. */
  async function shown(variables: object) {
    const query: ConcreteRequest = await compiled('dashboardQuery');
    const root = environment.lookup(createOperationDescriptor(query, { ...variables }).fragment).data;
    const { scriptProfiles } = await fragment('dashboard_profiles', root);
    const nodes: Data[] = scriptProfiles.edges.map(({ node }: Data) => node);
    return {
      connection: scriptProfiles.__id,
      pageInfo: scriptProfiles.pageInfo,
      nodes,
      rows: await Promise.all(nodes.map((node) => fragment('dashboard_row', node))),
    };
  }

  test('if every variable is null, lists have their default order and filter', async () => {
    await fetchIt('dashboardQuery', unset);
    const { rows } = await shown(unset);
    const { data } = await app.graphql('{ scriptProfiles { nodes { title } } }');
    expect(rows.map(({ title }) => ({ title }))).toEqual(data.scriptProfiles.nodes);
    expectNoWarning();
  });

  test('pages are merged into one connection, and each trigger is read by its type', async () => {
    const variables = { ...unset, first: 3, filter: { status: 'ALL' } };
    await fetchIt('dashboardQuery', variables);
    for (let page = await shown(variables); page.pageInfo.hasNextPage; page = await shown(variables))
      await fetchIt('dashboardProfilesQuery', { ...variables, after: page.pageInfo.endCursor });
    const { rows } = await shown(variables);
    const { data } = await app.graphql('{ scriptProfiles(filter: { status: ALL }) { nodes { title } } }');
    expect(rows.map(({ title }) => ({ title }))).toEqual(data.scriptProfiles.nodes);
    expect(rows.length).toBeGreaterThan(6);
    const kinds = new Map(rows.map(({ trigger }) => [trigger.__typename, Object.keys(trigger).toSorted()]));
    expect(Object.fromEntries(kinds)).toEqual({
      EventTrigger: ['__typename', 'eventType'],
      OneTimeTrigger: ['__typename', 'timestamp'],
      RecurringTrigger: ['__typename', 'interval'],
    });
    expectNoWarning();
  });

  test('a created profile is added at the top, a renamed one shows its new title, and one is refetched by its id', async () => {
    const variables = { ...unset, first: 3 };
    await fetchIt('dashboardQuery', variables);
    const { connection } = await shown(variables);
    const trigger = { event: { eventType: 'POST_ENROLLMENT' } };
    const input = { title: 'Created by Relay', scriptId: '35', username: 'root', timeLimit: 60, trigger };
    const { createScriptProfile } = await mutate('dashboardCreateMutation', {
      input,
      connections: [connection],
    });
    expect(createScriptProfile.userErrors).toEqual([]);
    const [{ id }] = (await shown(variables)).nodes;
    expect((await shown(variables)).rows[0].title).toBe('Created by Relay');

    await mutate('dashboardRenameMutation', { id, title: 'Renamed' });
    expect((await shown(variables)).rows[0].title).toBe('Renamed');
    // Only the list and the two mutations were sent.
    expect(requests).toBe(3);

    await app.graphql(
      `mutation { updateScriptProfile(input: { id: "${id}", title: "Elsewhere" }) { clash { current { id } } } }`,
    );
    await fetchIt('dashboardRowQuery', { id });
    expect((await shown(variables)).rows[0].title).toBe('Elsewhere');
    expectNoWarning();
  });
}
