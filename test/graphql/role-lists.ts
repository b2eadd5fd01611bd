import { beforeAll, beforeEach, expect, test } from '@jest/globals';
import type { AccessGroup } from '../../src/domain/accounts/access-group.ts';
import type { TestApp } from '../support/app.ts';
import { NOW } from '../support/builders.ts';
import { resetDatabase } from '../support/database.ts';
import { sharedApp } from '../support/shared-app.ts';
import { AccessWorld, outcomeOf } from './access-world.ts';

// Adds items to the lists of roles and removes them, copies roles, and names objects instead of sending their ids.
export function roleLists(): void {
  let app: TestApp;
  let world: AccessWorld;
  let web: AccessGroup;

  beforeAll(async () => {
    app = await sharedApp({ seed: 'none', now: NOW });
  });
  beforeEach(async () => {
    await resetDatabase(app.database);
    world = await AccessWorld.in(app);
    web = await world.group('web');
    await world.group('db');
  });

  const ROLE =
    'role { databaseId version name description permissions accountPermissions accessGroups { name } persons { email } }';
  const send = (name: string, input: object, token: string, selection: string) => {
    const type = `${name.charAt(0).toUpperCase()}${name.slice(1)}Input`;
    const fields = `${selection} userErrors { code field }`;
    return app.graphql(
      `mutation ($input: ${type}!) { done: ${name}(input: $input) { ${fields} } }`,
      { input },
      token,
    );
  };
  const done = async (name: string, input: object, selection = ROLE) => {
    const { data } = await send(name, input, world.admin, selection);
    expect(data.done.userErrors).toEqual([]);
    return data.done;
  };
  const problem = async (name: string, input: object, token = world.admin) => {
    const answer = await send(name, input, token, '');
    return `${outcomeOf(answer)} ${answer.data?.done?.userErrors?.[0]?.field ?? ''}`.trim();
  };
  const create = async (name: string, more: object = {}) =>
    (await done('createRole', { name, permissions: ['VIEW_SCRIPT'], accessGroups: ['web'], ...more })).role;

  test('if requests change the lists of a role at the same time, each adds a version, and no item is added twice', async () => {
    await world.person();
    const { version } = await create('one');
    const changes = [
      { addPermissions: ['MANAGE_SCRIPT', 'VIEW_SCRIPT'] },
      { addAccountPermissions: ['VIEW_ROLE'], addAccessGroups: ['db', 'web'] },
      { addPersons: ['PERSON1@example.com'], removeAccessGroups: ['web'] },
    ];
    await Promise.all(changes.map((change) => done('amendRole', { name: 'one', ...change })));
    const { data } = await app.graphql(`{ roles { ${ROLE.slice(6)} }`, {}, world.admin);
    expect(data.roles[1]).toMatchObject({
      version: version + 3,
      name: 'one',
      permissions: ['VIEW_SCRIPT', 'MANAGE_SCRIPT'],
      accountPermissions: ['VIEW_ROLE'],
      persons: [{ email: 'person1@example.com' }],
    });
    const nothing = { addPermissions: ['VIEW_SCRIPT'], removePersons: ['jane@example.com'] };
    expect((await done('amendRole', { name: 'one', ...nothing })).role.version).toBe(version + 3);
  });

  test('a copy has the permissions and access groups of its role, but no people', async () => {
    const one = await create('one', { description: 'first', persons: ['jane@example.com'] });
    const copy = (await done('copyRole', { id: one.databaseId, name: 'two' })).role;
    expect(copy).toEqual({ ...one, databaseId: copy.databaseId, name: 'two', persons: [] });
    const admin = (await done('copyRole', { source: 'GlobalAdmin', name: 'All', description: '' })).role;
    expect(admin).toMatchObject({ description: '', accessGroups: [{ name: 'global' }], persons: [] });
    // A copy can be deleted, even of GlobalAdmin.
    await done('deleteRole', { name: 'All' }, 'deletedId');
  });

  test('a caller cannot add, remove or copy permissions that they do not hold', async () => {
    await create('one');
    const token = await world.person(
      { permissions: ['ViewComputer'], groups: [web] },
      { accountPermissions: ['ViewRole', 'ManageRole'], groups: [] },
    );
    for (const change of [{}, { removePermissions: ['VIEW_SCRIPT'] }, { addPersons: ['jane@example.com'] }])
      expect(await problem('amendRole', { name: 'one', ...change }, token)).toBe('FORBIDDEN');
    expect(await problem('copyRole', { source: 'one', name: 'two' }, token)).toBe('FORBIDDEN');
    await create('empty', { permissions: [], accessGroups: [] });
    expect(await problem('amendRole', { name: 'empty', addPermissions: ['VIEW_COMPUTER'] }, token)).toBe(
      'done',
    );
    expect(await problem('amendRole', { name: 'empty', addAccessGroups: ['db'] }, token)).toBe('FORBIDDEN');
    expect(await problem('amendRole', { name: 'empty', addAccessGroups: ['web'] }, token)).toBe('done');
    expect(await problem('amendRole', { name: 'one' }, await world.everythingBut('ViewRole'))).toBe(
      'NOT_FOUND name',
    );
    expect(await problem('amendRole', { name: 'one' }, await world.everythingBut('ManageRole'))).toBe(
      'FORBIDDEN',
    );
  });

  test.each<[string, string, object, string]>([
    ['neither an id nor a name', 'amendRole', {}, 'INVALID_INPUT id'],
    ['an id and a name', 'amendRole', { id: '1', name: 'one' }, 'INVALID_INPUT id'],
    ['an unknown name', 'amendRole', { name: 'none' }, 'NOT_FOUND name'],
    ['a name with NUL', 'amendRole', { name: 'a\u0000' }, 'NOT_FOUND name'],
    ['an unknown id', 'amendRole', { id: '4242' }, 'NOT_FOUND id'],
    [
      'an unknown access group',
      'amendRole',
      { name: 'one', removeAccessGroups: ['no'] },
      'INVALID_INPUT removeAccessGroups',
    ],
    ['an unknown person', 'amendRole', { name: 'one', addPersons: ['a@b.c'] }, 'INVALID_INPUT addPersons'],
    [
      'too many people',
      'amendRole',
      { name: 'one', addPersons: Array(1001).fill('a@b.c') },
      'INVALID_INPUT addPersons',
    ],
    ['no source', 'copyRole', { name: 'two' }, 'INVALID_INPUT id'],
    ['an unknown source', 'copyRole', { source: 'none', name: 'two' }, 'NOT_FOUND source'],
    ['a name that is taken', 'copyRole', { source: 'one', name: 'GlobalAdmin' }, 'TITLE_TAKEN name'],
    ['an unknown name', 'deleteRole', { name: 'none' }, 'NOT_FOUND name'],
    ['an unknown name', 'deleteAccessGroup', { name: 'none' }, 'NOT_FOUND name'],
    ['neither an id nor a name', 'deleteAccessGroup', {}, 'INVALID_INPUT id'],
    ['an unknown address', 'removePerson', { email: 'a@b.c' }, 'NOT_FOUND email'],
    ['an id and an address', 'removePerson', { id: '1', email: 'a@b.c' }, 'INVALID_INPUT id'],
  ])('with %s, %s is refused', async (_what, name, input, expected) => {
    await create('one');
    expect(await problem(name, input)).toBe(expected);
  });

  test('GlobalAdmin can gain and lose only people, and keeps at least one', async () => {
    await world.person();
    const name = 'GlobalAdmin';
    await done('amendRole', { name, addPersons: ['person1@example.com'] });
    await done('amendRole', { name, removePersons: ['person1@example.com'] });
    expect(await problem('amendRole', { name, removePersons: ['jane@example.com'] })).toBe(
      'INVALID_INPUT persons',
    );
    expect(await problem('amendRole', { name, addAccessGroups: ['web'] })).toBe('INVALID_INPUT accessGroups');
    expect(await problem('amendRole', { name, removeAccountPermissions: ['VIEW_ROLE'] })).toBe(
      'INVALID_INPUT accountPermissions',
    );
  });

  test('an unused invitation can be renewed and revoked only by callers who could create it', async () => {
    const draft = { name: 'Ann', email: 'ann@example.com', roles: ['GlobalAdmin'] };
    const { person } = await done('createPerson', draft, 'person { id databaseId timeZone }');
    expect(person.timeZone).toBe('UTC');
    const token = await world.person({ accountPermissions: ['ViewRole', 'ManageRole'], groups: [] });
    for (const name of ['renewInvitation', 'revokeInvitation']) {
      expect(await problem(name, { id: person.id }, token)).toBe('FORBIDDEN');
      expect(await problem(name, { id: '4242' })).toBe('NOT_FOUND id');
    }
    const invited = async (isInvited: boolean) =>
      (
        await app.graphql(
          'query ($isInvited: Boolean) { persons(filter: { isInvited: $isInvited }) { totalCount nodes { id } } }',
          { isInvited },
          world.admin,
        )
      ).data.persons;
    expect(await invited(true)).toEqual({ totalCount: 1, nodes: [{ id: person.id }] });
    expect(await invited(false)).toMatchObject({ totalCount: 2 });
    const { passwordLink } = await done('renewInvitation', { id: person.id }, 'passwordLink { token }');
    await done('setPassword', { token: passwordLink.token, password: 'a long password' }, '');
    for (const name of ['renewInvitation', 'revokeInvitation'])
      expect(await problem(name, { id: person.id })).toBe('NOT_FOUND id');
    // A link that resets a password is not an invitation.
    await done('resetPassword', { id: person.id }, '');
    expect((await invited(true)).totalCount).toBe(0);
  });

  test('callers set their own time zone, and see the time zones of others only with ViewRole', async () => {
    const token = await world.person();
    const set = (timeZone: string) => problem('updatePerson', { timeZone }, token);
    expect(await set('Nowhere/City')).toBe('INVALID_INPUT timeZone');
    expect(await set('Europe/Berlin')).toBe('done');
    const { data } = await app.graphql('{ viewer { person { id timeZone } } }', {}, token);
    expect(data.viewer.person.timeZone).toBe('Europe/Berlin');
    const find = async (as: string) =>
      (
        await app.graphql(
          'query ($id: ID!) { node(id: $id) { ... on Person { timeZone } } }',
          { id: data.viewer.person.id },
          as,
        )
      ).data.node;
    expect(await find(world.admin)).toEqual({ timeZone: 'Europe/Berlin' });
    expect(await find(await world.everythingBut('ViewRole'))).toBeNull();
  });
}
