import { afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import type { AccessGroup } from '../../src/domain/accounts/access-group.ts';
import { globalId } from '../../src/graphql/common/global-id.ts';
import type { TestApp } from '../support/app.ts';
import { NOW } from '../support/builders.ts';
import { type Following, follow as followOver, transports } from '../support/following.ts';
import { sharedApp } from '../support/shared-app.ts';
import { AccessWorld, type RoleOf, type Things } from './access-world.ts';
import { mutate as mutateAs, type Payload } from './mutate.ts';

// Subscriptions to computers, scripts, the event log and the filtered feed.
export function followedThings(): void {
  let app: TestApp;
  let world: AccessWorld;
  let web: AccessGroup;
  let db: AccessGroup;
  let things: Things;
  const followed: Following[] = [];
  beforeAll(async () => {
    app = await sharedApp({ seed: 'none', now: NOW });
    world = await AccessWorld.in(app);
    [web, db] = [await world.group('web'), await world.group('db')];
    things = await world.fill(web);
  });
  afterEach(async () => {
    for (const one of followed.splice(0)) await one.stop();
  });

  /** Subscribes before any event occurs. */
  async function follow(selection: string, token = world.admin, transport = transports[0]!) {
    const following = followOver(app, transport, `subscription { ${selection} }`, {}, token);
    followed.push(following);
    const [first] = Object.values(await following.next()) as [Payload];
    const next = async (): Promise<Payload> => Object.values(await following.next())[0] as Payload;
    return { first, next, ended: () => following.ended() };
  }
  async function errorsOf(selection: string): Promise<readonly Payload[]> {
    const following = followOver(app, transports[0]!, `subscription { ${selection} }`, {}, world.admin);
    followed.push(following);
    return following.errors();
  }
  const mutate = (name: string, input: object, selection = 'userErrors { code }'): Promise<Payload> =>
    mutateAs(app, name, input, selection, world.admin);
  const sees = (permission: string, ...groups: AccessGroup[]): RoleOf => ({
    permissions: [permission] as never,
    groups,
  });
  const enrol = async (accessGroup: string): Promise<number> =>
    (await mutate('enrolComputer', { hostname: accessGroup, accessGroup }, 'computer { databaseId }'))
      .computer.databaseId;

  const COMPUTER = '{ changes removedId computer { databaseId status tags accessGroup { name } } }';

  describe.each(transports)('over %s', (transport) => {
    test('computers are followed from enrolment to removal', async () => {
      const all = await follow(`computerChanged ${COMPUTER}`, world.admin, transport);
      expect(all.first).toEqual({ changes: [], removedId: null, computer: null });
      const id = await enrol('web');
      const computer = {
        databaseId: id,
        status: 'PENDING',
        tags: [] as string[],
        accessGroup: { name: 'web' },
      };
      expect(await all.next()).toEqual({ changes: ['ENROLLED'], removedId: null, computer });
      const one = await follow(`computerChanged(id: ${id}) ${COMPUTER}`, world.admin, transport);
      expect(one.first).toEqual({ changes: [], removedId: null, computer });
      await mutate('acceptComputers', { ids: [id] });
      const accepted = { changes: ['ACCEPTED'], computer: { databaseId: id, status: 'ACCEPTED' } };
      expect([await all.next(), await one.next()]).toMatchObject([accepted, accepted]);
      await mutate('retagComputers', { ids: [id, things.computer], add: [transport.slice(0, 6)] });
      expect(await one.next()).toMatchObject({
        changes: ['EDITED'],
        computer: { tags: [transport.slice(0, 6)] },
      });
      expect([await all.next(), await all.next()].map((event) => event.computer.databaseId).sort()).toEqual(
        [id, things.computer].sort(),
      );
      await mutate('removeComputer', { id });
      const gone = { changes: ['REMOVED'], removedId: globalId('Computer', id), computer: null };
      expect([await all.next(), await one.next()]).toEqual([gone, gone]);
      await one.ended();
    });

    test('the event log is followed, as a whole or with a filter', async () => {
      const EVENTS = '{ isSnapshot events { action entityTitle changes { field } } }';
      const all = await follow(`eventAdded ${EVENTS}`, world.admin, transport);
      const edits = await follow(
        `eventAdded(filter: { actions: [SCRIPT_EDITED], entity: { type: SCRIPT, id: ${things.script} } }) ${EVENTS}`,
        world.admin,
        transport,
      );
      expect([all.first.isSnapshot, edits.first.isSnapshot]).toEqual([true, true]);
      await mutate('updateLimits', { minInterval: transport.length });
      expect(await all.next()).toEqual({
        isSnapshot: false,
        events: [{ action: 'LIMITS_EDITED', entityTitle: 'acme', changes: [{ field: 'minInterval' }] }],
      });
      await mutate('updateScript', { id: things.script, title: transport });
      const edit = { action: 'SCRIPT_EDITED', changes: [{ field: 'title' }] };
      expect(await edits.next()).toMatchObject({ isSnapshot: false, events: [edit] });
      const again = await follow(`eventAdded ${EVENTS}`, world.admin, transport);
      expect(
        again.first.events
          .slice(0, 2)
          .map(({ action }: Payload) => action)
          .sort(),
      ).toEqual(['LIMITS_EDITED', 'SCRIPT_EDITED']);
    });
  });

  test('scripts are followed as they are created, edited, archived and redacted', async () => {
    const SCRIPT = '{ changes script { databaseId title status attachments { filename } } }';
    const all = await follow(`scriptChanged ${SCRIPT}`);
    expect(all.first).toEqual({ changes: [], script: null });
    const draft = { title: 'Followed', code: 'true', interpreter: '/bin/sh' };
    const { script } = await mutate('createScript', draft, 'script { databaseId }');
    const id = script.databaseId;
    const made = { databaseId: id, title: 'Followed', status: 'ACTIVE', attachments: [] };
    expect(await all.next()).toEqual({ changes: ['CREATED'], script: made });
    const one = await follow(`scriptChanged(id: "${globalId('Script', id)}") ${SCRIPT}`);
    expect(one.first).toEqual({ changes: [], script: made });
    await mutate('addScriptAttachment', { scriptId: id, filename: 'a', content: '' });
    const attachments = [{ filename: 'a' }];
    expect(await one.next()).toEqual({ changes: ['EDITED'], script: { ...made, attachments } });
    await mutate('updateScript', { id: things.script, title: 'Another' });
    await mutate('archiveScript', { id });
    expect(await one.next()).toMatchObject({ changes: ['ARCHIVED'], script: { status: 'ARCHIVED' } });
  });

  test('subscribers are notified of visible computers, and a computer that leaves their groups counts as removed', async () => {
    const ofWeb = await world.person(sees('ViewComputer', web));
    const ofDb = await world.person(sees('ViewComputer', db));
    const [inWeb, inDb] = [
      await follow(`computerChanged ${COMPUTER}`, ofWeb),
      await follow(`computerChanged ${COMPUTER}`, ofDb),
    ];
    const id = await enrol('web');
    expect(await inWeb.next()).toMatchObject({ changes: ['ENROLLED'], computer: { databaseId: id } });
    await mutate('acceptComputers', { ids: [id] });
    expect(await inWeb.next()).toMatchObject({ changes: ['ACCEPTED'] });
    await mutate('regroupComputers', { ids: [id], accessGroup: 'db' });
    const removedId = globalId('Computer', id);
    expect(await inWeb.next()).toEqual({ changes: ['EDITED'], removedId, computer: null });
    // The first event for subscribers of the other group.
    expect(await inDb.next()).toMatchObject({
      changes: ['EDITED'],
      removedId: null,
      computer: { databaseId: id, accessGroup: { name: 'db' } },
    });
    await mutate('removeComputer', { id });
    expect(await inDb.next()).toEqual({ changes: ['REMOVED'], removedId, computer: null });
    const other = await enrol('web');
    expect(await inWeb.next()).toMatchObject({ changes: ['ENROLLED'], computer: { databaseId: other } });
  });

  test('if a group is deleted, its computers are loaded again', async () => {
    const group = await world.group('short-lived');
    const computers = await follow(`computerChanged ${COMPUTER}`);
    await mutate('deleteAccessGroup', { id: group.id });
    expect(await computers.next()).toEqual({ changes: [], removedId: null, computer: null });
  });

  test('a feed with a filter has exactly the runs that match', async () => {
    const other = await world.fill(db);
    const FEED = '{ isSnapshot activities { databaseId status } }';
    const ofProfile = await follow(`activityFeed(filter: { scriptProfileId: ${things.profile} }) ${FEED}`);
    expect(ofProfile.first).toEqual({
      isSnapshot: true,
      activities: [{ databaseId: things.run, status: 'UNDELIVERED' }],
    });
    const ended = await follow(`activityFeed(filter: { statuses: [CANCELED] }) ${FEED}`);
    const parts = await follow(`activityFeed(filter: { types: [EXECUTE_SCRIPT_REQUEST] }) ${FEED}`);
    expect([ended.first.activities, parts.first.activities]).toEqual([[], []]);
    await mutate('cancelActivity', { id: other.run });
    expect((await ended.next()).activities).toEqual([{ databaseId: other.run, status: 'CANCELED' }]);
    await mutate('cancelActivity', { id: things.run });
    expect(await ofProfile.next()).toEqual({
      isSnapshot: false,
      activities: [{ databaseId: things.run, status: 'CANCELED' }],
    });
  });

  test.each([
    ['computerChanged(id: 999999) { changes }', 'NOT_FOUND', 'id'],
    ['scriptChanged(id: "nothing") { changes }', 'NOT_FOUND', 'id'],
    ['activityFeed(filter: { query: "(" }) { isSnapshot }', 'INVALID_INPUT', 'filter.query'],
    [
      'eventAdded(filter: { createdAt: { from: "2025-02-01T00:00:00Z", until: "2025-01-01T00:00:00Z" } }) { isSnapshot }',
      'INVALID_INPUT',
      'filter.createdAt.until',
    ],
    [
      'activityFeed(filter: { creationTime: { from: "2025-02-01T00:00:00Z", until: "2025-01-01T00:00:00Z" } }) { isSnapshot }',
      'INVALID_INPUT',
      'filter.creationTime.until',
    ],
  ])('%s is refused with %s', async (selection, code, field) => {
    expect(await errorsOf(selection)).toMatchObject([{ extensions: { code, field } }]);
  });
}
