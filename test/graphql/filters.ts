import { beforeAll, expect, test } from '@jest/globals';
import { insertRows } from '../../src/demo/inserts.ts';
import type { TestApp } from '../support/app.ts';
import { at, NOW } from '../support/builders.ts';
import { anAccount, aRun, insert } from '../support/rows.ts';
import { sharedApp } from '../support/shared-app.ts';
import { ask, mutate, type Payload } from './mutate.ts';

export function filters(): void {
  let app: TestApp;

  /** After the creation of all other rows. */
  const NOON = at('2025-05-05T12:00');

  /** Groups global > server > web, with rows in each of them. */
  beforeAll(async () => {
    app = await sharedApp({ seed: 'none', now: NOW });
    const { prisma } = app.database;
    const account = await anAccount(prisma);
    const group = async (title: string, parent: string) =>
      (await mutate(app, 'createAccessGroup', { title, parent }, 'accessGroup { databaseId }')).accessGroup
        .databaseId;
    const server = await group('server', 'global');
    const web = await group('web', 'server');
    await insert(prisma, 'script', account, [
      { id: 1000, title: 'Clean up', status: 'ACTIVE', createdAt: at('2025-03-01T00:00') },
      { id: 1001, title: 'Cleanse', status: 'ARCHIVED', lastEditedAt: NOON },
      { id: 1002, title: 'Räum auf', status: 'REDACTED' },
    ]);
    const profile = { tags: [], archived: false, scriptId: 1000, accessGroupId: account.root.id };
    const event = { triggerKind: 'event', eventType: 'post_enrollment', timestamp: null, isFinished: null };
    const recurring = {
      ...event,
      eventType: null,
      triggerKind: 'recurring',
      interval: '* * * * *',
      startAfter: NOW,
    };
    await insert(prisma, 'script_profile', account, [
      { ...profile, id: 1000, title: '100% Sure', createdAt: at('2025-03-01T00:00'), nextRun: NOON },
      { ...profile, id: 1001, title: 'sure_thing', tags: ['a', 'b'], accessGroupId: server, lastRun: NOON },
      { ...profile, id: 1002, title: 'Other', tags: ['b'], scriptId: 1001, accessGroupId: web },
    ]);
    await insert(prisma, 'script_profile', account, [
      { ...profile, ...event, id: 1003, title: 'Ärger', archived: true },
      { ...profile, ...event, id: 1004, title: 'Event' },
    ]);
    await insert(prisma, 'script_profile', account, [
      { ...profile, ...recurring, id: 1005, title: 'Recurring' },
    ]);
    const computer = { status: 'accepted', requestedTags: [], accessGroupId: account.root.id };
    await insert(prisma, 'computer', account, [
      { ...computer, id: 1000, title: 'Front', hostname: 'web-01', acceptedAt: NOON },
      { ...computer, id: 1001, title: 'Web', hostname: 'other', accessGroupId: server },
      {
        ...computer,
        id: 1002,
        title: 'Asks',
        status: 'pending',
        requestedTags: ['a'],
        accessGroupId: web,
        createdAt: NOON,
        acceptedAt: null,
      },
    ]);
    await insertRows(prisma, 'computer_tag', account.id, [
      { computerId: 1000, tag: 'a', position: 1 },
      { computerId: 1001, tag: 'b', position: 1 },
    ]);
    const executions = [
      { computerId: 1000, status: 'failed', creationTime: NOON, completionTime: at('2025-05-05T12:10') },
      { computerId: 1001, status: 'delivered' },
    ];
    await insert(prisma, 'activity', account, aRun(1000, 1000, executions, 'delivered'));
    await insert(
      prisma,
      'activity',
      account,
      // As if the clock was set back between the two.
      aRun(1010, 1001, [], 'canceled').map((run) => ({ ...run, completionTime: at('2025-04-10T00:00') })),
    );
  });

  const globalId = (type: string, id: number) => Buffer.from(`v1:${type}:${id}`).toString('base64url');

  async function found(list: string, filter: string): Promise<number[]> {
    const { page } = await ask(
      app,
      `{ page: ${list}(filter: ${filter}) { totalCount nodes { databaseId } } }`,
    );
    expect(page.totalCount).toBe(page.nodes.length);
    return page.nodes.map(({ databaseId }: Payload) => databaseId).toSorted();
  }

  test.each([
    ['nothing, which means not archived', '{}', [1000, 1001, 1002, 1004, 1005]],
    ['no filter, which means not archived', 'null', [1000, 1001, 1002, 1004, 1005]],
    ['a null status, which means not archived', '{ status: null }', [1000, 1001, 1002, 1004, 1005]],
    ['archived', '{ status: ARCHIVED }', [1003]],
    ['both', '{ status: ALL }', [1000, 1001, 1002, 1003, 1004, 1005]],
    ['a part of the title, regardless of case', '{ search: "SURE" }', [1000, 1001]],
    ['a part with a percent sign, taken literally', '{ search: "0%" }', [1000]],
    ['a part with an underscore, taken literally', '{ search: "_" }', [1001]],
    ['a part with a backslash', '{ search: "\\\\" }', []],
    ['a part with an umlaut, regardless of case', '{ search: "äRG", status: ALL }', [1003]],
    ['an empty part, which matches all', '{ search: "" }', [1000, 1001, 1002, 1004, 1005]],
    ['whole titles', '{ titles: ["Other", "sure_thing", "sure"] }', [1001, 1002]],
    ['no titles, which match none', '{ titles: [] }', []],
    ['kinds of trigger', '{ triggerTypes: [RECURRING, EVENT] }', [1004, 1005]],
    ['tags, any of them', '{ tags: ["b", "x"] }', [1001, 1002]],
    ['scripts by number', '{ scriptIds: [1001, 7] }', [1002]],
    ['scripts by global id', `{ scriptIds: ["${globalId('Script', 1001)}"] }`, [1002]],
    ['another type’s global id, which matches none', `{ scriptIds: ["${globalId('Computer', 1001)}"] }`, []],
    ['a group, including its descendants', '{ accessGroups: ["server"] }', [1001, 1002]],
    ['the root, which matches all', '{ accessGroups: ["global"] }', [1000, 1001, 1002, 1004, 1005]],
    ['a group that does not exist, which matches none', '{ accessGroups: ["nowhere"] }', []],
    ['all of several fields', '{ search: "sure", tags: ["a"], accessGroups: ["server"] }', [1001]],
    [
      'nulls, which count as omitted',
      '{ search: null, titles: null, tags: null }',
      [1000, 1001, 1002, 1004, 1005],
    ],
    ['creation, up to a time', `{ createdAt: { until: "${NOW}" } }`, [1000]],
    ['creation, from a time on', `{ createdAt: { from: "${NOW}" } }`, [1001, 1002, 1004, 1005]],
    ['creation, in a range without an end', '{ createdAt: {} }', [1000, 1001, 1002, 1004, 1005]],
    ['creation, in an empty range', `{ createdAt: { from: "${NOW}", until: "${NOW}" } }`, []],
    [
      'the last edit',
      `{ lastEditedAt: { from: "${NOW}", until: "2025-04-10T12:00:31Z" }, search: "sure" }`,
      [1000, 1001],
    ],
    ['the next run, which other profiles lack', '{ nextRun: { from: "2025-01-01T00:00" } }', [1000]],
    ['the next run, before a time', '{ nextRun: { until: "2025-05-05T12:00:01+00:00" } }', [1000]],
    ['the next run, in an empty range', '{ nextRun: { until: "2025-05-05T14:00+02:00" } }', []],
    [
      'the last run',
      '{ lastRun: { from: "2025-05-05T12:00Z", until: "2025-05-05T12:00:00.000001Z" } }',
      [1001],
    ],
  ])('script profiles are filtered by %s', async (_, filter, expected) => {
    expect(await found('scriptProfiles', filter)).toEqual(expected);
  });

  test.each([
    ['nothing, which means active', '{}', [1000]],
    ['no filter, which means active', 'null', [1000]],
    ['null statuses, which mean active', '{ statuses: null }', [1000]],
    ['statuses', '{ statuses: [ARCHIVED, REDACTED] }', [1001, 1002]],
    ['a part of the title, among active scripts', '{ search: "clean" }', [1000]],
    ['a part of the title, and statuses', '{ search: "clean", statuses: [ACTIVE, ARCHIVED] }', [1000, 1001]],
    ['creation', '{ createdAt: { from: "2025-02-28T00:00", until: "2025-03-02T00:00" } }', [1000]],
    ['the last edit', `{ lastEditedAt: { from: "${NOON}" }, statuses: [ACTIVE, ARCHIVED] }`, [1001]],
  ])('scripts are filtered by %s', async (_, filter, expected) => {
    expect(await found('scripts', filter)).toEqual(expected);
  });

  test.each([
    ['nothing, which means accepted', '{}', [1000, 1001]],
    ['no filter, which means accepted', 'null', [1000, 1001]],
    ['a null status, which means accepted', '{ status: null, statuses: null }', [1000, 1001]],
    ['accepted', '{ status: ACCEPTED }', [1000, 1001]],
    ['pending', '{ status: PENDING }', [1002]],
    ['both statuses', '{ statuses: [PENDING, ACCEPTED] }', [1000, 1001, 1002]],
    ['statuses, instead of the status', '{ statuses: PENDING, status: ACCEPTED }', [1002]],
    ['no status, which matches none', '{ statuses: [] }', []],
    ['an empty part, among accepted computers', '{ search: "" }', [1000, 1001]],
    ['a part of title or hostname', '{ search: "WEB" }', [1000, 1001]],
    [
      'tags that pending computers request',
      '{ tags: ["a", "x"], statuses: [PENDING, ACCEPTED] }',
      [1000, 1002],
    ],
    ['tags of accepted computers', '{ tags: ["a", "b"], status: ACCEPTED }', [1000, 1001]],
    ['tags of pending computers', '{ tags: ["a", "b"], status: PENDING }', [1002]],
    [
      'a group, including its descendants',
      '{ accessGroups: ["server"], statuses: [PENDING, ACCEPTED] }',
      [1001, 1002],
    ],
    ['enrolment', `{ createdAt: { from: "${NOON}" }, status: PENDING }`, [1002]],
    [
      'acceptance, which pending computers lack',
      '{ acceptedAt: { until: "2026-01-01T00:00" }, statuses: [PENDING, ACCEPTED] }',
      [1000, 1001],
    ],
    ['a query', '{ query: "access-group-recursive:server OR tag:a" }', [1000, 1001]],
    [
      'a query, in both statuses',
      '{ query: "access-group-recursive:server OR tag:a", statuses: [PENDING, ACCEPTED] }',
      [1000, 1001, 1002],
    ],
    ['a query, and a status', '{ query: "access-group-recursive:server", status: ACCEPTED }', [1001]],
    ['a query for associated computers', '{ query: "profile:script:1001" }', [1001]],
    ['an empty query, among accepted computers', '{ query: " " }', [1000, 1001]],
  ])('computers are filtered by %s', async (_, filter, expected) => {
    expect(await found('computers', filter)).toEqual(expected);
  });

  test.each([
    ['nothing, which means all', '{}', [1000, 1001, 1002, 1010]],
    ['type', '{ types: ACTIVITY_GROUP }', [1000, 1010]],
    ['statuses', '{ statuses: [DELIVERED, CANCELED] }', [1000, 1002, 1010]],
    ['profile', '{ scriptProfileId: 1001 }', [1010]],
    ['parent, by its global id', `{ parentId: "${globalId('Activity', 1000)}" }`, [1001, 1002]],
    ['computer', '{ computerId: 1001 }', [1002]],
    ['an unknown id, which matches none', '{ computerId: "x" }', []],
    ['all of several fields', '{ types: EXECUTE_SCRIPT_REQUEST, statuses: FAILED, parentId: 1000 }', [1001]],
    ['both types', '{ types: [ACTIVITY_GROUP, EXECUTE_SCRIPT_REQUEST] }', [1000, 1001, 1002, 1010]],
    ['no type, which matches none', '{ types: [] }', []],
    ['no status, which matches none', '{ statuses: [] }', []],
    ['a duplicate status', '{ statuses: [FAILED, FAILED] }', [1001]],
    [
      'statuses, of one type',
      '{ statuses: [DELIVERED, FAILED, CANCELED], types: ACTIVITY_GROUP }',
      [1000, 1010],
    ],
    ['statuses, of a computer', '{ statuses: [DELIVERED, FAILED], computerId: 1000 }', [1001]],
    ['creation', `{ creationTime: { from: "${NOON}" } }`, [1001]],
    [
      'creation, and statuses',
      `{ creationTime: { until: "${NOON}" }, statuses: [DELIVERED, CANCELED] }`,
      [1000, 1002, 1010],
    ],
    [
      'completion, which open activities lack',
      '{ completionTime: { until: "2026-01-01T00:00" } }',
      [1001, 1010],
    ],
    [
      'completion, in a range',
      '{ completionTime: { from: "2025-04-09T00:00", until: "2025-04-10T00:01" } }',
      [1010],
    ],
    ['a query', '{ query: "parent-id:1000 NOT status:failed" }', [1002]],
    ['a query about computers', '{ query: "computer:\\"tag:a OR tag:x\\"" }', [1001]],
    ['a query, and a type', '{ query: "status:failed OR status:canceled", types: ACTIVITY_GROUP }', [1010]],
  ])('activities are filtered by %s', async (_, filter, expected) => {
    expect(await found('activities', filter)).toEqual(expected);
  });

  test.each(['computers', 'activities'])(
    '%s with an invalid query are refused with the position of the error',
    async (list) => {
      const { errors } = await app.graphql(
        'query ($query: String) { page: LIST(filter: { query: $query }) { totalCount } }'.replace(
          'LIST',
          list,
        ),
        { query: 'id:1 OR' },
        app.token('jane@example.com', 'acme'),
      );
      expect(errors).toEqual([
        {
          message: 'The query ends too early at position 8. Expected a term, NOT or an opening parenthesis.',
          locations: [{ line: 1, column: 26 }],
          path: ['page'],
          extensions: {
            code: 'INVALID_INPUT',
            field: 'filter.query',
            found: 'the end at position 8',
            allowed: 'a term, NOT or an opening parenthesis',
          },
        },
      ]);
    },
  );

  test('only scripts in use and accepted computers are listed by default; all other lists are unfiltered', async () => {
    const { scripts, computers, tags } = await ask(
      app,
      '{ scripts { nodes { databaseId } } computers { nodes { databaseId } } tags }',
    );
    expect(scripts.nodes).toEqual([{ databaseId: 1000 }]);
    expect(computers.nodes).toEqual([{ databaseId: 1000 }, { databaseId: 1001 }]);
    expect(tags).toEqual(['a', 'b']);
  });

  test.each([
    ['scriptProfiles', 'nextRun'],
    ['scripts', 'lastEditedAt'],
    ['computers', 'acceptedAt'],
    ['activities', 'completionTime'],
    ['events', 'createdAt'],
  ])('%s refuses a range that ends before it starts', async (list, field) => {
    const range = '{ from: "2025-04-10T12:00Z", until: "2025-04-10T11:59:59.999999Z" }';
    const { errors } = await app.graphql(
      `{ ${list}(filter: { ${field}: ${range} }) { nodes { id } } }`,
      {},
      app.token('jane@example.com', 'acme'),
    );
    expect(errors?.map(({ extensions }) => extensions)).toEqual([
      {
        code: 'INVALID_INPUT',
        field: `filter.${field}.until`,
        found: '"2025-04-10T11:59:59.999999Z"',
        allowed: expect.stringContaining('2025-04-10T12:00:00.000000Z'),
      },
    ]);
  });

  test('activities with any of several statuses have one order, page by page, from either end', async () => {
    const page = async (args: string) => {
      const list = `activities(filter: { statuses: [DELIVERED, CANCELED, FAILED] }, ${args})`;
      const { activities } = await ask(
        app,
        `{ ${list} { totalCount nodes { databaseId } edges { cursor } } }`,
      );
      expect(activities.totalCount).toBe(4);
      const ids: number[] = activities.nodes.map(({ databaseId }: Payload) => databaseId);
      return { ids, cursor: activities.edges.at(-1)?.cursor };
    };
    const newestFirst = [1001, 1010, 1002, 1000];
    const first = await page('first: 2');
    expect(first.ids).toEqual(newestFirst.slice(0, 2));
    expect((await page(`first: 3, after: "${first.cursor}"`)).ids).toEqual(newestFirst.slice(2));
    expect((await page(`last: 1, before: "${first.cursor}"`)).ids).toEqual([1001]);
    expect((await page('last: 3')).ids).toEqual(newestFirst.slice(1));
    expect((await page('first: 2, offset: 1')).ids).toEqual(newestFirst.slice(1, 3));
  });
}
