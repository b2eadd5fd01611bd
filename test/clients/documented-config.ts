import { readFileSync } from 'node:fs';
import { ApolloClient, gql, HttpLink, InMemoryCache } from '@apollo/client';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { isAbstractType, isObjectType } from 'graphql';
import { createSchema } from '../../src/graphql/schema.ts';
import { startApp, type TestApp } from '../support/app.ts';
import { keys, partsOfThings, possibleTypes, typePolicies } from './cache-config.ts';

// What docs/clients.md gives to copy: it fits the schema, and a cache works with it.

const schema = createSchema();
const types = Object.values(schema.getTypeMap()).filter(({ name }) => !name.startsWith('__'));
const roots = [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()];

let app: TestApp;
beforeAll(async () => {
  app = await startApp({ seed: 'demo' });
});
afterAll(() => app?.close());

test('docs/clients.md has the file as it is', () => {
  const read = (path: string) => readFileSync(new URL(path, import.meta.url), 'utf8');
  expect(read('../../docs/clients.md')).toContain(`\`\`\`ts\n${read('cache-config.ts')}\`\`\``);
});

test('the members of every interface and union are listed', () => {
  const members = types.filter(isAbstractType).map((type) => [
    type.name,
    schema
      .getPossibleTypes(type)
      .map(({ name }) => name)
      .toSorted(),
  ]);
  expect(possibleTypes).toEqual(Object.fromEntries(members));
});

test('every object type has an id, or is listed as a part of something, or is the frame of a list or a payload', () => {
  const withoutId = types
    .filter(isObjectType)
    .filter((type) => !roots.includes(type) && !type.getFields().id)
    .map(({ name }) => name)
    .filter((name) => !/(Connection|Edge|Payload|PageInfo|UserError)$/.test(name));
  expect(partsOfThings.toSorted()).toEqual(withoutId.toSorted());
  expect(Object.keys(keys).toSorted()).toEqual(withoutId.toSorted());
});

test('every list with pages has a policy, which keeps apart what its arguments keep apart', () => {
  const lists = types.filter(isObjectType).flatMap((type) =>
    Object.values(type.getFields())
      .filter((field) => /Connection!?$/.test(String(field.type)))
      .map((field) => `${type.name}.${field.name}`),
  );
  const covered = Object.entries(typePolicies).flatMap(([type, policy]) =>
    Object.keys(policy.fields ?? {}).map((field) => `${type}.${field}`),
  );
  // The computers of a preview are shown once.
  expect(covered.toSorted()).toEqual(
    lists.filter((name) => !name.startsWith('ScriptProfilePreview')).toSorted(),
  );
});

test('a cache with it pages through a list, and keeps what other queries fetched of the same objects', async () => {
  const link = new HttpLink({
    uri: `${app.url}/graphql`,
    headers: { authorization: `Bearer ${app.token()}`, 'apollo-require-preflight': 'true' },
  });
  const client = new ApolloClient({ link, cache: new InMemoryCache({ possibleTypes, typePolicies }) });
  const Page = gql`query ($after: String) {
    scriptProfiles(first: 2, after: $after) {
      edges { cursor node { id title state } } pageInfo { endCursor hasNextPage }
    }
    limits { id minInterval }
  }`;
  // biome-ignore lint/suspicious/noExplicitAny: the document is not typed here
  const read = () => client.readQuery<any>({ query: Page })!;
  await client.query({ query: Page });
  const watched = client.watchQuery({ query: Page });
  const subscription = watched.subscribe(() => {});
  await watched.fetchMore({ variables: { after: read().scriptProfiles.pageInfo.endCursor } });
  expect(read().scriptProfiles.edges).toHaveLength(4);
  await client.query({ query: gql`{ limits { id used { profiles } } viewer { id roles } }` });
  await client.query({ query: gql`{ limits { id used { computers } } }` });
  const cached = client.readQuery<object>({
    query: gql`{ limits { id minInterval used { profiles computers } } }`,
  });
  expect(cached).toMatchObject({
    limits: { minInterval: expect.any(Number), used: { profiles: expect.any(Number) } },
  });
  subscription.unsubscribe();
  client.stop();
});
