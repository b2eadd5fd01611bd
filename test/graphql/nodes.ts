import { beforeAll, describe, expect, test } from '@jest/globals';
import type { TestApp } from '../support/app.ts';
import { NOW } from '../support/builders.ts';
import { anAccount, aRun, insert } from '../support/rows.ts';
import { sharedApp } from '../support/shared-app.ts';
import { ask } from './mutate.ts';

export function nodes(): void {
  let app: TestApp;

  /** Two accounts with a row of each type. The numbers are the same in both if the type's numbering allows it. */
  beforeAll(async () => {
    app = await sharedApp({ seed: 'none', now: NOW });
    const { prisma } = app.database;
    for (const [name, email] of [
      ['acme', 'jane@example.com'],
      ['neighbour', 'joe@example.com'],
    ]) {
      const account = await anAccount(prisma, name, email);
      const own = name === 'acme' ? 1000 : 2000;
      const document = 'mutation { updateLimits(input: { minInterval: 7 }) { userErrors { code } } }';
      await app.graphql(document, {}, app.token(email, name));
      for (const id of name === 'acme' ? [own] : [1000, own]) {
        await insert(prisma, 'script', account, [{ id, title: `${name}'s ${id}` }]);
        await insert(prisma, 'script_profile', account, [{ id, title: `${name}'s ${id}` }]);
        await insert(prisma, 'computer', account, [{ id, title: `${name}'s ${id}` }]);
        await insert(prisma, 'activity', account, [
          { ...aRun(id, 1000, [])[0]!, summary: `${name}'s ${id}` },
        ]);
      }
    }
  });

  const globalId = (type: string, id: number | string) =>
    Buffer.from(`v1:${type}:${id}`).toString('base64url');
  const types = ['AccessGroup', 'Activity', 'Computer', 'Event', 'Person', 'Role', 'Script', 'ScriptProfile'];
  /** The database numbers these consecutively across accounts. */
  const numbered = ['AccessGroup', 'Event', 'Person', 'Role'];

  /** A query for the objects of each type that Jane may see. */
  const ofJane: Record<string, string> = {
    AccessGroup: '{ accessGroups { id databaseId __typename } }',
    Activity: '{ activities { nodes { id databaseId __typename } } }',
    Computer: '{ computers { nodes { id databaseId __typename } } }',
    Event: '{ events { nodes { id databaseId __typename } } }',
    Person: '{ viewer { person { id databaseId __typename } } }',
    Role: '{ roles { id databaseId __typename } }',
    Script: '{ scripts { nodes { id databaseId __typename } } }',
    ScriptProfile: '{ scriptProfiles { nodes { id databaseId __typename } } }',
  };

  interface Ids {
    id: string;
    databaseId: number;
    __typename: string;
  }
  async function janes(type: string): Promise<Ids> {
    const data = await ask(app, ofJane[type]!);
    // biome-ignore lint/suspicious/noExplicitAny: the lists differ in shape
    const field = Object.values(data)[0] as any;
    return field.person ?? (field.nodes ?? field)[0];
  }

  /** The number of a row that only the other account has. */
  async function joesNumber(type: string): Promise<number> {
    if (!numbered.includes(type)) return 2000;
    return (await janes(type)).databaseId + 1;
  }

  const NODE = 'query ($id: ID!) { node(id: $id) { id databaseId __typename } }';
  const NODES = 'query ($ids: [ID!]!) { nodes(ids: $ids) { id databaseId __typename } }';
  const asJane = () => app.token('jane@example.com', 'acme');

  describe.each(types)('%s', (type) => {
    test('is found by its global id, through node and nodes, with its own type', async () => {
      const node = await janes(type);
      expect(node.id).toBe(globalId(type, node.databaseId));
      expect(await ask(app, NODE, { id: node.id })).toEqual({ node });
      expect(await ask(app, NODES, { ids: [node.id, node.id] })).toEqual({ nodes: [node, node] });
    });

    test.each([
      ['of another account', async () => globalId(type, await joesNumber(type))],
      ['of a number that does not exist', async () => globalId(type, 999_999)],
      ['of the largest number', async () => globalId(type, Number.MAX_SAFE_INTEGER)],
      ['of a number that is too large', async () => globalId(type, '99999999999999999999')],
      ['of 0', async () => globalId(type, 0)],
      ['of a negative number', async () => globalId(type, -1)],
      ['without a number', async () => globalId(type, 'x')],
      ['with a type in lower case', async () => globalId(type.toLowerCase(), 1000)],
    ])('is NOT_FOUND by a global id %s, and null among nodes', async (_, make) => {
      const id = await make();
      const { data, errors } = await app.graphql(NODE, { id }, asJane());
      expect(data).toEqual({ node: null });
      expect(errors).toHaveLength(1);
      expect(errors![0].extensions).toMatchObject({
        code: 'NOT_FOUND',
        field: 'id',
        found: JSON.stringify(id),
      });
      expect(await ask(app, NODES, { ids: [id] })).toEqual({ nodes: [null] });
    });
  });

  test.each([
    'garbage',
    '',
    '1000',
    '!!!',
    globalId('Trigger', 1),
    globalId('Query', 1),
    'v1:Script:1000',
    'ä\0',
  ])('the id %j, which is not a global id, is treated as unknown', async (id) => {
    const { errors } = await app.graphql(NODE, { id }, asJane());
    expect(errors?.[0].extensions.code).toBe('NOT_FOUND');
    expect(await ask(app, NODES, { ids: [id] })).toEqual({ nodes: [null] });
  });

  test('nodes have the order of their ids, with null for each unknown id', async () => {
    const found = await Promise.all(types.map(janes));
    const ids = found.map(({ id }) => id);
    const asked = [ids[3]!, 'garbage', ids[0]!, globalId('Script', 7), ...ids.toReversed(), ids[3]!];
    const { nodes } = await ask(app, NODES, { ids: asked });
    const byId = new Map(found.map((node) => [node.id, node]));
    expect(nodes).toEqual(asked.map((id) => byId.get(id) ?? null));
  });

  test('nodes accepts an empty list, and at most 1,000 ids', async () => {
    expect(await ask(app, NODES, { ids: [] })).toEqual({ nodes: [] });
    const { id } = await janes('Script');
    expect((await ask(app, NODES, { ids: Array(1000).fill(id) })).nodes).toHaveLength(1000);
    const { errors } = await app.graphql(NODES, { ids: Array(1001).fill(id) }, asJane());
    expect(errors?.[0].extensions).toMatchObject({ code: 'INVALID_INPUT', field: 'ids' });
  });

  describe.each([
    ['scriptProfile', 'ScriptProfile'],
    ['script', 'Script'],
    ['computer', 'Computer'],
    ['activity', 'Activity'],
  ])('%s(id:)', (field, type) => {
    const document = `query ($id: ID!) { found: ${field}(id: $id) { id databaseId __typename } }`;

    test('accepts the global id, and the number as text or as a number', async () => {
      const node = await janes(type);
      for (const id of [node.id, '1000', 1000])
        expect(await ask(app, document, { id })).toEqual({ found: node });
    });

    test('is NOT_FOUND for another type’s id, another account’s id, and an invalid id', async () => {
      const others = types.filter((other) => other !== type).map((other) => globalId(other, 1000));
      const ids = [
        ...others,
        globalId(type, 2000),
        '2000',
        '0',
        '-1',
        '1000.0',
        ' 1000',
        '01000',
        '1e3',
        '',
        'x',
        '9'.repeat(30),
      ];
      for (const id of ids) {
        const { data, errors } = await app.graphql(document, { id }, asJane());
        expect({ id, data, code: errors?.[0].extensions.code }).toEqual({
          id,
          data: { found: null },
          code: 'NOT_FOUND',
        });
      }
    });
  });

  test('a trigger has the type of its kind', async () => {
    const { prisma } = app.database;
    const account = await anAccount(prisma, 'triggers', 'tim@example.com');
    const none = { timestamp: null, isFinished: null };
    await insert(prisma, 'script', account, [{ id: 1000 }]);
    await insert(prisma, 'script_profile', account, [
      { id: 1001, triggerKind: 'event', eventType: 'post_enrollment', ...none },
      { id: 1002, nextRun: NOW },
      {
        id: 1003,
        triggerKind: 'recurring',
        interval: '* * * * *',
        startAfter: NOW,
        nextRun: NOW,
        lastRun: NOW,
        ...none,
      },
    ]);
    const { data } = await app.graphql(
      `{ scriptProfiles(orderBy: { field: TITLE, direction: ASC }) { nodes { trigger { __typename
        ... on EventTrigger { eventType }
        ... on OneTimeTrigger { timestamp isFinished nextRun lastRun }
        ... on RecurringTrigger { interval startAfter nextRun lastRun } } } } }`,
      {},
      app.token('tim@example.com', 'triggers'),
    );
    const now = '2025-04-10T12:00:30.250000Z';
    expect(data.scriptProfiles.nodes.map(({ trigger }: { trigger: object }) => trigger)).toEqual([
      { __typename: 'EventTrigger', eventType: 'POST_ENROLLMENT' },
      { __typename: 'OneTimeTrigger', timestamp: now, isFinished: false, nextRun: now, lastRun: null },
      { __typename: 'RecurringTrigger', interval: '* * * * *', startAfter: now, nextRun: now, lastRun: now },
    ]);
  });
}
