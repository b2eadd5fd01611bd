import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { addMinutes, type Instant } from '../../src/domain/time.ts';
import { globalId } from '../../src/graphql/common/global-id.ts';
import { PAGE_NOW, startApp, type TestApp } from '../support/app.ts';
import { type Following, follow as followOver, type Transport, transports } from '../support/following.ts';
import { mutate as mutateAs } from './mutate.ts';

// Subscriptions over either transport.
export function subscriptions(): void {
  let app: TestApp;
  let now: Instant = PAGE_NOW;
  const followed: Following[] = [];
  let events: Following;
  beforeAll(async () => {
    app = await startApp({ now: () => now });
    await app.addAccount('other', 'eve@example.com');
    await mutate('updateLimits', { maxNumProfiles: 1000 }, 'limits { minInterval }');
    events = followOver(app, 'WebSocket', PROFILE);
    await events.next();
  });
  afterAll(async () => {
    await events.stop();
    await app.close();
  });
  afterEach(async () => {
    now = addMinutes(now, 1);
    for (const one of followed.splice(0)) await one.stop();
  });

  function follow(transport: Transport, query: string, variables = {}, token = app.token()): Following {
    const following = followOver(app, transport, query, variables, token);
    followed.push(following);
    return following;
  }

  /** Runs a mutation as John. */
  const mutate = (name: string, input: object, selection: string, token = app.token()) =>
    mutateAs(app, name, input, selection, token);

  let number = 0;
  async function create(overrides: object = {}): Promise<number> {
    number += 1;
    const input = {
      title: `Profile ${number}`,
      scriptId: '31',
      username: 'root',
      timeLimit: 60,
      allComputers: true,
      trigger: { recurring: { interval: '0 8 * * *', startAfter: '2025-01-01T00:00:00Z' } },
      ...overrides,
    };
    const { scriptProfile } = await mutate('createScriptProfile', input, 'scriptProfile { databaseId }');
    await waitForEvent(scriptProfile.databaseId, 'CREATED');
    return scriptProfile.databaseId;
  }
  /**
   * Waits until a change is published, because this happens shortly after its answer. A later subscriber is not
   * notified of it.
   */
  async function waitForEvent(id: number, change: string): Promise<void> {
    for (;;) {
      const { changes, scriptProfile } = (await events.next()).scriptProfileChanged;
      if (scriptProfile?.databaseId === id && changes.includes(change)) return;
    }
  }
  async function run(id: number, more: object = {}): Promise<number> {
    number += 1;
    const input = { id, idempotencyKey: `run ${number}`, ...more };
    const { activity } = await mutate('runScriptProfile', input, 'activity { databaseId }');
    await waitForEvent(id, 'RAN');
    return activity.databaseId;
  }

  const PROFILE = `subscription ($id: ID) { scriptProfileChanged(id: $id) {
  changes scriptProfile { databaseId title pausedAt archived lastActivity { databaseId } } } }`;
  const RUN = `subscription ($id: ID!) { runProgress(activityId: $id) {
  activity { databaseId status completionTime counts { undelivered delivered canceled failed succeeded } } } }`;
  const FEED =
    'subscription { activityFeed { isSnapshot activities { databaseId status scriptProfile { title } } } }';

  describe.each(transports)('over %s', (transport) => {
    test('a script profile is followed from its current state through all changes', async () => {
      const id = await create();
      const profile = follow(transport, PROFILE, { id: globalId('ScriptProfile', id) });
      const state = { databaseId: id, pausedAt: null, archived: false, lastActivity: null };
      expect(await profile.next()).toMatchObject({
        scriptProfileChanged: { changes: [], scriptProfile: state },
      });
      await mutate('updateScriptProfile', { id, title: `Renamed ${number}` }, 'scriptProfile { title }');
      expect(await profile.next()).toMatchObject({
        scriptProfileChanged: {
          changes: ['EDITED'],
          scriptProfile: { ...state, title: `Renamed ${number}` },
        },
      });
      await mutate('pauseScriptProfile', { id }, 'scriptProfile { title }');
      expect((await profile.next()).scriptProfileChanged).toMatchObject({
        changes: ['PAUSED'],
        scriptProfile: { pausedAt: expect.any(String) },
      });
      await mutate('resumeScriptProfile', { id }, 'scriptProfile { title }');
      expect((await profile.next()).scriptProfileChanged).toMatchObject({ changes: ['RESUMED'] });
      const activity = await run(id);
      expect((await profile.next()).scriptProfileChanged).toMatchObject({
        changes: ['RAN'],
        scriptProfile: { lastActivity: { databaseId: activity } },
      });
      await mutate('archiveScriptProfile', { id }, 'scriptProfile { title }');
      expect((await profile.next()).scriptProfileChanged).toMatchObject({
        changes: ['ARCHIVED'],
        scriptProfile: { archived: true },
      });
    });

    test('all script profiles are followed, and each event is about one of them', async () => {
      const other = await create();
      const all = follow(transport, PROFILE);
      const one = follow(transport, PROFILE, { id: other });
      expect(await all.next()).toEqual({ scriptProfileChanged: { changes: [], scriptProfile: null } });
      await one.next();
      const id = await create();
      expect((await all.next()).scriptProfileChanged).toMatchObject({
        changes: ['CREATED'],
        scriptProfile: { databaseId: id },
      });
      await mutate('pauseScriptProfile', { id: other }, 'scriptProfile { title }');
      const news = { changes: ['PAUSED'], scriptProfile: { databaseId: other } };
      expect((await all.next()).scriptProfileChanged).toMatchObject(news);
      expect((await one.next()).scriptProfileChanged).toMatchObject(news);
    });

    test('a run is followed until it ends', async () => {
      const id = await run(await create());
      const progress = follow(transport, RUN, { id });
      expect((await progress.next()).runProgress.activity).toMatchObject({
        databaseId: id,
        status: 'UNDELIVERED',
        completionTime: null,
        counts: { undelivered: 20, canceled: 0 },
      });
      await mutate('cancelActivity', { id }, 'activity { status }');
      expect((await progress.next()).runProgress.activity).toMatchObject({
        status: 'CANCELED',
        completionTime: expect.any(String),
        counts: { undelivered: 0, canceled: 20 },
      });
      await progress.ended();
      const { data } = await app.graphql(`{ activity(id: ${id}) { children(first: 1) { nodes { id } } } }`);
      const execution = follow(transport, RUN, { id: data.activity.children.nodes[0].id });
      expect(await execution.errors()).toMatchObject([{ extensions: { code: 'NOT_FOUND' } }]);
    });

    test('a subscriber who reconnects receives the current state, and so misses nothing', async () => {
      const id = await run(await create());
      const first = follow(transport, RUN, { id });
      await first.next();
      await first.stop();
      await mutate('cancelActivity', { id }, 'activity { status }');
      const again = follow(transport, RUN, { id });
      expect((await again.next()).runProgress.activity).toMatchObject({ status: 'CANCELED' });
      await again.ended();
      // A query can find the same at any time.
      const { data } = await app.graphql(`{ activity(id: ${id}) { status counts { canceled } } }`);
      expect(data.activity).toEqual({ status: 'CANCELED', counts: { canceled: 20 } });
    });

    test('the feed starts with the newest runs, and continues with those that start and end', async () => {
      const profile = await create();
      const before = await run(profile);
      const feed = follow(transport, FEED);
      const first = (await feed.next()).activityFeed;
      expect(first).toMatchObject({ isSnapshot: true });
      expect(first.activities[0]).toMatchObject({ databaseId: before });
      const id = await run(profile);
      expect((await feed.next()).activityFeed).toMatchObject({
        isSnapshot: false,
        activities: [{ databaseId: id, status: 'UNDELIVERED', scriptProfile: { title: expect.any(String) } }],
      });
      await mutate('cancelActivity', { id: before }, 'activity { status }');
      expect((await feed.next()).activityFeed).toMatchObject({
        activities: [{ databaseId: before, status: 'CANCELED' }],
      });
    });

    test('another account’s objects are not found, and its events are not published to the caller', async () => {
      const eve = app.token('eve@example.com', 'other');
      const id = await create();
      const activity = await run(id);
      const profile = follow(transport, PROFILE, { id }, eve);
      expect(await profile.errors()).toMatchObject([{ extensions: { code: 'NOT_FOUND', field: 'id' } }]);
      await profile.ended();
      const progress = follow(transport, RUN, { id: activity }, eve);
      expect(await progress.errors()).toMatchObject([
        { extensions: { code: 'NOT_FOUND', field: 'activityId' } },
      ]);
      const feed = follow(transport, FEED, {}, eve);
      expect((await feed.next()).activityFeed).toEqual({ isSnapshot: true, activities: [] });
      const all = follow(transport, PROFILE, {}, eve);
      await all.next();
      const mine = follow(transport, FEED);
      await mine.next();
      await run(id);
      await mine.next();
      // An event for Eve would have arrived with John's. Her next event is her own.
      const script = { title: transport, code: 'ls', interpreter: '/bin/sh' };
      const made = await mutate('createScript', script, 'script { databaseId }', eve);
      const { scriptProfile } = await mutate(
        'createScriptProfile',
        {
          title: transport,
          scriptId: made.script.databaseId,
          username: 'root',
          timeLimit: 60,
          trigger: { event: { eventType: 'POST_ENROLLMENT' } },
          allComputers: true,
        },
        'scriptProfile { databaseId }',
        eve,
      );
      const { databaseId } = scriptProfile;
      expect((await all.next()).scriptProfileChanged.scriptProfile).toMatchObject({ databaseId });
    });

    test.each([
      ['no document', '', {}, 'BAD_REQUEST'],
      ['an invalid document', 'subscription {', {}, 'GRAPHQL_PARSE_FAILED'],
      ['an unknown field', 'subscription { nothing }', {}, 'GRAPHQL_VALIDATION_FAILED'],
      [
        'two fields at once',
        'subscription { activityFeed { isSnapshot } runProgress(activityId: 1) { activity { id } } }',
        {},
        'GRAPHQL_VALIDATION_FAILED',
      ],
      [
        'too many tokens',
        `subscription { activityFeed { ${'isSnapshot '.repeat(5000)} } }`,
        {},
        'QUERY_TOO_COMPLEX',
      ],
      ['a variable of another type', RUN, { id: {} }, 'INVALID_INPUT'],
      ['an unknown id', RUN, { id: 'abc' }, 'NOT_FOUND'],
      ['an unknown number', RUN, { id: 99_999 }, 'NOT_FOUND'],
      ['a query', '{ limits { minInterval } }', {}, 'INVALID_INPUT'],
      [
        'a mutation',
        'mutation { cancelActivity(input: {id: 1}) { userErrors { code } } }',
        {},
        'INVALID_INPUT',
      ],
    ])('%s is refused with the same error as over HTTP', async (_, query, variables, code) => {
      const refused = follow(transport, query, variables);
      const [error] = await refused.errors();
      expect(error).toMatchObject({ message: expect.any(String), extensions: { code } });
      await refused.ended().catch(() => {});
    });
  });

  test('a subscription that is sent as a query is refused, and the message names the endpoints for subscriptions', async () => {
    const { status, errors } = await app.graphql(FEED);
    expect(status).toBe(400);
    expect(errors).toMatchObject([{ message: expect.stringContaining('/graphql/stream') }]);
  });

  test('a computer’s token cannot subscribe', async () => {
    const { token } = await mutate('enrolComputer', { hostname: 'nosy' }, 'token');
    for (const transport of transports) {
      const feed = follow(transport, FEED, {}, token);
      expect(await feed.errors()).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }]);
    }
  });
}
