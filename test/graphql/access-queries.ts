import { beforeAll, expect, test } from '@jest/globals';
import type { AccessGroup } from '../../src/domain/accounts/access-group.ts';
import type { TestApp } from '../support/app.ts';
import { NOW } from '../support/builders.ts';
import { sharedApp } from '../support/shared-app.ts';
import { AccessWorld, outcomeOf, type RoleOf, type Things } from './access-world.ts';

// A search query can name objects that it does not list: profiles, computers and groups. It must not reveal objects
// that the caller may not see, or cancel activities that the caller may not manage.
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

  /** Creates profiles for all computers of their groups, each with a run. */
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

  test('a caller who may not see a profile cannot query its computers, as if the profile did not exist', async () => {
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

  test('a caller who may not see a computer finds no activity by its attributes', async () => {
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
    // The execution itself is visible with its profile.
    expect(await found('activities', run(inDb), token)).toEqual([inDb.execution]);
  });

  test('a caller who may not see a group finds nothing by its name, even if it is an ancestor of a visible group', async () => {
    await filled();
    const token = await world.person(sees('ViewComputer', web));
    expect(await found('computers', `id:${inWeb.computer} access-group-recursive:global`, token)).toEqual([]);
    expect(await found('computers', `id:${inWeb.computer} access-group-recursive:web`, token)).toEqual([
      inWeb.computer,
    ]);
  });

  test('an activity shows each caller whether they may cancel it, and the mutation agrees', async () => {
    await filled();
    const token = await world.person(sees('ViewScriptProfile', web, db), sees('ManageScriptProfile', web));
    const runs = `id:${inWeb.run} OR id:${inDb.run}`;
    const { data } = await app.graphql(
      `{ activities(filter: { query: "${runs}" }) { nodes { databaseId viewerPermissions { canCancel { allowed reason } } } } }`,
      {},
      token,
    );
    expect(data.activities.nodes).toEqual(
      expect.arrayContaining([
        {
          databaseId: inWeb.run,
          viewerPermissions: { canCancel: { allowed: true, reason: null } },
        },
        {
          databaseId: inDb.run,
          viewerPermissions: { canCancel: { allowed: false, reason: 'FORBIDDEN' } },
        },
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

  test('computers and roles show each caller the permitted actions', async () => {
    await filled();
    const VERDICT = '{ allowed reason }';
    const ofComputer = async (id: number, token: string) => {
      const acts = ['canAccept', 'canReject', 'canUpdate', 'canRetag', 'canRegroup', 'canRemove'];
      const selection = acts.map((act) => `${act} ${VERDICT}`).join(' ');
      const document = `{ computer(id: ${id}) { viewerPermissions { ${selection} } } }`;
      const { data, errors } = await app.graphql(document, {}, token);
      expect(errors).toBeUndefined();
      return acts.map((act) => data.computer.viewerPermissions[act].reason ?? 'allowed');
    };
    const allowed = 'allowed';
    const no = 'FORBIDDEN';
    expect(await ofComputer(inWeb.computer, world.admin)).toEqual([
      ...['ACCEPTED', 'ACCEPTED'],
      ...[allowed, allowed, allowed, allowed],
    ]);
    expect(await ofComputer(inWeb.pending, world.admin)).toEqual(Array(6).fill(allowed));
    const accepts = await world.person(sees('ViewComputer', web), sees('ManagePendingComputer', web));
    expect(await ofComputer(inWeb.pending, accepts)).toEqual([allowed, allowed, no, no, no, no]);
    const elsewhere = await world.person(sees('ViewComputer', web), sees('ManageComputer', db));
    expect(await ofComputer(inWeb.computer, elsewhere)).toEqual(Array(6).fill(no));

    const ofRoles = async (token: string) => {
      const document = `{ roles { isGlobalAdmin viewerPermissions { canUpdate ${VERDICT} canDelete ${VERDICT} } } }`;
      const { data, errors } = await app.graphql(document, {}, token);
      expect(errors).toBeUndefined();
      const admin = data.roles.find((role: { isGlobalAdmin: boolean }) => role.isGlobalAdmin);
      const { canUpdate, canDelete } = admin.viewerPermissions;
      return [canUpdate.reason ?? allowed, canDelete.reason ?? allowed];
    };
    expect(await ofRoles(world.admin)).toEqual([allowed, 'FIXED']);
    expect(await ofRoles(await world.everythingBut('ManageRole'))).toEqual([no, no]);
    // A caller without all permissions of a role may not change it.
    expect(await ofRoles(await world.everythingBut('RedactScript'))).toEqual([no, no]);
  });

  test('a query that matches all activities cancels only visible ones', async () => {
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

  test('the permitted actions on a script and its list of profiles depend on the caller', async () => {
    await filled();
    const flags = async (token: string) => {
      const { data, errors } = await app.graphql(
        `{ script(id: ${inWeb.script}) {
          viewerPermissions { canUpdate { allowed } canCreateProfile { allowed } canRedact { allowed } }
          profiles { totalCount nodes { databaseId } } } }`,
        {},
        token,
      );
      expect(errors).toBeUndefined();
      const { viewerPermissions, profiles } = data.script;
      const allowed = Object.entries(viewerPermissions as Record<string, { allowed: boolean }>).map(
        ([act, verdict]) => [act, verdict.allowed],
      );
      return { ...Object.fromEntries(allowed), profiles };
    };
    const all = { canUpdate: true, canCreateProfile: true, canRedact: true };
    const profiles = { totalCount: 1, nodes: [{ databaseId: inWeb.profile }] };
    expect(await flags(world.admin)).toEqual({ ...all, profiles });
    const none = { canUpdate: false, canCreateProfile: false, canRedact: false };
    const unseen = { profiles: { totalCount: 0, nodes: [] } };
    expect(await flags(await world.person(sees('ViewScript', web)))).toEqual({ ...none, ...unseen });
    for (const [flag, permission] of [
      ['canUpdate', 'ManageScript'],
      ['canCreateProfile', 'ManageScriptProfile'],
      ['canRedact', 'RedactScript'],
    ] as const) {
      const here = await world.person(sees('ViewScript', web), sees(permission, web));
      expect(await flags(here)).toEqual({ ...none, ...unseen, [flag]: true });
      const elsewhere = await world.person(sees('ViewScript', web), sees(permission, db));
      expect(await flags(elsewhere)).toEqual({ ...none, ...unseen });
    }
  });
}
