import { beforeAll, expect, test } from '@jest/globals';
import { insertRows } from '../../src/demo/inserts.ts';
import type { TestApp } from '../support/app.ts';
import { at, NOW } from '../support/builders.ts';
import { anAccount, aRun, insert, type TestAccount } from '../support/rows.ts';
import { sharedApp } from '../support/shared-app.ts';
import { AccessWorld } from './access-world.ts';
import { ask, mutate, type Payload } from './mutate.ts';

// The data that a page of profiles shows for each, and the filters of the page.
export function atAGlance(): void {
  let app: TestApp;
  let account: TestAccount;

  const [ACTIVE, PAUSED, FINISHED, ARCHIVED, EVENT, PAUSED_FINISHED] = [1000, 1001, 1002, 1003, 1004, 1005];
  const LATER = at('2025-05-05T12:00');

  beforeAll(async () => {
    app = await sharedApp({ seed: 'none', now: NOW });
    const { prisma } = app.database;
    account = await anAccount(prisma);
    await insert(prisma, 'script', account, [{ id: 1000 }]);
    const profile = { allComputers: false, tags: [] as string[], pausedAt: null as string | null };
    await insert(prisma, 'script_profile', account, [
      { ...profile, id: ACTIVE, tags: ['a', 'b'], nextRun: LATER, lastRun: NOW },
      { ...profile, id: PAUSED, tags: ['a'], pausedAt: NOW, createdById: null },
      { ...profile, id: FINISHED, isFinished: true, allComputers: true, lastRun: NOW },
      { ...profile, id: ARCHIVED, archived: true, allComputers: true },
      { ...profile, id: PAUSED_FINISHED, isFinished: true, pausedAt: NOW },
    ]);
    const event = { triggerKind: 'event', eventType: 'post_enrollment', timestamp: null, isFinished: null };
    await insert(prisma, 'script_profile', account, [{ ...event, id: EVENT, lastRun: NOW }]);
    await insert(prisma, 'computer', account, [{ id: 1000 }, { id: 1001 }, { id: 1002 }]);
    await insertRows(prisma, 'computer_tag', account.id, [
      { computerId: 1000, tag: 'a', position: 1 },
      { computerId: 1001, tag: 'b', position: 1 },
    ]);
    const earlier = aRun(1000, ACTIVE, [{ computerId: 1000, status: 'succeeded' }], 'succeeded');
    await insert(prisma, 'activity', account, earlier);
    const later = aRun(1010, ACTIVE, [{ computerId: 1000, status: 'failed' }], 'failed');
    await insert(
      prisma,
      'activity',
      account,
      later.map((row) => ({ ...row, creationTime: LATER })),
    );
    await insert(prisma, 'activity', account, aRun(1020, EVENT, [], 'succeeded'));
  });

  const list = async (args: string, selection: string): Promise<Payload[]> =>
    (await ask(app, `{ scriptProfiles(${args}) { totalCount nodes { databaseId ${selection} } } }`))
      .scriptProfiles.nodes;
  const byNumber = 'filter: { status: ALL }, orderBy: { field: TITLE, direction: ASC }';

  async function found(filter: string, token?: string): Promise<number[]> {
    const document = `{ scriptProfiles(filter: { status: ALL, ${filter} }) { totalCount nodes { databaseId } } }`;
    const { data, errors } = await app.graphql(document, {}, token ?? app.token('jane@example.com', 'acme'));
    expect(errors).toBeUndefined();
    const { totalCount, nodes } = data.scriptProfiles;
    expect(totalCount).toBe(nodes.length);
    return nodes.map(({ databaseId }: Payload) => databaseId).toSorted();
  }

  test('a profile shows its state, the times of its next and last run, and the status of the last run', async () => {
    expect(await list(byNumber, 'state nextRun lastRun lastRunStatus')).toEqual([
      {
        databaseId: ACTIVE,
        state: 'ACTIVE',
        nextRun: '2025-05-05T12:00:00Z',
        lastRun: NOW,
        lastRunStatus: 'FAILED',
      },
      { databaseId: PAUSED, state: 'PAUSED', nextRun: null, lastRun: null, lastRunStatus: null },
      { databaseId: FINISHED, state: 'FINISHED', nextRun: null, lastRun: NOW, lastRunStatus: null },
      { databaseId: ARCHIVED, state: 'ARCHIVED', nextRun: null, lastRun: null, lastRunStatus: null },
      { databaseId: EVENT, state: 'ACTIVE', nextRun: null, lastRun: NOW, lastRunStatus: 'SUCCEEDED' },
      { databaseId: PAUSED_FINISHED, state: 'FINISHED', nextRun: null, lastRun: null, lastRunStatus: null },
    ]);
  });

  test('the status of the last run does not depend on the other selected fields or on the place of the profile', async () => {
    const expected = (await list(byNumber, 'lastRunStatus')).map(({ lastRunStatus }) => lastRunStatus);
    for (const also of [
      'lastActivity { id }',
      'lastActivity { status counts { failed } }',
      'trigger { __typename }',
    ])
      expect((await list(byNumber, `lastRunStatus ${also}`)).map((each) => each.lastRunStatus)).toEqual(
        expected,
      );
    const { one, script } = await ask(
      app,
      `{ one: scriptProfile(id: ${ACTIVE}) { state lastRunStatus }
         script(id: 1000) { profiles(status: ALL, orderBy: { field: TITLE, direction: ASC }) { nodes { lastRunStatus } } } }`,
    );
    expect(one).toEqual({ state: 'ACTIVE', lastRunStatus: 'FAILED' });
    expect(script.profiles.nodes.map((each: Payload) => each.lastRunStatus)).toEqual(expected);
  });

  test.each([
    ['one state', 'states: [PAUSED]', [PAUSED]],
    ['several states', 'states: [FINISHED, ARCHIVED]', [FINISHED, ARCHIVED, PAUSED_FINISHED]],
    ['no state, which matches none', 'states: []', []],
    ['the status of the last run, not of an earlier one', 'lastRunStatuses: [FAILED]', [ACTIVE]],
    ['any of several statuses', 'lastRunStatuses: [SUCCEEDED, FAILED]', [ACTIVE, EVENT]],
    [
      'the status of an earlier run, which matches none',
      'lastRunStatuses: SUCCEEDED, states: ACTIVE, tags: "a"',
      [],
    ],
    ['no creator', 'createdByIds: []', []],
    ['a computer with a tag', 'reachesComputerId: 1000', [ACTIVE, PAUSED, FINISHED]],
    ['a computer with another tag', 'reachesComputerId: 1001', [ACTIVE, FINISHED]],
    ['a computer without a tag', 'reachesComputerId: 1002', [FINISHED]],
    ['a computer that does not exist, which matches none', 'reachesComputerId: 7', []],
    [
      'nulls, which count as omitted',
      'states: null, createdByIds: null, reachesComputerId: null, tags: "b"',
      [ACTIVE],
    ],
  ])('profiles are filtered by %s', async (_, filter, expected) => {
    expect(await found(filter)).toEqual(expected);
  });

  test('profiles are filtered by their creator', async () => {
    const { viewer } = await ask(app, '{ viewer { person { id } } }');
    const others = [ACTIVE, FINISHED, ARCHIVED, EVENT, PAUSED_FINISHED];
    expect(await found(`createdByIds: ["${viewer.person.id}"]`)).toEqual(others);
    expect(await found('createdByIds: ["7"]')).toEqual([]);
  });

  test('a computer that the caller may not see matches no profile', async () => {
    const world = await AccessWorld.in(app, 'other');
    const things = await world.fill(await world.group('web'));
    await world.prisma.scriptProfile.updateMany({
      where: { accountId: BigInt(world.account.id) },
      data: { allComputers: true },
    });
    const filter = `reachesComputerId: ${things.computer}`;
    expect(await found(filter, world.admin)).toEqual([things.profile]);
    expect(await found(filter, await world.everythingBut('ViewComputer'))).toEqual([]);
  });

  test('profiles are sorted by the number of computers that they reach, page by page, from either end', async () => {
    const numbers = {
      [FINISHED]: 3,
      [ACTIVE]: 2,
      [PAUSED]: 1,
      [PAUSED_FINISHED]: 0,
      [EVENT]: 0,
      [ARCHIVED]: 0,
    };
    const page = async (args: string, direction = 'DESC') => {
      const { scriptProfiles } = await ask(
        app,
        `{ scriptProfiles(filter: { status: ALL }, orderBy: { field: NUM_COMPUTERS, direction: ${direction} }, ${args}) {
          totalCount edges { cursor node { databaseId numAssociatedComputers } } } }`,
      );
      expect(scriptProfiles.totalCount).toBe(6);
      for (const { node } of scriptProfiles.edges)
        expect(node.numAssociatedComputers).toBe(numbers[node.databaseId]);
      return {
        ids: scriptProfiles.edges.map(({ node }: Payload) => node.databaseId),
        cursor: scriptProfiles.edges.at(-1).cursor,
      };
    };
    const descending = [FINISHED, ACTIVE, PAUSED, PAUSED_FINISHED, EVENT, ARCHIVED];
    expect((await page('first: 6')).ids).toEqual(descending);
    expect((await page('first: 6', 'ASC')).ids).toEqual(descending.toReversed());
    const first = await page('first: 4');
    expect((await page(`first: 4, after: "${first.cursor}"`)).ids).toEqual([EVENT, ARCHIVED]);
    expect((await page(`last: 2, before: "${first.cursor}"`)).ids).toEqual([ACTIVE, PAUSED]);
    expect((await page('last: 2')).ids).toEqual([EVENT, ARCHIVED]);
  });

  test('a recurring trigger describes its schedule in English', async () => {
    const trigger = { recurring: { interval: '0 8  * * mon-fri', startAfter: NOW } };
    const draft = { title: 'Weekdays', scriptId: '1000', username: 'root', timeLimit: 60, trigger };
    const shown = 'scriptProfile { trigger { ... on RecurringTrigger { interval description } } }';
    const { scriptProfile } = await mutate(app, 'createScriptProfile', draft, shown);
    expect(scriptProfile.trigger).toEqual({
      interval: '0 8 * * mon-fri',
      description: 'At 08:00, Monday through Friday (UTC)',
    });
  });
}
