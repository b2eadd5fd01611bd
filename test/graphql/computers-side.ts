import { beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { addMinutes, type Instant } from '../../src/domain/time.ts';
import { globalId } from '../../src/graphql/common/global-id.ts';
import type { TestApp } from '../support/app.ts';
import { NOW } from '../support/builders.ts';
import { resetDatabase } from '../support/database.ts';
import { anAccount, insert, type TestAccount } from '../support/rows.ts';
import { sharedApp } from '../support/shared-app.ts';
import { ask, mutate, refusal } from './mutate.ts';

// The enrolment of a computer, and the operations that its token and the registration key allow.
export function computersSide(): void {
  let app: TestApp;
  let account: TestAccount;
  let now: Instant;
  beforeAll(async () => {
    app = await sharedApp({ seed: 'none', now: () => now });
  });
  beforeEach(async () => {
    now = NOW;
    await resetDatabase(app.database);
    account = await anAccount(app.database.prisma);
    await insert(app.database.prisma, 'script', account, [{ id: 1000 }]);
  });

  const KEY = 'a key: with ünusual signs';
  const basic = (user: string, password: string) =>
    `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
  const COMPUTER = 'computer { databaseId title status tags accessGroup { name } } token';
  const ENROL = `mutation ($input: EnrolComputerInput!) {
  done: enrolComputer(input: $input) { ${COMPUTER} userErrors { code field } } }`;

  /** Sends a document with the given credentials. */
  async function send(authorization: string | null, query: string, variables: object = {}) {
    const answer = await fetch(`${app.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...(authorization !== null && { authorization }) },
      body: JSON.stringify({ query, variables }),
    });
    // biome-ignore lint/suspicious/noExplicitAny: a test reads answers of any shape
    return { status: answer.status, ...((await answer.json()) as any) };
  }
  const bearer = (token: string) => `Bearer ${token}`;
  const enrol = (input: object = { hostname: 'web-1' }) => mutate(app, 'enrolComputer', input, COMPUTER);
  const enrolByKey = async (input: object = { hostname: 'web-1' }) =>
    (await send(basic('acme', KEY), ENROL, { input })).data.done;
  const accept = (ids: number[], into: object = {}) =>
    mutate(app, 'acceptComputers', { ids, ...into }, 'computers { status tags accessGroup { name } }');
  const prefer = (input: object) =>
    mutate(app, 'updatePreferences', input, 'preferences { autoRegisterNewComputers hasRegistrationKey }');
  const EVENT = {
    triggerKind: 'event',
    eventType: 'post_enrollment',
    timestamp: null,
    isFinished: null,
    pausedAt: null,
  };
  const profiles = (...rows: { id: number; [column: string]: unknown }[]) =>
    insert(
      app.database.prisma,
      'script_profile',
      account,
      rows.map((row) => ({ ...EVENT, ...row })),
    );
  const runsOf = async (id: number) =>
    (
      await ask(
        app,
        `{ scriptProfile(id: ${id}) { lastRun: trigger { __typename }
      activities { nodes { status children { nodes { status computer { databaseId } } } } } } }`,
      )
    ).scriptProfile.activities.nodes;

  const TAKE = `mutation ($first: Int) { done: takeExecutions(input: { first: $first }) {
  executions { id interpreter code username timeLimit cancelRequested
    environment { accountName computerId computerTags activityId activityCreatorId activityCreationTime } }
  userErrors { code field } } }`;
  const REPORT = `mutation ($input: ReportExecutionInput!) {
  done: reportExecution(input: $input) { reportedId userErrors { code field } } }`;
  const take = async (token: string, first: number | null = null) =>
    (await send(bearer(token), TAKE, { first })).data.done;
  const report = async (token: string, input: object) =>
    (await send(bearer(token), REPORT, { input })).data.done;

  describe('the enrolment', () => {
    test('with a person’s token creates a pending computer, which shows its requested tags and group, and its own token', async () => {
      await prefer({ autoRegisterNewComputers: true });
      const { computer, token, userErrors } = await enrol({
        hostname: 'web-1',
        title: 'Web',
        tags: ['b', 'a'],
      });
      expect(userErrors).toEqual([]);
      expect(computer).toEqual({
        databaseId: 1,
        title: 'Web',
        status: 'PENDING',
        tags: ['b', 'a'],
        accessGroup: { name: 'global' },
      });
      expect(token).toMatch(/^computer_\d+_[\w-]{43}$/);
      const rows = await app.database.prisma.computer.findMany();
      // Only a hash is stored, which does not reveal the token.
      expect(
        JSON.stringify(rows, (_, value) => (typeof value === 'bigint' ? Number(value) : value)),
      ).not.toContain(token);
      expect((await enrol({ hostname: 'web-2' })).token).not.toBe(token);
    });

    test('with the registration key creates a pending computer, unless the account accepts computers immediately', async () => {
      expect((await prefer({ registrationKey: KEY })).preferences).toEqual({
        autoRegisterNewComputers: false,
        hasRegistrationKey: true,
      });
      expect((await enrolByKey()).computer).toMatchObject({ status: 'PENDING' });
      await prefer({ autoRegisterNewComputers: true });
      expect((await enrolByKey({ hostname: 'web-2', tags: ['web'] })).computer).toMatchObject({
        status: 'ACCEPTED',
        tags: ['web'],
      });
      await prefer({ registrationKey: '' });
      expect((await send(basic('acme', KEY), ENROL, { input: { hostname: 'web-3' } })).status).toBe(401);
    });

    test.each<[string, () => string | null]>([
      ['a wrong key', () => basic('acme', 'a wrong key')],
      ['the key of another account', () => basic('other', KEY)],
      ['an account that does not exist', () => basic('nobody', KEY)],
      ['an empty key', () => basic('acme', '')],
      ['a key without an account', () => basic('', KEY)],
      ['credentials without a colon', () => `Basic ${Buffer.from('acme').toString('base64')}`],
      ['credentials that are not base64', () => 'Basic !'],
      ['an unknown computer’s token', () => bearer(`computer_1_${'x'.repeat(43)}`)],
      ['a computer’s token without an account', () => bearer(`computer_${'x'.repeat(43)}`)],
      ['no credentials', () => null],
    ])('with %s is refused with 401, and creates nothing', async (_, authorization) => {
      await prefer({ registrationKey: KEY });
      await anAccount(app.database.prisma, 'other', 'joe@example.com');
      const answer = await send(authorization(), ENROL, { input: { hostname: 'web-1' } });
      expect(answer.status).toBe(401);
      expect(answer.errors[0].extensions.code).toBe('UNAUTHENTICATED');
      expect(await app.database.prisma.computer.count()).toBe(0);
    });

    test.each([
      ['a hostname with a space', { hostname: 'a b' }, 'INVALID_INPUT hostname'],
      ['an invalid tag', { hostname: 'a', tags: ['-'] }, 'INVALID_INPUT tags.0'],
      ['a group that does not exist', { hostname: 'a', accessGroup: 'nowhere' }, 'INVALID_INPUT accessGroup'],
    ])('is refused for %s', async (_, input, expected) => {
      expect(await refusal(app, 'enrolComputer', input)).toBe(expected);
    });

    test.each([
      ['a key of 7 characters', 'x'.repeat(7)],
      ['a key of 256 characters', 'x'.repeat(256)],
      ['a key with a line break', 'longer\nthan 8'],
    ])('refuses %s as a registration key, without repeating it', async (_, registrationKey) => {
      const { userErrors } = await mutate(app, 'updatePreferences', { registrationKey });
      expect(userErrors[0]).toMatchObject({ code: 'INVALID_INPUT', field: 'registrationKey' });
      expect(JSON.stringify(userErrors)).not.toContain(JSON.stringify(registrationKey).slice(1, -1));
    });
  });

  describe('accepting computers', () => {
    test('sets tags and group first, so that each event profile that they match runs on them once (P1)', async () => {
      await mutate(app, 'createAccessGroup', { title: 'Server' });
      const server = Number(
        (await app.database.prisma.accessGroup.findFirst({ where: { name: 'server' } }))!.id,
      );
      await profiles(
        { id: 1000 },
        { id: 1001, allComputers: false, tags: ['given', 'x'] },
        { id: 1002, allComputers: false, tags: ['asked'] },
        { id: 1003, accessGroupId: server },
        { id: 1004, accessGroupId: server, allComputers: false, tags: ['given'] },
        { id: 1005, pausedAt: NOW },
        { id: 1006, archived: true },
        { id: 1007, triggerKind: 'recurring', eventType: null, interval: '* * * * *', startAfter: NOW },
      );
      const { computer } = await enrol({ hostname: 'web-1', tags: ['asked'] });
      for (const id of [1000, 1002]) expect(await runsOf(id)).toEqual([]);
      now = addMinutes(NOW, 5);
      const into = { tags: ['given'], accessGroup: 'server' };
      const { computers } = await accept([computer.databaseId], into);
      expect(computers).toEqual([{ status: 'ACCEPTED', tags: ['given'], accessGroup: { name: 'server' } }]);
      const one = {
        status: 'UNDELIVERED',
        children: { nodes: [{ status: 'UNDELIVERED', computer: { databaseId: computer.databaseId } }] },
      };
      const expected: Record<number, object[]> = {
        1000: [one],
        1001: [one],
        1002: [],
        1003: [one],
        1004: [one],
        1005: [],
        1006: [],
        1007: [],
      };
      for (const [id, runs] of Object.entries(expected))
        expect([id, await runsOf(Number(id))]).toEqual([id, runs]);

      // Accepting again with other tags changes and runs nothing.
      const again = await accept([computer.databaseId], { tags: ['asked'] });
      expect(again.computers).toEqual(computers);
      for (const [id, runs] of Object.entries(expected))
        expect([id, await runsOf(Number(id))]).toEqual([id, runs]);
      const { lastRun } = (await app.database.prisma.scriptProfile.findFirst({ where: { id: 1000 } }))!;
      expect(lastRun?.toISOString().slice(0, 16)).toBe(now.slice(0, 16));
    });

    test('runs the event profile once for each of several computers', async () => {
      await profiles({ id: 1000 });
      const ids = [];
      for (const hostname of ['a', 'b', 'c']) ids.push((await enrol({ hostname })).computer.databaseId);
      await accept(ids);
      expect(await runsOf(1000)).toHaveLength(3);
    });

    test('runs the event profile also if the registration key accepts a computer immediately', async () => {
      await profiles({ id: 1000 });
      await prefer({ registrationKey: KEY, autoRegisterNewComputers: true });
      const { token } = await enrolByKey();
      expect(await runsOf(1000)).toHaveLength(1);
      expect((await take(token)).executions).toHaveLength(1);
    });

    test('accepts none and runs nothing if one is refused', async () => {
      await profiles({ id: 1000 });
      const { computer } = await enrol();
      expect(await refusal(app, 'acceptComputers', { ids: [computer.databaseId, 77] })).toBe('NOT_FOUND ids');
      expect(await runsOf(1000)).toEqual([]);
      expect((await ask(app, `{ computer(id: ${computer.databaseId}) { status } }`)).computer.status).toBe(
        'PENDING',
      );
    });
  });

  describe('a computer’s own token', () => {
    async function joined(hostname: string): Promise<{ id: number; token: string }> {
      const { computer, token } = await enrol({ hostname, tags: ['web'] });
      await accept([computer.databaseId]);
      return { id: computer.databaseId, token };
    }

    test('takes and reports the computer’s own executions, and sees nothing of another computer', async () => {
      await profiles({ id: 1000, username: 'www', timeLimit: 77 });
      const [one, other] = [await joined('one'), await joined('other')];
      const { executions } = await take(one.token);
      const [run] = await runsOf(1000);
      expect(run.children.nodes).toHaveLength(1);
      expect(executions).toEqual([
        {
          id: expect.any(String),
          interpreter: '/bin/sh',
          code: 'true\n',
          username: 'www',
          timeLimit: 77,
          cancelRequested: false,
          environment: {
            accountName: 'acme',
            computerId: one.id,
            computerTags: ['web'],
            activityId: expect.any(Number),
            activityCreatorId: 1,
            activityCreationTime: '2025-04-10T12:00:30.250000Z',
          },
        },
      ]);
      const { id } = executions[0];
      expect(await report(other.token, { id, succeeded: true })).toEqual({
        reportedId: null,
        userErrors: [{ code: 'NOT_FOUND', field: 'id' }],
      });
      expect(await report(one.token, { id, succeeded: false, resultCode: 7 })).toMatchObject({
        userErrors: [{ code: 'INVALID_INPUT', field: 'resultCode' }],
      });
      for (let time = 0; time < 2; time += 1) {
        expect(await report(one.token, { id, succeeded: true, resultText: 'done' })).toEqual({
          reportedId: id,
          userErrors: [],
        });
      }
      expect(await take(one.token)).toEqual({ executions: [], userErrors: [] });
      const activity = (await ask(app, `{ activity(id: "${id}") { status resultText } }`)).activity;
      expect(activity).toEqual({ status: 'SUCCEEDED', resultText: 'done' });
    });

    test('of a pending computer takes nothing, and is refused with 401 after it was rejected or removed', async () => {
      await profiles({ id: 1000 });
      const { computer, token } = await enrol();
      expect(await take(token)).toEqual({ executions: [], userErrors: [] });
      await mutate(app, 'rejectComputers', { ids: [computer.databaseId] });
      expect((await send(bearer(token), TAKE)).status).toBe(401);
      const one = await joined('one');
      await mutate(app, 'removeComputer', { id: one.id });
      expect((await send(bearer(one.token), TAKE)).status).toBe(401);
      // P11: its open executions have failed.
      expect((await runsOf(1000))[0]).toMatchObject({
        status: 'FAILED',
        children: { nodes: [{ status: 'FAILED' }] },
      });
    });

    const FOR_PEOPLE = [
      ['scriptProfiles', '{ scriptProfiles { nodes { title } } }'],
      ['computers', '{ computers { totalCount } }'],
      ['activities', '{ activities { nodes { status } } }'],
      ['scripts', '{ scripts { nodes { code } } }'],
      ['viewer', '{ viewer { accountName } }'],
      ['preferences', '{ preferences { hasRegistrationKey } }'],
      ['limits', '{ limits { minInterval } }'],
      ['node', `{ node(id: "${globalId('Computer', 1)}") { id } }`],
      ['acceptComputers', 'mutation { acceptComputers(input: { ids: ["1"] }) { userErrors { code } } }'],
      ['removeComputer', 'mutation { removeComputer(input: { id: "1" }) { userErrors { code } } }'],
      [
        'updatePreferences',
        'mutation { updatePreferences(input: { registrationKey: "12345678" }) { userErrors { code } } }',
      ],
      [
        'runScriptProfile',
        'mutation { runScriptProfile(input: { id: "1000", idempotencyKey: "k" }) { userErrors { code } } }',
      ],
      ['cancelActivity', 'mutation { cancelActivity(input: { id: "1" }) { userErrors { code } } }'],
      [
        'archiveScriptProfile',
        'mutation { archiveScriptProfile(input: { id: "1000" }) { userErrors { code } } }',
      ],
    ] as const;
    const OF_COMPUTERS = [
      ['takeExecutions', TAKE, {}],
      ['reportExecution', REPORT, { input: { id: '1', succeeded: true } }],
    ] as const;
    const forbidden = (answer: { errors?: { extensions: { code: string } }[]; data: object | null }) => {
      expect(answer.errors?.map(({ extensions }) => extensions.code)).toEqual(['FORBIDDEN']);
      expect(Object.values(answer.data ?? {}).filter((value) => value !== null)).toEqual([]);
    };

    test.each(FOR_PEOPLE)(
      'allows nothing else, and neither does the registration key: %s is FORBIDDEN',
      async (_, document) => {
        await profiles({ id: 1000 });
        await prefer({ registrationKey: KEY });
        const { token } = await joined('one');
        forbidden(await send(bearer(token), document));
        forbidden(await send(basic('acme', KEY), document));
        expect((await runsOf(1000))[0].status).toBe('UNDELIVERED');
      },
    );

    test('executes its own operations even if the same request contains forbidden ones', async () => {
      await profiles({ id: 1000 });
      const { token } = await joined('one');
      const answer = await send(
        bearer(token),
        `mutation {
        takeExecutions(input: {}) { executions { id } }
        archiveScriptProfile(input: { id: "1000" }) { userErrors { code } }
      }`,
      );
      expect(answer.data).toEqual({
        takeExecutions: { executions: [{ id: expect.any(String) }] },
        archiveScriptProfile: null,
      });
      expect(answer.errors.map(({ path }: { path: string[] }) => path)).toEqual([['archiveScriptProfile']]);
    });

    test('cannot enrol a computer', async () => {
      const { token } = await joined('one');
      forbidden(await send(bearer(token), ENROL, { input: { hostname: 'two' } }));
    });

    test.each(OF_COMPUTERS)(
      'is required for %s: a person’s token and the key are FORBIDDEN',
      async (_, document, variables) => {
        await prefer({ registrationKey: KEY });
        forbidden(await send(bearer(app.token('jane@example.com', 'acme')), document, variables));
        forbidden(await send(basic('acme', KEY), document, variables));
      },
    );

    test.each(['/script-profiles', '/script-profiles/1000', '/script-profile-limits'])(
      'is refused by REST with 403, as is the registration key: %s',
      async (path) => {
        await profiles({ id: 1000 });
        await prefer({ registrationKey: KEY });
        const { token } = await joined('one');
        for (const authorization of [bearer(token), basic('acme', KEY)]) {
          const answer = await app.rest('GET', path, undefined, { authorization });
          expect([answer.status, answer.body.error]).toEqual([403, 'Forbidden']);
        }
      },
    );
  });
}
