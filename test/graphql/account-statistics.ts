import { beforeAll, expect, test } from '@jest/globals';
import type { AccessGroup } from '../../src/domain/accounts/access-group.ts';
import { addMinutes } from '../../src/domain/time.ts';
import type { TestApp } from '../support/app.ts';
import { at, NOW } from '../support/builders.ts';
import { aRun, insert } from '../support/rows.ts';
import { sharedApp } from '../support/shared-app.ts';
import { AccessWorld, type RoleOf } from './access-world.ts';
import type { Payload } from './mutate.ts';

// Two profiles and three computers in two groups. Now is 2025-04-10T12:00:30.25.
export function accountStatistics(): void {
  let app: TestApp;
  let world: AccessWorld;
  let web: AccessGroup;
  let db: AccessGroup;
  const [WEB, DB] = [1001, 1002];
  const [WEB_1, WEB_2, DB_1, PENDING, NEW] = [1, 2, 3, 4, 5];

  beforeAll(async () => {
    app = await sharedApp({ seed: 'none', now: NOW });
    world = await AccessWorld.in(app);
    [web, db] = [await world.group('web'), await world.group('db')];
    const { prisma, account } = world;
    await insert(prisma, 'script', account, [{ id: 1000 }]);
    await insert(prisma, 'script_profile', account, [
      { id: WEB, accessGroupId: web.id },
      { id: DB, accessGroupId: db.id },
    ]);
    const acceptedAt = '2025-01-01T00:00:00Z';
    await insert(prisma, 'computer', account, [
      { id: WEB_1, accessGroupId: web.id, acceptedAt },
      { id: WEB_2, accessGroupId: web.id, acceptedAt },
      { id: DB_1, accessGroupId: db.id, acceptedAt },
      { id: PENDING, accessGroupId: web.id, status: 'pending', acceptedAt: null },
      { id: NEW, accessGroupId: web.id },
    ]);
    await prisma.agent.createMany({
      data: [
        { accountId: account.id, computerId: WEB_1, lastSeenAt: '2025-04-10T11:00:00Z' },
        { accountId: account.id, computerId: WEB_2, lastSeenAt: '2025-04-03T12:00:00Z' },
      ],
    });
    await run(2000, WEB, '2025-04-08T22:30', 1, { [WEB_1]: 'succeeded', [WEB_2]: 'failed' }, 'failed');
    await run(2010, WEB, '2025-04-09T10:00', 2, { [WEB_1]: 'failed', [WEB_2]: 'failed' }, 'failed');
    await run(2020, DB, '2025-04-09T11:00', 3, { [DB_1]: 'failed', 99: 'failed' }, 'failed');
    await run(2030, DB, '2025-04-10T11:00', null, { [DB_1]: 'delivered' }, 'delivered');
    await run(2040, WEB, '2025-02-01T00:00', 9, { [WEB_1]: 'failed' }, 'failed');
    await run(2050, WEB, '2024-12-01T00:00', null, { [WEB_1]: 'undelivered' }, 'undelivered');
  });

  /** Enters slots into the ledger, with the reason why they had no run. */
  const slots = (scriptProfileId: number, firstSlot: string, number: number, reason: string) =>
    world.prisma.slotEntry.create({
      data: {
        ...{ accountId: world.account.id, scriptProfileId, number, reason },
        status: 'skipped',
        firstSlot: at(firstSlot),
        lastSlot: addMinutes(at(firstSlot), number - 1),
      },
    });

  /** Creates a run of the given duration, with its executions by computer. */
  async function run(
    id: number,
    profile: number,
    time: string,
    minutes: number | null,
    executions: Readonly<Record<number, string>>,
    status: string,
  ) {
    const parts = Object.entries(executions).map(([computer, each]) => ({
      computerId: Number(computer),
      status: each,
    }));
    const [parent, ...children] = aRun(id, profile, parts, status);
    const creationTime = at(time);
    const completionTime = minutes === null ? null : addMinutes(creationTime, minutes);
    const rows = [{ ...parent!, completionTime }, ...children].map((row) => ({ ...row, creationTime }));
    await insert(world.prisma, 'activity', world.account, rows);
  }

  const SELECTION = `from to
    total { runs failed inProgress successRate durations { shortest median longest } executions { failed } }
    days { startsAt runs }
    worstScriptProfiles { scriptProfile { databaseId } runs executions { succeeded failed } successRate }
    worstComputers { computer { databaseId } executions { undelivered delivered canceled succeeded failed } successRate }
    runsInProgress { totalCount nodes { databaseId } }
    unseenComputers { totalCount nodes { databaseId } }`;
  async function statistics(
    args = '(lastDays: 3)',
    token = world.admin,
    selection = SELECTION,
  ): Promise<Payload> {
    const { data, errors } = await app.graphql(`{ accountStatistics${args} { ${selection} } }`, {}, token);
    expect(errors).toBeUndefined();
    return data.accountStatistics;
  }
  const idsOf = (nodes: Payload[]) => nodes.map(({ databaseId }) => databaseId);
  const sees = (permission: string, ...groups: AccessGroup[]): RoleOf => ({
    permissions: [permission] as never,
    groups,
  });

  test('the account shows totals of its runs, most failures, runs in progress and unseen computers', async () => {
    const found = await statistics();
    expect([found.from, found.to]).toEqual(['2025-04-08T00:00:00Z', '2025-04-11T00:00:00Z']);
    expect(found.total).toEqual({
      ...{ runs: 4, failed: 3, inProgress: 1, successRate: 1 / 6 },
      durations: { shortest: 60, median: 120, longest: 180 },
      executions: { failed: 5 },
    });
    expect(found.days.map((day: Payload) => day.runs)).toEqual([1, 2, 1]);
    expect(found.worstScriptProfiles).toEqual([
      {
        scriptProfile: { databaseId: WEB },
        runs: 2,
        executions: { succeeded: 1, failed: 3 },
        successRate: 0.25,
      },
      { scriptProfile: { databaseId: DB }, runs: 2, executions: { succeeded: 0, failed: 2 }, successRate: 0 },
    ]);
    const none = { undelivered: 0, delivered: 0, canceled: 0, succeeded: 0, failed: 0 };
    // The removed computer 99 also failed.
    expect(found.worstComputers).toEqual([
      { computer: { databaseId: WEB_2 }, executions: { ...none, failed: 2 }, successRate: 0 },
      { computer: { databaseId: WEB_1 }, executions: { ...none, succeeded: 1, failed: 1 }, successRate: 0.5 },
      { computer: { databaseId: DB_1 }, executions: { ...none, delivered: 1, failed: 1 }, successRate: 0 },
    ]);
    // Independent of the time of its creation.
    expect(found.runsInProgress.totalCount).toBe(2);
    expect(idsOf(found.runsInProgress.nodes)).toEqual([2030, 2050]);
    // One computer was never seen. One is pending, and one was accepted just now.
    expect(found.unseenComputers.totalCount).toBe(2);
    expect(idsOf(found.unseenComputers.nodes)).toEqual([WEB_2, DB_1]);
  });

  test('the days are those of the requested time zone', async () => {
    const { from, days } = await statistics('(lastDays: 3, timeZone: "Europe/Berlin")');
    expect(from).toBe('2025-04-07T22:00:00Z');
    expect(days).toEqual([
      { startsAt: '2025-04-07T22:00:00Z', runs: 0 },
      { startsAt: '2025-04-08T22:00:00Z', runs: 3 },
      { startsAt: '2025-04-09T22:00:00Z', runs: 1 },
    ]);
  });

  test('the lists have the requested number of items, and computers are unseen for the requested number of days', async () => {
    const selection = `worstScriptProfiles(first: 1) { runs } worstComputers(first: 0) { successRate }
      runsInProgress(first: 1) { nodes { databaseId } pageInfo { hasNextPage } }
      day: unseenComputers(forDays: 1) { totalCount } week: unseenComputers(forDays: 8, first: 1) { totalCount nodes { databaseId } }`;
    expect(await statistics('', world.admin, selection)).toEqual({
      worstScriptProfiles: [{ runs: 2 }],
      worstComputers: [],
      runsInProgress: { nodes: [{ databaseId: 2030 }], pageInfo: { hasNextPage: true } },
      day: { totalCount: 2 },
      week: { totalCount: 1, nodes: [{ databaseId: DB_1 }] },
    });
  });

  test('profiles that missed slots are listed with the number, the last slot and its reason', async () => {
    await slots(WEB, '2025-04-08T10:00', 2, 'spacing');
    await slots(WEB, '2025-04-09T10:00', 3, 'overlap');
    await slots(DB, '2025-04-09T10:00', 9, 'outage');
    // A pause, an edit and an earlier day are not missed slots of the period.
    await slots(WEB, '2025-04-09T12:00', 50, 'paused');
    await slots(WEB, '2025-04-09T13:00', 50, 'rescheduled');
    await slots(WEB, '2025-04-01T00:00', 50, 'overlap');
    const selection = 'missedSlots { number lastSlot reason scriptProfile { databaseId } }';
    const missed = [
      {
        ...{ number: 9, lastSlot: '2025-04-09T10:08:00Z', reason: 'OUTAGE' },
        scriptProfile: { databaseId: DB },
      },
      {
        ...{ number: 5, lastSlot: '2025-04-09T10:02:00Z', reason: 'OVERLAP' },
        scriptProfile: { databaseId: WEB },
      },
    ];
    expect(await statistics('(lastDays: 3)', world.admin, selection)).toEqual({ missedSlots: missed });
    const onlyWeb = await world.person(sees('ViewScriptProfile', web));
    expect(await statistics('(lastDays: 3)', onlyWeb, selection)).toEqual({ missedSlots: [missed[1]] });
    const first = await statistics(
      '(lastDays: 3)',
      world.admin,
      'missedSlots(first: 1) { number scriptProfile { id } }',
    );
    expect(first.missedSlots).toMatchObject([{ number: 9 }]);
  });

  test('data that the caller may not see is not counted', async () => {
    const onlyWeb = await world.person(sees('ViewScriptProfile', web), sees('ViewComputer', web));
    const found = await statistics('(lastDays: 3)', onlyWeb);
    expect(found.total).toMatchObject({ runs: 2, failed: 2, inProgress: 0, executions: { failed: 3 } });
    expect(found.days.map((day: Payload) => day.runs)).toEqual([1, 1, 0]);
    expect(found.worstScriptProfiles).toMatchObject([{ scriptProfile: { databaseId: WEB } }]);
    expect(found.worstComputers).toMatchObject([
      { computer: { databaseId: WEB_2 } },
      { computer: { databaseId: WEB_1 } },
    ]);
    expect(found.runsInProgress).toEqual({ totalCount: 1, nodes: [{ databaseId: 2050 }] });
    expect(found.unseenComputers).toEqual({ totalCount: 1, nodes: [{ databaseId: WEB_2 }] });

    const noComputers = await world.person(sees('ViewScriptProfile', web, db));
    expect(await statistics('(lastDays: 3)', noComputers)).toMatchObject({
      total: { runs: 4 },
      worstComputers: [],
      unseenComputers: { totalCount: 0, nodes: [] },
    });
    // The caller sees the group of the computer, but not the profiles for which it failed.
    const dbProfiles = await world.person(sees('ViewScriptProfile', db), sees('ViewComputer', web));
    expect((await statistics('(lastDays: 3)', dbProfiles)).worstComputers).toEqual([]);
  });

  test('an account without runs shows every day, and is otherwise empty', async () => {
    const other = await AccessWorld.in(app, 'empty');
    const { total, days, ...lists } = await statistics('', other.admin);
    expect(total).toMatchObject({ runs: 0, successRate: null, durations: null, executions: { failed: 0 } });
    expect(days).toHaveLength(30);
    expect(lists).toMatchObject({ worstScriptProfiles: [], worstComputers: [] });
  });

  test.each<[string, string, string]>([
    ['(timeZone: "Mars/Olympus")', 'from', 'timeZone'],
    ['(lastDays: 93)', 'from', 'lastDays'],
    ['(from: "2025-01-01T00:00:00Z")', 'from', 'to'],
    ['', 'worstScriptProfiles(first: 51) { runs }', 'first'],
    ['', 'worstComputers(first: -1) { successRate }', 'first'],
    ['', 'missedSlots(first: 51) { number }', 'first'],
    ['', 'unseenComputers(forDays: 0) { totalCount }', 'forDays'],
    ['', 'unseenComputers(forDays: 93) { totalCount }', 'forDays'],
  ])('%s { %s } is refused', async (args, selection, field) => {
    const { errors } = await app.graphql(`{ accountStatistics${args} { ${selection} } }`, {}, world.admin);
    expect(errors).toMatchObject([{ extensions: { code: 'INVALID_INPUT', field } }]);
  });
}
