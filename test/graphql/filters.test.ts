import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { insertRows } from '../../src/persistence/demonstration/inserts.ts';
import { startApp, type TestApp } from '../support/app.ts';
import { NOW } from '../support/builders.ts';
import { anAccount, aRun, insert } from '../support/rows.ts';
import { ask, mutate, type Payload } from './mutate.ts';

let app: TestApp;

/** Groups global > server > web, and rows in each of them. */
beforeAll(async () => {
  app = await startApp({ seed: 'none', now: NOW });
  const { prisma } = app.database;
  const account = await anAccount(prisma);
  const group = async (title: string, parent: string) =>
    (await mutate(app, 'createAccessGroup', { title, parent }, 'accessGroup { databaseId }')).accessGroup
      .databaseId;
  const server = await group('server', 'global');
  const web = await group('web', 'server');
  await insert(prisma, 'script', account, [
    { id: 1000, title: 'Clean up', status: 'ACTIVE' },
    { id: 1001, title: 'Cleanse', status: 'ARCHIVED' },
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
    { ...profile, id: 1000, title: '100% Sure' },
    { ...profile, id: 1001, title: 'sure_thing', tags: ['a', 'b'], accessGroupId: server },
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
    { ...computer, id: 1000, title: 'Front', hostname: 'web-01' },
    { ...computer, id: 1001, title: 'Web', hostname: 'other', accessGroupId: server },
    { ...computer, id: 1002, title: 'Asks', status: 'pending', requestedTags: ['a'], accessGroupId: web },
  ]);
  await insertRows(prisma, 'computer_tag', account.id, [
    { computerId: 1000, tag: 'a', position: 1 },
    { computerId: 1001, tag: 'b', position: 1 },
  ]);
  const executions = [
    { computerId: 1000, status: 'failed' },
    { computerId: 1001, status: 'delivered' },
  ];
  await insert(prisma, 'activity', account, aRun(1000, 1000, executions, 'delivered'));
  await insert(prisma, 'activity', account, aRun(1010, 1001, [], 'canceled'));
});
afterAll(() => app.close());

const globalId = (type: string, id: number) => Buffer.from(`v1:${type}:${id}`).toString('base64url');

async function found(list: string, filter: string): Promise<number[]> {
  const { page } = await ask(app, `{ page: ${list}(filter: ${filter}) { totalCount nodes { databaseId } } }`);
  expect(page.totalCount).toBe(page.nodes.length);
  return page.nodes.map(({ databaseId }: Payload) => databaseId).toSorted();
}

test.each([
  ['nothing: those that are not archived', '{}', [1000, 1001, 1002, 1004, 1005]],
  ['archived', '{ status: ARCHIVED }', [1003]],
  ['both', '{ status: ALL }', [1000, 1001, 1002, 1003, 1004, 1005]],
  ['a part of the title, in any case', '{ search: "SURE" }', [1000, 1001]],
  ['a part with a percent sign, which stands for itself', '{ search: "0%" }', [1000]],
  ['a part with an underscore, which stands for itself', '{ search: "_" }', [1001]],
  ['a part with a backslash', '{ search: "\\\\" }', []],
  ['a part with an umlaut, in the other case', '{ search: "äRG", status: ALL }', [1003]],
  ['an empty part: all', '{ search: "" }', [1000, 1001, 1002, 1004, 1005]],
  ['whole titles', '{ titles: ["Other", "sure_thing", "sure"] }', [1001, 1002]],
  ['no titles: none', '{ titles: [] }', []],
  ['kinds of trigger', '{ triggerTypes: [RECURRING, EVENT] }', [1004, 1005]],
  ['tags, any of them', '{ tags: ["b", "x"] }', [1001, 1002]],
  ['scripts by number', '{ scriptIds: [1001, 7] }', [1002]],
  ['scripts by global id', `{ scriptIds: ["${globalId('Script', 1001)}"] }`, [1002]],
  ['another type’s global id: none', `{ scriptIds: ["${globalId('Computer', 1001)}"] }`, []],
  ['a group, with those below it', '{ accessGroups: ["server"] }', [1001, 1002]],
  ['the root, so all', '{ accessGroups: ["global"] }', [1000, 1001, 1002, 1004, 1005]],
  ['a group that is not there: none', '{ accessGroups: ["nowhere"] }', []],
  ['all of several', '{ search: "sure", tags: ["a"], accessGroups: ["server"] }', [1001]],
  ['nulls: as if left out', '{ search: null, titles: null, tags: null }', [1000, 1001, 1002, 1004, 1005]],
])('script profiles by %s', async (_, filter, expected) => {
  expect(await found('scriptProfiles', filter)).toEqual(expected);
});

test.each([
  ['nothing: all', '{}', [1000, 1001, 1002]],
  ['statuses', '{ statuses: [ARCHIVED, REDACTED] }', [1001, 1002]],
  ['a part of the title', '{ search: "clean" }', [1000, 1001]],
  ['both', '{ search: "clean", statuses: ACTIVE }', [1000]],
])('scripts by %s', async (_, filter, expected) => {
  expect(await found('scripts', filter)).toEqual(expected);
});

test.each([
  ['nothing: all', '{}', [1000, 1001, 1002]],
  ['accepted', '{ status: ACCEPTED }', [1000, 1001]],
  ['pending', '{ status: PENDING }', [1002]],
  ['a part of title or hostname', '{ search: "WEB" }', [1000, 1001]],
  ['tags, which pending ones ask for', '{ tags: ["a", "x"] }', [1000, 1002]],
  ['tags of accepted ones', '{ tags: ["a", "b"], status: ACCEPTED }', [1000, 1001]],
  ['tags of pending ones', '{ tags: ["a", "b"], status: PENDING }', [1002]],
  ['a group, with those below it', '{ accessGroups: ["server"] }', [1001, 1002]],
])('computers by %s', async (_, filter, expected) => {
  expect(await found('computers', filter)).toEqual(expected);
});

test.each([
  ['nothing: all', '{}', [1000, 1001, 1002, 1010]],
  ['type', '{ types: ACTIVITY_GROUP }', [1000, 1010]],
  ['statuses', '{ statuses: [DELIVERED, CANCELED] }', [1000, 1002, 1010]],
  ['profile', '{ scriptProfileId: 1001 }', [1010]],
  ['parent, by its global id', `{ parentId: "${globalId('Activity', 1000)}" }`, [1001, 1002]],
  ['computer', '{ computerId: 1001 }', [1002]],
  ['an id that is none: nothing', '{ computerId: "x" }', []],
  ['all of several', '{ types: EXECUTE_SCRIPT_REQUEST, statuses: FAILED, parentId: 1000 }', [1001]],
])('activities by %s', async (_, filter, expected) => {
  expect(await found('activities', filter)).toEqual(expected);
});

test('lists are unfiltered only where that is said: scripts in use, computers that are accepted', async () => {
  const { scripts, computers, tags } = await ask(
    app,
    '{ scripts { nodes { databaseId } } computers { nodes { databaseId } } tags }',
  );
  expect(scripts.nodes).toEqual([{ databaseId: 1000 }]);
  expect(computers.nodes).toEqual([{ databaseId: 1000 }, { databaseId: 1001 }]);
  expect(tags).toEqual(['a', 'b']);
});
