import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createSchema } from '../src/graphql/schema.ts';
import { outcomeOf } from './graphql/access-world.ts';
import { startApp, type TestApp } from './support/app.ts';
import { NOW } from './support/builders.ts';
import { followed, operations, written } from './support/every-operation.ts';
import { callRoute, everyRoute } from './support/every-route.ts';
import { follow } from './support/following.ts';
import {
  aboutTokens,
  type Furnished,
  furnish,
  logInAndOut,
  ofComputers,
  workAsComputer,
} from './support/furnished.ts';

// Every operation of the graph and every route of the legacy API succeeds once. Runs on both databases, so that each
// statement is tested on both.

let app: TestApp;
/** One account for each API, because both archive objects of their account. */
let byGraph: Furnished;
let byRest: Furnished;
beforeAll(async () => {
  app = await startApp({ seed: 'none', now: NOW });
  byGraph = await furnish(app, 'by-graph');
  byRest = await furnish(app, 'by-rest');
});
afterAll(async () => {
  expect(app?.faults()).toEqual([]);
  await app?.close();
});

/** Requires an empty installation, see test/rest/first-start.test.ts. */
const ofFirstStart = ['createFirstAccount'];

test('the table lists every field of Query, Mutation and Subscription', () => {
  const schema = createSchema();
  const all = [schema.getQueryType()!, schema.getMutationType()!, schema.getSubscriptionType()!].flatMap(
    (type) => Object.keys(type.getFields()).map((field) => `${type.name}.${field}`),
  );
  const listed = [
    ...operations.map(([name]) => name),
    ...[...ofComputers, ...aboutTokens, ...ofFirstStart].map((name) => `Mutation.${name}`),
    ...Object.keys(followed).map((name) => `Subscription.${name}`),
  ];
  expect(listed.toSorted()).toEqual(all.toSorted());
});

describe('the following succeeds:', () => {
  test.each(Object.keys(followed))('Subscription.%s', async (name) => {
    const document = written(`subscription { ${followed[name]} }`, byGraph.names);
    const following = follow(app, 'server-sent events', document, {}, byGraph.world.admin);
    expect((await following.next())[name]).not.toBeNull();
    await following.stop();
  });

  test.each(operations)('%s', async (_name, document) => {
    const answer = await app.graphql(written(document, byGraph.names), {}, byGraph.world.admin);
    expect([answer.errors, outcomeOf(answer)]).toEqual([undefined, 'done']);
    expect(Object.values(answer.data)).not.toContain(null);
  });

  test(`Mutation.${ofComputers.join(', Mutation.')}`, () => workAsComputer(app, byGraph));

  test(`Mutation.${aboutTokens.join(', Mutation.')}`, () => logInAndOut(app, byGraph));

  test.each(everyRoute.map((route) => ({ ...route, route })))('$method $path', async ({ route }) => {
    const answer = await callRoute(app, route, byRest);
    expect([answer.status, await answer.text()]).toEqual([route.openapi.success.status, expect.any(String)]);
  });
});
