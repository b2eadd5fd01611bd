import { beforeEach, expect, test } from '@jest/globals';
import { createStore } from '../../src/repositories/store.ts';
import { createServices } from '../../src/services/index.ts';
import type { TestApp } from '../support/app.ts';
import { at, NOW } from '../support/builders.ts';
import { aRun, insert } from '../support/rows.ts';
import { sharedApp } from '../support/shared-app.ts';
import { AccessWorld, type Things } from './access-world.ts';
import type { Payload } from './mutate.ts';

// Mutations of several profiles with a result for each, and reruns of failed executions.
export function batches(): void {
  let app: TestApp;
  let world: AccessWorld;
  let web: Things;
  let db: Things;
  /** May see both groups, but manage only `web`. */
  let manager: string;

  beforeEach(async () => {
    app = await sharedApp({ seed: 'none', now: NOW });
    world = await AccessWorld.in(app);
    const groups = [await world.group('web'), await world.group('db')] as const;
    [web, db] = [await world.fill(groups[0]), await world.fill(groups[1])];
    // A pause would finish a one-time profile whose time has come.
    const recurring = { triggerKind: 'recurring', interval: '0 8 * * *', startAfter: NOW };
    await world.prisma.scriptProfile.updateMany({
      data: { ...recurring, timestamp: null, isFinished: null },
    });
    manager = await world.person(
      { permissions: ['ViewScriptProfile', 'ViewComputer'], groups },
      { permissions: ['ManageScriptProfile'], groups: [groups[0]] },
    );
  });

  const send = (mutation: string, input: string, selection: string, token = world.admin) =>
    app.graphql(
      `mutation { done: ${mutation}(input: { ${input} }) { ${selection} userErrors { code field } } }`,
      {},
      token,
    );
  async function each(mutation: string, input: string, token = world.admin): Promise<Payload[]> {
    const selection =
      mutation === 'runScriptProfiles'
        ? 'results { profileId activity { databaseId } userErrors { code } }'
        : 'results { profileId scriptProfile { state } userErrors { code } }';
    const { data, errors } = await send(mutation, input, selection, token);
    expect(errors).toBeUndefined();
    expect(data.done.userErrors).toEqual([]);
    return data.done.results;
  }
  const codes = (results: Payload[]) =>
    results.map(({ profileId, userErrors }) => [profileId, userErrors.map(({ code }: Payload) => code)]);
  const stateOf = async (id: number) =>
    (await app.graphql(`{ scriptProfile(id: ${id}) { state } }`, {}, world.admin)).data.scriptProfile.state;

  test('profiles are paused, resumed and archived one after the other', async () => {
    const ids = `ids: [${web.profile}, ${db.profile}]`;
    for (const [mutation, state] of [
      ['pauseScriptProfiles', 'PAUSED'],
      ['resumeScriptProfiles', 'ACTIVE'],
      ['archiveScriptProfiles', 'ARCHIVED'],
    ] as const) {
      expect((await each(mutation, ids)).map(({ scriptProfile }) => scriptProfile)).toEqual([
        { state },
        { state },
      ]);
      expect([await stateOf(web.profile), await stateOf(db.profile)]).toEqual([state, state]);
    }
  });

  test('a refused profile has its own error, and does not stop the others', async () => {
    await each('archiveScriptProfiles', `ids: [${db.profile}]`);
    const results = await each('pauseScriptProfiles', `ids: [${db.profile}, 7, "nonsense", ${web.profile}]`);
    expect(codes(results)).toEqual([
      [String(db.profile), ['PROFILE_ARCHIVED']],
      ['7', ['NOT_FOUND']],
      ['nonsense', ['NOT_FOUND']],
      [String(web.profile), []],
    ]);
    expect(await stateOf(web.profile)).toBe('PAUSED');
  });

  test('profiles that the caller may not manage are FORBIDDEN, and the whole request if the caller may manage none', async () => {
    const results = await each('pauseScriptProfiles', `ids: [${web.profile}, ${db.profile}]`, manager);
    expect(codes(results)).toEqual([
      [String(web.profile), []],
      [String(db.profile), ['FORBIDDEN']],
    ]);
    expect(await stateOf(db.profile)).toBe('ACTIVE');
    const { errors } = await send('pauseScriptProfiles', `ids: [${db.profile}]`, '', manager);
    expect(errors?.[0].extensions.code).toBe('FORBIDDEN');
  });

  test('a profile that is named twice is changed once', async () => {
    const { data } = await app.graphql(`{ scriptProfile(id: ${web.profile}) { id } }`, {}, world.admin);
    const results = await each('pauseScriptProfiles', `ids: [${web.profile}, "${data.scriptProfile.id}"]`);
    expect(results).toHaveLength(1);
  });

  test('more than a hundred profiles are refused', async () => {
    const ids = Array.from({ length: 101 }, (_, index) => index + 1);
    const { data } = await send('archiveScriptProfiles', `ids: [${ids}]`, 'results { profileId }');
    expect(data.done).toEqual({ results: null, userErrors: [{ code: 'INVALID_INPUT', field: 'ids' }] });
  });

  test('profiles are run once for each key', async () => {
    const input = `ids: [${web.profile}, ${db.profile}], idempotencyKey: "k"`;
    const first = await each('runScriptProfiles', input);
    expect(new Set(first.map(({ activity }) => activity.databaseId)).size).toBe(2);
    expect(await each('runScriptProfiles', input)).toEqual(first);
    const again = await each('runScriptProfiles', `ids: [${web.profile}]`);
    expect(again[0].activity.databaseId).not.toBe(first[0].activity.databaseId);
  });

  test('without a key, each call of runScriptProfile creates a run', async () => {
    const run = async () =>
      (await send('runScriptProfile', `id: ${web.profile}`, 'activity { databaseId }')).data.done.activity
        .databaseId;
    expect(await run()).not.toBe(await run());
  });

  test('the failed executions of a run are repeated on the computers that failed and still match', async () => {
    const run = 500_000;
    const others = [200_001, 200_002, 200_003];
    await insert(
      world.prisma,
      'computer',
      world.account,
      others.map((id) => ({ id })),
    );
    await world.prisma.scriptProfile.updateMany({
      where: { accountId: BigInt(world.account.id), id: BigInt(web.profile) },
      data: { allComputers: true, accessGroupId: BigInt(world.account.root.id) },
    });
    const executions = [
      { computerId: others[0]!, status: 'failed' },
      { computerId: others[1]!, status: 'succeeded' },
      { computerId: others[2]!, status: 'failed' },
    ];
    await insert(world.prisma, 'activity', world.account, aRun(run, web.profile, executions, 'failed'));
    await send('removeComputer', `id: ${others[2]}`, '');
    const again = () =>
      send(
        'rerunFailedExecutions',
        `activityId: ${run}, idempotencyKey: "k"`,
        'activity { databaseId scriptProfile { databaseId } children { nodes { computer { databaseId } } } }',
      );
    const { done } = (await again()).data;
    expect(done).toEqual({
      activity: {
        databaseId: expect.any(Number),
        scriptProfile: { databaseId: web.profile },
        children: { nodes: [{ computer: { databaseId: others[0] } }] },
      },
      userErrors: [],
    });
    expect((await again()).data.done).toEqual(done);
  });

  test.each<[string, () => number, string]>([
    ['a run without failures', () => web.run, 'INVALID_INPUT'],
    ['an execution', () => web.execution, 'NOT_FOUND'],
    ['a run that does not exist', () => 7, 'NOT_FOUND'],
  ])('%s has no failed executions to repeat', async (_, id, code) => {
    const { data } = await send('rerunFailedExecutions', `activityId: ${id()}`, 'activity { id }');
    expect(data.done).toEqual({ activity: null, userErrors: [{ code, field: 'activityId' }] });
  });

  test('executions of a run and runs of a profile accept all filters of activities', async () => {
    const run = 500_000;
    const executions = [
      { computerId: web.computer, status: 'failed' },
      { computerId: db.computer, status: 'succeeded' },
    ];
    await insert(world.prisma, 'activity', world.account, aRun(run, web.profile, executions, 'failed'));
    const page = '{ totalCount nodes { databaseId } }';
    const { data, errors } = await app.graphql(
      `{
        activity(id: ${run}) {
          failed: children(filter: { statuses: [FAILED] }) ${page}
          all: children(filter: null) ${page}
          onOne: children(filter: { computerId: ${db.computer} }) ${page}
          found: children(filter: { query: "status:succeeded OR status:canceled" }) ${page}
        }
        scriptProfile(id: ${web.profile}) {
          failed: activities(filter: { statuses: [FAILED, CANCELED] }) ${page}
          all: activities ${page}
        }
      }`,
      {},
      world.admin,
    );
    expect(errors).toBeUndefined();
    const found = ({ totalCount, nodes }: Payload) => {
      expect(totalCount).toBe(nodes.length);
      return nodes.map(({ databaseId }: Payload) => databaseId).toSorted();
    };
    const { activity, scriptProfile } = data;
    expect(found(activity.failed)).toEqual([run + 1]);
    expect(found(activity.all)).toEqual([run + 1, run + 2]);
    expect(found(activity.onOne)).toEqual([run + 2]);
    expect(found(activity.found)).toEqual([run + 2]);
    expect(found(scriptProfile.failed)).toEqual([run]);
    expect(found(scriptProfile.all)).toEqual([web.run, run].toSorted());
  });

  test('a computer shows its executions by any filter, and the newest one', async () => {
    const run = 500_000;
    const executions = [
      { computerId: web.computer, status: 'failed', creationTime: at('2025-05-05T12:00') },
      { computerId: db.computer, status: 'succeeded' },
    ];
    await insert(world.prisma, 'activity', world.account, aRun(run, web.profile, executions, 'failed'));
    const page = '{ totalCount nodes { databaseId parent { scriptProfile { databaseId } } } }';
    const ask = async (token: string) => {
      const { data, errors } = await app.graphql(
        `{ computer(id: ${web.computer}) {
          all: activities ${page} failed: activities(filter: { statuses: [FAILED] }) ${page}
          lastExecution { databaseId status } } }`,
        {},
        token,
      );
      expect(errors).toBeUndefined();
      return data.computer;
    };
    const of = (...ids: number[]) => ({
      totalCount: ids.length,
      nodes: ids.map((databaseId) => ({
        databaseId,
        parent: { scriptProfile: { databaseId: web.profile } },
      })),
    });
    expect(await ask(world.admin)).toEqual({
      all: of(run + 1, web.execution),
      failed: of(run + 1),
      lastExecution: { databaseId: run + 1, status: 'FAILED' },
    });
    const none = { totalCount: 0, nodes: [] };
    expect(await ask(await world.everythingBut('ViewScriptProfile'))).toEqual({
      all: none,
      failed: none,
      lastExecution: null,
    });
  });

  test('an execution shows the user and time limit that its computer received, even if the profile has changed', async () => {
    const given = async (id: number) => {
      const { data } = await app.graphql(`{ activity(id: ${id}) { username timeLimit } }`, {}, world.admin);
      return [data.activity.username, data.activity.timeLimit];
    };
    expect(await given(web.execution)).toEqual([null, null]);
    const services = createServices(createStore(world.prisma, async () => NOW));
    const computer = { accountId: world.account.id, computerId: web.computer };
    const [first] = await services.executions.take(computer, 10);
    await send('updateScriptProfile', `id: ${web.profile}, username: "other", timeLimit: 7`, '');
    expect(await given(web.execution)).toEqual([first!.username, first!.timeLimit]);
    expect(first!.username).not.toBe('other');
    // It is delivered again unchanged.
    expect(await services.executions.take(computer, 10)).toMatchObject([
      { username: first!.username, timeLimit: first!.timeLimit },
    ]);
    expect(await given(web.run)).toEqual([null, null]);
  });

  test('an execution shows the version of the script that it received, even if the script has changed', async () => {
    const shown = 'scriptVersion { id number interpreter code }';
    const version = async (id: number, token = world.admin) => {
      const { data, errors } = await app.graphql(`{ activity(id: ${id}) { ${shown} } }`, {}, token);
      expect(errors).toBeUndefined();
      return data.activity.scriptVersion;
    };
    expect(await version(web.execution)).toBeNull();
    await world.prisma.activity.updateMany({
      where: { id: BigInt(web.execution) },
      data: { scriptVersion: 1 },
    });
    await send('updateScript', `id: ${web.script}, code: "exit 3"`, '');
    expect(await version(web.execution)).toEqual({
      id: expect.any(String),
      number: 1,
      interpreter: '/bin/sh',
      code: 'true\n',
    });
    expect(await version(web.run)).toBeNull();
    expect(await version(web.execution, await world.everythingBut('ViewScript'))).toBeNull();
  });

  test('an invalid query for the executions of a run is refused with the position', async () => {
    const { errors } = await app.graphql(
      `{ activity(id: ${web.run}) { children(filter: { query: "id:1 OR" }) { totalCount } } }`,
      {},
      world.admin,
    );
    expect(errors?.[0].extensions).toMatchObject({ code: 'INVALID_INPUT', field: 'filter.query' });
  });
}
