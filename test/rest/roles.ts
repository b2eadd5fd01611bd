import { beforeAll, describe, expect, test } from '@jest/globals';
import type { TestApp } from '../support/app.ts';
import { sharedApp } from '../support/shared-app.ts';
import { clientOf, ok } from './client.ts';

// Requests of the role and access group pages of the real system's dashboard, in the form of its own types.
export function roles() {
  let app: TestApp;
  beforeAll(async () => {
    app = await sharedApp();
  });

  const { legacy, form } = clientOf(() => app);
  const rolesNamed = async (...names: string[]) =>
    ok(await legacy('GetRoles', names.map((name, index) => `names.${index + 1}=${name}`).join('&')));
  const ask = async (action: string, parameters: string) => ok(await legacy(action, parameters));

  test('titles of View and Manage permissions for the same objects have the same ending', async () => {
    const permissions = ok(await legacy('GetPermissions'));
    expect(permissions).toContainEqual({ name: 'ViewScript', title: 'View scripts', global: false });
    expect(permissions).toContainEqual({ name: 'ManageRole', title: 'Manage roles', global: true });
    const [admin] = await rolesNamed('GlobalAdmin');
    const names = (global: boolean) =>
      permissions
        .filter((one: { global: boolean }) => one.global === global)
        .map(({ name }: { name: string }) => name);
    expect([admin.permissions, admin.global_permissions]).toEqual([names(false), names(true)]);
    const rest = (name: string) =>
      permissions.find((one: { name: string }) => one.name === name).title.replace(/^\w+ /, '');
    for (const what of ['Script', 'ScriptProfile', 'Computer', 'Role'])
      expect(rest(`View${what}`)).toBe(rest(`Manage${what}`));
  });

  test('roles are listed by name: all, or only those requested', async () => {
    const john = { persons: ['john@example.com'], access_groups: ['global'] };
    expect(await rolesNamed('GlobalAdmin', 'Nothing')).toMatchObject([{ name: 'GlobalAdmin', ...john }]);
    const all = ok(await legacy('GetRoles'));
    expect(all).toContainEqual((await rolesNamed('GlobalAdmin'))[0]);
  });

  test('a role is created, gains and loses members, and is copied and deleted', async () => {
    const empty = {
      name: 'Web',
      description: 'For the web',
      permissions: [],
      global_permissions: [],
      persons: [],
      access_groups: [],
    };
    const created = await ask('CreateRole', 'name=Web&description=For+the+web');
    expect(created).toEqual({ key: expect.any(Number), ...empty });
    // The form of the page sends these requests at the same time.
    await Promise.all([
      ask('AddAccessGroupsToRole', 'name=Web&access_groups.1=server&access_groups.2=desktop'),
      ask('AddPermissionsToRole', 'name=Web&permissions.1=ViewRole&permissions.2=ManageScript'),
      ask('AddPersonsToRole', 'name=Web&persons.1=john@example.com'),
      ask('AddPermissionsToRole', 'name=Web&permissions.1=ViewScript&permissions.2=ManageScript'),
    ]);
    const full = {
      key: created.key,
      ...empty,
      permissions: ['ViewScript', 'ManageScript'],
      global_permissions: ['ViewRole'],
      persons: ['john@example.com'],
      access_groups: ['desktop', 'server'],
    };
    expect(await rolesNamed('Web')).toEqual([full]);

    const copied = await ask('CopyRole', 'name=Web&destination_name=Web2');
    expect(copied).toEqual({ ...full, key: expect.any(Number), name: 'Web2', persons: [] });
    const described = ok(
      await form('CopyRole', { name: 'Web', destination_name: 'Web3', description: 'More' }),
    );
    expect(described).toMatchObject({ name: 'Web3', description: 'More' });

    expect(await ask('RemoveAccessGroupsFromRole', 'name=Web&access_groups.1=server')).toMatchObject({
      access_groups: ['desktop'],
    });
    expect(
      await ask('RemovePermissionsFromRole', 'name=Web&permissions.1=ViewRole&permissions.2=ViewScript'),
    ).toMatchObject({ permissions: ['ManageScript'], global_permissions: [] });
    expect(await ask('RemovePersonsFromRole', 'name=Web&persons.1=JOHN@example.com')).toMatchObject({
      persons: [],
    });
    // Removing an absent item succeeds.
    expect(await ask('RemovePersonsFromRole', 'name=Web&persons.1=john@example.com')).toMatchObject({
      persons: [],
    });
    for (const name of ['Web', 'Web2', 'Web3']) expect(await ask('RemoveRole', `name=${name}`)).toBeNull();
    expect(await rolesNamed('Web', 'Web2', 'Web3')).toEqual([]);
  });

  test.each([
    ['CreateRole', '', 400, 'name'],
    ['CreateRole', 'name=GlobalAdmin', 409, 'name'],
    ['CopyRole', 'name=Nothing&destination_name=A', 404, 'name'],
    ['CopyRole', 'name=GlobalAdmin', 400, 'destination_name'],
    ['CopyRole', 'name=GlobalAdmin&destination_name=GlobalAdmin', 409, 'destination_name'],
    ['RemoveRole', 'name=Nothing', 404, 'name'],
    ['RemoveRole', 'name=GlobalAdmin', 400, 'name'],
    ['AddPermissionsToRole', 'name=Nothing&permissions.1=ViewScript', 404, 'name'],
    ['AddPermissionsToRole', 'name=GlobalAdmin', 400, 'permissions'],
    ['AddPermissionsToRole', 'name=GlobalAdmin&permissions.1=ExecuteScript', 400, 'permissions'],
    ['RemovePermissionsFromRole', 'name=GlobalAdmin&permissions.1=ViewScript', 400, 'permissions'],
    ['RemovePermissionsFromRole', 'name=GlobalAdmin&permissions.1=ViewRole', 400, 'permissions'],
    ['AddAccessGroupsToRole', 'name=GlobalAdmin&access_groups.1=nowhere', 400, 'access_groups'],
    ['AddAccessGroupsToRole', 'name=GlobalAdmin&access_groups.1=server', 400, 'access_groups'],
    ['RemoveAccessGroupsFromRole', 'name=GlobalAdmin&access_groups.1=global', 400, 'access_groups'],
    ['AddPersonsToRole', 'name=GlobalAdmin&persons.1=unknown@example.com', 400, 'persons'],
    ['RemovePersonsFromRole', 'name=GlobalAdmin&persons.1=john@example.com', 400, 'persons'],
  ])('%s with %s is refused with %d and names %s', async (action, parameters, status, field) => {
    const before = ok(await legacy('GetRoles'));
    const answer = await legacy(action, parameters);
    expect([answer.status, answer.body.detail.field]).toEqual([status, field]);
    expect(ok(await legacy('GetRoles'))).toEqual(before);
  });

  describe('access groups', () => {
    const groups = async () => ok(await legacy('GetAccessGroups'));

    test('are created below a parent, which gets their contents when they are deleted', async () => {
      const before = await groups();
      const web = { name: 'web-farm', title: 'Web farm', parent: 'server', children: '' };
      expect(await ask('CreateAccessGroup', 'title=Web+farm&parent=server')).toEqual(web);
      const top = { name: 'top', title: 'Top', parent: 'global', children: '' };
      expect(ok(await form('CreateAccessGroup', { title: 'Top' }))).toEqual(top);
      expect(await groups()).toContainEqual({ ...before[2], children: 'web-farm' });
      const inner = await ask('CreateAccessGroup', 'title=Inner&parent=web-farm');
      await ask('ChangeComputersAccessGroup', 'query=id:1&access_group=web-farm');
      expect(await ask('RemoveAccessGroup', 'name=web-farm')).toEqual({ ...before[2], children: 'inner' });
      expect(await groups()).toContainEqual({ ...inner, parent: 'server' });
      expect(await ask('RemoveAccessGroup', 'name=inner')).toEqual(before[2]);
      expect(await ask('RemoveAccessGroup', 'name=top')).toEqual(before[1]);
      expect(await groups()).toEqual(before);
    });

    test.each([
      ['CreateAccessGroup', '', 400, 'title'],
      ['CreateAccessGroup', 'title=Server', 409, 'title'],
      ['CreateAccessGroup', 'title=New&parent=nowhere', 400, 'parent'],
      ['RemoveAccessGroup', '', 400, 'name'],
      ['RemoveAccessGroup', 'name=nowhere', 404, 'name'],
      ['RemoveAccessGroup', 'name=global', 400, 'name'],
    ])('%s with %s is refused with %d and names %s', async (action, parameters, status, field) => {
      const answer = await legacy(action, parameters);
      expect([answer.status, answer.body.detail.field]).toEqual([status, field]);
    });
  });
}
