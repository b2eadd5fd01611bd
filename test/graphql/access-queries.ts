import { beforeAll, expect, test } from '@jest/globals';
import type { AccessGroup } from '../../src/domain/access-group.ts';
import type { TestApp } from '../support/app.ts';
import { NOW } from '../support/builders.ts';
import { sharedApp } from '../support/shared-app.ts';
import { AccessWorld, outcomeOf, type RoleOf, type Things } from './access-world.ts';

// A search query names what it does not list: profiles, computers, groups. It must tell nothing of those that its
// caller does not see, and cancel nothing that they may not.
export function accessQueries(): void {
  let app: TestApp;
  let world: AccessWorld;
  let web: AccessGroup;
  let db: AccessGroup;
  let inWeb: Things;
  let inDb: Things;

  beforeAll(async () => {
    app = await sharedApp({ seed: 'none', now: NOW });
    world = await AccessWorld.in(app);
    web = await world.group('web');
    db = await world.group('db');
  });

  /** Profiles for all computers of their group, each with a run. */
  async function filled(): Promise<void> {
    inWeb = await world.fill(web);
    inDb = await world.fill(db);
    await world.prisma.scriptProfile.updateMany({ data: { allComputers: true } });
  }

  const sees = (permission: string, ...groups: AccessGroup[]): RoleOf => ({
    permissions: [permission] as never,
    groups,
  });

  async function found(list: 'computers' | 'activities', query: string, token: string): Promise<number[]> {
    const document = `query ($query: String!) {
    page: ${list}(filter: { query: $query }) { totalCount nodes { databaseId } } }`;
    const { data, errors } = await app.graphql(document, { query }, token);
    expect(errors).toBeUndefined();
    expect(data.page.totalCount).toBe(data.page.nodes.length);
    return data.page.nodes.map(({ databaseId }: { databaseId: number }) => databaseId).sort();
  }

  test('who may not see a profile is not told whom it reaches: as if there were no such profile', async () => {
    await filled();
    const token = await world.person(sees('ViewComputer', web, db), sees('ViewScriptProfile', web));
    expect(await found('computers', `profile:script:${inWeb.profile}`, token)).toEqual([inWeb.computer]);
    for (const missing of [inDb.profile, 999_999_999]) {
      expect(await found('computers', `profile:script:${missing}`, token)).toEqual([]);
      const all = await found('computers', '', token);
      expect(await found('computers', `NOT profile:script:${missing}`, token)).toEqual(all);
    }
    expect(await found('computers', `profile:script:${inDb.profile}`, world.admin)).toEqual([inDb.computer]);
  });

  test('who may not see a computer finds no activity by what it is, has or belongs to', async () => {
    await filled();
    const token = await world.person(sees('ViewScriptProfile', web, db), sees('ViewComputer', web));
    const run = (things: Things) => `parent-id:${things.run}`;
    for (const term of ['id:$computer', 'tag:tag-$group', 'access-group:$group', 'profile:script:$profile']) {
      const asked = (things: Things, group: string) =>
        `${run(things)} computer:"${term.replace('$group', group).replace(/\$(\w+)/, (_, name) => String(things[name as keyof Things]))}"`;
      expect(await found('activities', asked(inWeb, 'web'), token)).toEqual([inWeb.execution]);
      expect(await found('activities', asked(inDb, 'db'), token)).toEqual([]);
      expect(await found('activities', asked(inDb, 'db'), world.admin)).toEqual([inDb.execution]);
    }
    // The execution itself is seen with its profile.
    expect(await found('activities', run(inDb), token)).toEqual([inDb.execution]);
  });

  test('who may not see a group finds nothing by its name, though it stands above what they see', async () => {
    await filled();
    const token = await world.person(sees('ViewComputer', web));
    expect(await found('computers', `id:${inWeb.computer} access-group-recursive:global`, token)).toEqual([]);
    expect(await found('computers', `id:${inWeb.computer} access-group-recursive:web`, token)).toEqual([
      inWeb.computer,
    ]);
  });

  test('activities say to each caller whether they may cancel them, and it is so', async () => {
    await filled();
    const token = await world.person(sees('ViewScriptProfile', web, db), sees('ManageScriptProfile', web));
    const runs = `id:${inWeb.run} OR id:${inDb.run}`;
    const { data } = await app.graphql(
      `{ activities(filter: { query: "${runs}" }) { nodes { databaseId isCancelable } } }`,
      {},
      token,
    );
    expect(data.activities.nodes).toEqual(
      expect.arrayContaining([
        { databaseId: inWeb.run, isCancelable: true },
        { databaseId: inDb.run, isCancelable: false },
      ]),
    );
    const cancel = (query: string) =>
      app.graphql(
        `mutation { cancelActivities(input: { query: "${query}" }) { activities { databaseId } userErrors { code } } }`,
        {},
        token,
      );
    const both = await cancel(runs);
    expect(outcomeOf(both)).toBe('FORBIDDEN');
    expect(both.errors![0].message).toContain('ManageScriptProfile');
    expect(await found('activities', `(${runs}) status:canceled`, world.admin)).toEqual([]);
    const one = await cancel(`id:${inWeb.run}`);
    expect(one.data.cancelActivities.activities).toEqual([{ databaseId: inWeb.run }]);
  });

  test('of what they don’t see, nothing is canceled by a query that asks for all', async () => {
    await filled();
    const token = await world.person(sees('ViewScriptProfile', web), sees('ManageScriptProfile', web, db));
    const open = `status:undelivered (id:${inWeb.run} OR id:${inDb.run})`;
    const { data } = await app.graphql(
      `mutation { cancelActivities(input: { query: "${open}" }) { activities { databaseId } } }`,
      {},
      token,
    );
    expect(data.cancelActivities.activities).toEqual([{ databaseId: inWeb.run }]);
    expect(await found('activities', open, world.admin)).toEqual([inDb.run]);
  });

  test('a script’s flags and profiles are the caller’s own', async () => {
    await filled();
    const flags = async (token: string) => {
      const { data, errors } = await app.graphql(
        `{ script(id: ${inWeb.script}) { isEditable isExecutable isRedactable profiles { totalCount nodes { databaseId } } } }`,
        {},
        token,
      );
      expect(errors).toBeUndefined();
      return data.script;
    };
    const all = { isEditable: true, isExecutable: true, isRedactable: true };
    const profiles = { totalCount: 1, nodes: [{ databaseId: inWeb.profile }] };
    expect(await flags(world.admin)).toEqual({ ...all, profiles });
    const none = { isEditable: false, isExecutable: false, isRedactable: false };
    const unseen = { profiles: { totalCount: 0, nodes: [] } };
    expect(await flags(await world.person(sees('ViewScript', web)))).toEqual({ ...none, ...unseen });
    for (const [flag, permission] of [
      ['isEditable', 'ManageScript'],
      ['isExecutable', 'ManageScriptProfile'],
      ['isRedactable', 'RedactScript'],
    ] as const) {
      const here = await world.person(sees('ViewScript', web), sees(permission, web));
      expect(await flags(here)).toEqual({ ...none, ...unseen, [flag]: true });
      const elsewhere = await world.person(sees('ViewScript', web), sees(permission, db));
      expect(await flags(elsewhere)).toEqual({ ...none, ...unseen });
    }
  });
}
