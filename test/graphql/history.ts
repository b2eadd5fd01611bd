import { beforeAll, describe, expect, test } from '@jest/globals';
import type { TestApp } from '../support/app.ts';
import { at, NOW } from '../support/builders.ts';
import { insert, type Row } from '../support/rows.ts';
import { sharedApp } from '../support/shared-app.ts';
import { AccessWorld, type Things } from './access-world.ts';
import type { Payload } from './mutate.ts';

// The events of one object, on its own page and in the log of the account.
export function history(): void {
  let app: TestApp;
  let world: AccessWorld;
  let things: Things;
  /** Numbers of the objects that the events are about. */
  let role: number;

  beforeAll(async () => {
    app = await sharedApp({ seed: 'none', now: NOW });
    world = await AccessWorld.in(app);
    things = await world.fill(await world.group('web'));
    await world.fill(await world.group('db'));
    const { roles } = await ask('{ roles { databaseId } }');
    role = roles[0].databaseId;
    // Earlier than all events of the tests.
    const BEFORE = at('2025-04-01T00:00');
    const about = (entityType: string, entityId: number, ...ids: number[]): Row[] =>
      ids.map((id) => ({ id, entityType, entityId, entityTitle: 'Then', createdAt: BEFORE }));
    await insert(world.prisma, 'event', world.account, [
      ...about('ScriptProfile', things.profile, 1001, 1002, 1003),
      ...about('ScriptProfile', things.script, 1004),
      ...about('Script', things.script, 1005),
      ...about('Computer', things.computer, 1006, 1007),
      ...about('Role', role, 1008),
    ]);
    await insert(world.prisma, 'event', world.account, [
      { ...about('Script', things.script, 1009)[0]!, action: 'SCRIPT_ARCHIVED' },
    ]);
  });

  async function ask(document: string, token = world.admin): Promise<Payload> {
    const { data, errors } = await app.graphql(document, {}, token);
    expect(errors).toBeUndefined();
    return data;
  }
  const idsOf = ({ nodes }: Payload) => nodes.map(({ databaseId }: Payload) => databaseId);
  const page = '{ totalCount nodes { databaseId entityId } edges { cursor } pageInfo { hasNextPage } }';

  const owners = () =>
    [
      ['SCRIPT_PROFILE', things.profile, `scriptProfile(id: ${things.profile})`, [1003, 1002, 1001]],
      ['SCRIPT', things.script, `script(id: ${things.script})`, [1009, 1005]],
      ['COMPUTER', things.computer, `computer(id: ${things.computer})`, [1007, 1006]],
    ] as const;

  test('each object shows its events, newest first, and none of another type with the same number', async () => {
    for (const [, , owner, expected] of owners()) {
      const { thing } = await ask(`{ thing: ${owner} { events ${page} } }`);
      expect(idsOf(thing.events)).toEqual(expected);
      expect(thing.events.totalCount).toBe(expected.length);
    }
    const { roles } = await ask(`{ roles { databaseId events ${page} } }`);
    expect(roles.map((each: Payload) => [each.databaseId, idsOf(each.events)])).toEqual([[role, [1008]]]);
  });

  test('the log is filtered by an object, with its number or its global id', async () => {
    for (const [type, number, owner, expected] of owners()) {
      const { thing } = await ask(`{ thing: ${owner} { id } }`);
      for (const id of [number, `"${thing.id}"`]) {
        const { events } = await ask(`{ events(filter: { entity: { type: ${type}, id: ${id} } }) ${page} }`);
        expect(idsOf(events)).toEqual(expected);
        expect(events.totalCount).toBe(expected.length);
      }
    }
    const { events } = await ask(`{ events(filter: { entity: { type: PERSON, id: 7 } }) ${page} }`);
    expect(events.totalCount).toBe(0);
  });

  test('an object’s events are paged with a cursor, and accept the log’s filter', async () => {
    const of = `scriptProfile(id: ${things.profile})`;
    const first = (await ask(`{ thing: ${of} { events(first: 2) ${page} } }`)).thing.events;
    expect(idsOf(first)).toEqual([1003, 1002]);
    expect(first.pageInfo.hasNextPage).toBe(true);
    const after = `first: 2, after: "${first.edges.at(-1).cursor}"`;
    expect(idsOf((await ask(`{ thing: ${of} { events(${after}) ${page} } }`)).thing.events)).toEqual([1001]);
    const archived = `script(id: ${things.script}) { events(filter: { actions: [SCRIPT_ARCHIVED] }) ${page} }`;
    const { script } = await ask(`{ ${archived} }`);
    expect([idsOf(script.events), script.events.totalCount]).toEqual([[1009], 1]);
  });

  describe('a caller without ViewEventLog', () => {
    test('sees no events, but all other fields of an object', async () => {
      const token = await world.everythingBut('ViewEventLog');
      for (const [, number, owner] of owners()) {
        const { thing } = await ask(`{ thing: ${owner} { databaseId events ${page} } }`, token);
        expect(thing).toEqual({ databaseId: number, events: null });
      }
    });
  });

  test('every action is in the events of its object', async () => {
    const done = await ask(`mutation {
      pauseScriptProfile(input: { id: ${things.profile} }) { scriptProfile { events(first: 1) { nodes { action } } } }
      updateScript(input: { id: ${things.script}, title: "Renamed" }) { script { events(first: 1) { nodes { action } } } }
      retagComputers(input: { ids: [${things.computer}], add: ["x"] }) { computers { events(first: 1) { nodes { action } } } }
    }`);
    const newest = (thing: Payload) => thing.events.nodes[0].action;
    expect(newest(done.pauseScriptProfile.scriptProfile)).toBe('SCRIPT_PROFILE_PAUSED');
    expect(newest(done.updateScript.script)).toBe('SCRIPT_EDITED');
    expect(newest(done.retagComputers.computers[0])).toBe('COMPUTER_EDITED');
  });
}
