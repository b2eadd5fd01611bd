import { beforeAll, describe, expect, test } from '@jest/globals';
import { insertRows } from '../../src/demo/inserts.ts';
import type { TestApp } from '../support/app.ts';
import { at, NOW } from '../support/builders.ts';
import { anAccount, insert } from '../support/rows.ts';
import { sharedApp } from '../support/shared-app.ts';
import { ask, mutate, type Payload } from './mutate.ts';

// Now is 2025-04-10T12:00:30.25. The tree is global > server > web. Two computers are in web, two in server, and one is
// pending.
export function forecast(): void {
  let app: TestApp;
  const [WEB1, WEB2, SERVER1, SERVER2, PENDING] = [2001, 2002, 2003, 2004, 2005];
  const [HOURLY, DAILY, ONCE, EVENT, PAUSED, ARCHIVED] = [11, 12, 13, 14, 15, 16];

  beforeAll(async () => {
    app = await sharedApp({ seed: 'none', now: NOW });
    const { prisma } = app.database;
    const account = await anAccount(prisma);
    await mutate(app, 'updateLimits', { minInterval: 120, maxNumComputers: 3 });
    const group = async (title: string, parent: string) =>
      (await mutate(app, 'createAccessGroup', { title, parent }, 'accessGroup { databaseId }')).accessGroup
        .databaseId;
    const server = await group('server', 'global');
    const web = await group('web', 'server');
    await insert(prisma, 'script', account, [{ id: 1000 }, { id: 1001 }]);
    await insert(prisma, 'computer', account, [
      { id: WEB1, accessGroupId: web },
      { id: WEB2, accessGroupId: web },
      { id: SERVER1, accessGroupId: server },
      { id: SERVER2, accessGroupId: server },
      { id: PENDING, status: 'pending', acceptedAt: null, requestedTags: ['a'] },
    ]);
    await insertRows(prisma, 'computer_tag', account.id, [
      { computerId: WEB1, tag: 'b', position: 0 },
      { computerId: WEB1, tag: 'a', position: 1 },
      { computerId: SERVER1, tag: 'a', position: 0 },
    ]);
    const profile = (row: { id: number; [column: string]: unknown }) =>
      insert(prisma, 'script_profile', account, [row]);
    const none = { timestamp: null, isFinished: null };
    const recurring = (interval: string, nextRun: string | null) => ({
      ...none,
      triggerKind: 'recurring',
      interval,
      startAfter: at('2025-01-01T00:00'),
      nextRun: nextRun && at(nextRun),
    });
    await profile({ id: HOURLY, ...recurring('0 * * * *', '2025-04-10T13:00'), timeLimit: 3600 });
    await profile({
      id: DAILY,
      ...recurring('30 15 * * *', '2025-04-10T15:30'),
      scriptId: 1001,
      accessGroupId: web,
      allComputers: false,
      tags: ['x', 'a', 'b'],
    });
    await profile({
      id: ONCE,
      timestamp: at('2025-04-10T15:00'),
      nextRun: at('2025-04-10T15:00'),
      accessGroupId: server,
      allComputers: false,
      tags: ['a'],
      timeLimit: 60,
    });
    await profile({ id: EVENT, ...none, triggerKind: 'event', eventType: 'post_enrollment' });
    await profile({ id: PAUSED, ...recurring('0 * * * *', null), pausedAt: NOW });
    await profile({ id: ARCHIVED, archived: true });
  });

  const token = () => app.token('jane@example.com', 'acme');

  describe('the account’s calendar', () => {
    const RUN = 'at mayRunUntil expectedComputers conflicting scriptProfile { databaseId script { title } }';
    const CONFLICT =
      'scriptProfile { databaseId } otherScriptProfile { databaseId } sharedComputers sameScript firstAt number';
    const calendar = async (args: string): Promise<Payload> =>
      (
        await ask(
          app,
          `{ upcomingRuns${args} { from to truncated completeUntil runs { ${RUN} } conflicts { ${CONFLICT} } load { startsAt runs executions } } }`,
        )
      ).upcomingRuns;

    test('has the runs of all profiles, their conflicts, and the load by hour', async () => {
      const { runs, conflicts, load, ...rest } = await calendar('(to: "2025-04-10T18:00:00Z")');
      expect(rest).toEqual({
        from: '2025-04-10T12:00:30.250000Z',
        to: '2025-04-10T18:00:00Z',
        completeUntil: '2025-04-10T18:00:00Z',
        truncated: false,
      });
      expect(
        runs.map((run: Payload) => [
          run.at.slice(11, 16),
          run.mayRunUntil.slice(11, 16),
          run.scriptProfile.databaseId,
          run.expectedComputers,
          run.conflicting,
        ]),
      ).toEqual([
        ['13:00', '14:00', HOURLY, 3, false],
        ['15:00', '16:00', HOURLY, 3, true],
        ['15:00', '15:01', ONCE, 2, true],
        ['15:30', '15:35', DAILY, 1, true],
        ['17:00', '18:00', HOURLY, 3, false],
      ]);
      expect(runs[3].scriptProfile.script).toEqual({ title: 'Script 1001' });
      const hourly = { scriptProfile: { databaseId: HOURLY }, number: 1 };
      expect(conflicts).toEqual([
        {
          ...hourly,
          otherScriptProfile: { databaseId: ONCE },
          sharedComputers: 2,
          sameScript: true,
          firstAt: '2025-04-10T15:00:00Z',
        },
        {
          ...hourly,
          otherScriptProfile: { databaseId: DAILY },
          sharedComputers: 1,
          sameScript: false,
          firstAt: '2025-04-10T15:30:00Z',
        },
      ]);
      expect(load).toEqual([
        { startsAt: '2025-04-10T13:00:00Z', runs: 1, executions: 3 },
        { startsAt: '2025-04-10T15:00:00Z', runs: 3, executions: 6 },
        { startsAt: '2025-04-10T17:00:00Z', runs: 1, executions: 3 },
      ]);
    });

    test('covers the coming week by default', async () => {
      const { from, to, runs } = await calendar('');
      expect([from.slice(0, 16), to.slice(0, 16), runs.length]).toEqual([
        '2025-04-10T12:00',
        '2025-04-17T12:00',
        84 + 1 + 7,
      ]);
    });

    test('ends early with the time of the end if there are too many runs', async () => {
      await mutate(app, 'updateLimits', { minInterval: 0 });
      const all = await ask(app, '{ upcomingRuns(to: "2025-07-10T00:00:00Z") { truncated runs { at } } }');
      expect(all.upcomingRuns.truncated).toBe(false);
      const made = await mutate(
        app,
        'createScriptProfile',
        {
          title: 'Minutely',
          scriptId: 1000,
          username: 'root',
          timeLimit: 1,
          trigger: { recurring: { interval: '* * * * *', startAfter: '2025-01-01T00:00:00Z' } },
        },
        'scriptProfile { databaseId }',
      );
      const { truncated, completeUntil, runs } = await calendar('(to: "2025-07-10T00:00:00Z")');
      expect([truncated, runs.length]).toEqual([true, 5000]);
      expect(completeUntil >= runs.at(-1).at).toBe(true);
      await mutate(app, 'archiveScriptProfile', { id: made.scriptProfile.databaseId });
      await mutate(app, 'updateLimits', { minInterval: 120 });
    });

    test.each([
      'to: "2025-07-12T00:00:00Z"',
      'to: "2025-04-10T12:00:00Z"',
      'from: "2025-04-12T00:00:00Z", to: "2025-04-11T00:00:00Z"',
    ])('refuses a range that is too long, in the past or reversed: %s', async (args) => {
      const { errors } = await app.graphql(`{ upcomingRuns(${args}) { from } }`, {}, token());
      expect(errors).toMatchObject([{ extensions: { code: 'INVALID_INPUT', field: 'to' } }]);
    });

    test('takes the same number of statements for any number of runs and profiles', async () => {
      const document = `{ upcomingRuns { runs { at scriptProfile { title script { title } } } conflicts { otherScriptProfile { title } } } }`;
      const cost = () => app.statements(() => ask(app, document));
      const before = await cost();
      const made = await mutate(
        app,
        'createScriptProfile',
        {
          title: 'One more',
          scriptId: 1000,
          username: 'root',
          timeLimit: 1,
          tags: ['a'],
          trigger: { recurring: { interval: '*/5 * * * *', startAfter: '2025-01-01T00:00:00Z' } },
        },
        'scriptProfile { databaseId }',
      );
      expect([before, await cost()]).toEqual([5, 5]);
      await mutate(app, 'archiveScriptProfile', { id: made.scriptProfile.databaseId });
    });
  });

  describe('the next runs of a profile', () => {
    const runs = async (id: number, args = '') =>
      (
        await ask(
          app,
          `{ scriptProfile(id: ${id}) { upcomingRuns${args} { at slot expectedComputers passedOver { reason number } } } }`,
        )
      ).scriptProfile.upcomingRuns;

    test('are the runs that really happen, with the slots that are passed over', async () => {
      expect(await runs(HOURLY, '(first: 2)')).toEqual([
        { at: '2025-04-10T13:00:00Z', slot: '2025-04-10T13:00:00Z', expectedComputers: 3, passedOver: [] },
        {
          at: '2025-04-10T15:00:00Z',
          slot: '2025-04-10T15:00:00Z',
          expectedComputers: 3,
          passedOver: [{ reason: 'SPACING', number: 1 }],
        },
      ]);
      expect(await runs(DAILY)).toHaveLength(10);
      expect(await runs(ONCE)).toHaveLength(1);
    });

    test.each([EVENT, PAUSED, ARCHIVED])('are empty for %s', async (id) => {
      expect(await runs(id)).toEqual([]);
    });

    test.each([-1, 51])('are refused with a count of %s', async (first) => {
      const { errors } = await app.graphql(
        `{ scriptProfile(id: 11) { upcomingRuns(first: ${first}) { at } } }`,
        {},
        token(),
      );
      expect(errors).toMatchObject([{ extensions: { code: 'INVALID_INPUT', field: 'first' } }]);
    });
  });

  describe('a computer', () => {
    const computer = async (id: number, selection: string) =>
      (await ask(app, `{ computer(id: ${id}) { ${selection} } }`)).computer;
    const reasons = async (id: number) =>
      (await computer(id, 'targetedBy { allComputers tags scriptProfile { databaseId } }')).targetedBy.map(
        (one: Payload) => [one.scriptProfile.databaseId, one.allComputers ? 'all' : one.tags.join()],
      );

    test('shows the profiles that target it, with the reason', async () => {
      expect(await reasons(WEB1)).toEqual([
        [HOURLY, 'all'],
        [DAILY, 'a,b'],
        [ONCE, 'a'],
        [PAUSED, 'all'],
      ]);
      expect(await reasons(WEB2)).toEqual([
        [HOURLY, 'all'],
        [PAUSED, 'all'],
      ]);
      expect(await reasons(SERVER1)).toEqual([
        [HOURLY, 'all'],
        [ONCE, 'a'],
        [PAUSED, 'all'],
      ]);
      expect(await reasons(PENDING)).toEqual([]);
    });

    test('is targeted exactly by the profiles that count it', async () => {
      const { scriptProfiles } = await ask(
        app,
        '{ scriptProfiles(filter: { status: ALL }) { nodes { databaseId computers { nodes { databaseId } } } } }',
      );
      const { computers } = await ask(
        app,
        '{ computers(filter: { statuses: [PENDING, ACCEPTED] }) { nodes { databaseId targetedBy { scriptProfile { databaseId } } } } }',
      );
      const forward = scriptProfiles.nodes.flatMap((profile: Payload) =>
        profile.computers.nodes.map((node: Payload) => `${profile.databaseId} ${node.databaseId}`),
      );
      const backward = computers.nodes.flatMap((node: Payload) =>
        node.targetedBy.map((one: Payload) => `${one.scriptProfile.databaseId} ${node.databaseId}`),
      );
      expect(backward.sort()).toEqual(forward.sort());
      expect(forward.length).toBeGreaterThan(5);
    });

    test('shows its next runs and their conflicts', async () => {
      const { upcomingRuns } = await computer(
        WEB1,
        'upcomingRuns(first: 5) { at conflicting scriptProfile { databaseId } }',
      );
      expect(
        upcomingRuns.map((run: Payload) => [
          run.at.slice(11, 16),
          run.scriptProfile.databaseId,
          run.conflicting,
        ]),
      ).toEqual([
        ['13:00', HOURLY, false],
        ['15:00', HOURLY, true],
        ['15:00', ONCE, true],
        ['15:30', DAILY, true],
        ['17:00', HOURLY, false],
      ]);
      expect((await computer(PENDING, 'upcomingRuns { at }')).upcomingRuns).toEqual([]);
      expect(
        (await computer(SERVER2, 'upcomingRuns(first: 50) { scriptProfile { databaseId } }')).upcomingRuns,
      ).toHaveLength(50);
    });
  });
}
