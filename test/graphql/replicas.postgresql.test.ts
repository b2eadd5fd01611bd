import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { startApp, type TestApp } from '../support/app.ts';
import { anotherConnection } from '../support/database.ts';
import { type Following, follow as followOver, type Transport, transports } from '../support/following.ts';
import { mutate as mutateAs } from './mutate.ts';

// Two servers with one database. Subscribers of each are notified of changes through the other.

let one: TestApp;
let other: TestApp;
const followed: Following[] = [];
beforeAll(async () => {
  one = await startApp();
  other = await startApp({ seed: 'none', database: anotherConnection(one.database) });
});
afterAll(async () => {
  await other.close();
  await one.close();
});
afterEach(async () => {
  for (const following of followed.splice(0)) await following.stop();
});

/** Subscribes on the second server. */
function follow(transport: Transport, query: string, variables: Record<string, unknown> = {}): Following {
  const following = followOver(other, transport, query, variables);
  followed.push(following);
  return following;
}
/** Runs a mutation on the first server, as John. */
const mutate = (name: string, input: object, selection: string) =>
  mutateAs(one, name, input, selection, one.token());
const run = async (id: number, idempotencyKey: string): Promise<number> =>
  (await mutate('runScriptProfile', { id, idempotencyKey }, 'activity { databaseId }')).activity.databaseId;

const PROFILES = 'subscription { scriptProfileChanged { changes scriptProfile { databaseId } } }';
const COMPUTERS = 'subscription { computerChanged { changes computer { databaseId } } }';
const EVENTS = 'subscription { eventAdded { isSnapshot events { action } } }';
const FEED = 'subscription { activityFeed { isSnapshot activities { databaseId status } } }';

test.each(transports)(
  'a change on one server reaches a subscriber of the other over %s',
  async (transport) => {
    const profiles = follow(transport, PROFILES);
    const feed = follow(transport, FEED);
    await profiles.next();
    await feed.next();
    const id = await run(5, transport);
    expect((await profiles.next()).scriptProfileChanged).toEqual({
      changes: ['RAN'],
      scriptProfile: { databaseId: 5 },
    });
    expect((await feed.next()).activityFeed).toEqual({
      isSnapshot: false,
      activities: [{ databaseId: id, status: 'UNDELIVERED' }],
    });
  },
);

test('so do changes of computers and the event log', async () => {
  const computers = follow('WebSocket', COMPUTERS);
  const events = follow('WebSocket', EVENTS);
  await computers.next();
  await events.next();
  await mutate('retagComputers', { ids: [1], add: ['replicated'] }, 'computers { databaseId }');
  expect((await computers.next()).computerChanged).toEqual({
    changes: ['EDITED'],
    computer: { databaseId: 1 },
  });
  expect((await events.next()).eventAdded).toEqual({
    isSnapshot: false,
    events: [{ action: 'COMPUTER_EDITED' }],
  });
});

test('if a server’s listening connection is cut, its subscribers receive the current state', async () => {
  const profiles = follow('WebSocket', PROFILES);
  const feed = follow('server-sent events', FEED);
  await profiles.next();
  await feed.next();
  // The last statement of a listening connection. After a while it is the heartbeat.
  await one.database.prisma.$queryRaw`
    select pg_terminate_backend(pid)::text from pg_stat_activity
    where datname = current_database() and query in ('LISTEN "script_profile_changes"', 'SELECT')`;
  // An event without content means that anything may have changed.
  expect((await profiles.next()).scriptProfileChanged).toEqual({ changes: [], scriptProfile: null });
  expect((await feed.next()).activityFeed).toMatchObject({ isSnapshot: true });
  await mutate('pauseScriptProfile', { id: 5 }, 'scriptProfile { databaseId }');
  expect((await profiles.next()).scriptProfileChanged).toMatchObject({ changes: ['PAUSED'] });
});
