import { beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { AccessGroup } from '../../src/domain/accounts/access-group.ts';
import type { TestApp } from '../support/app.ts';
import { NOW } from '../support/builders.ts';
import { resetDatabase } from '../support/database.ts';
import { sharedApp } from '../support/shared-app.ts';
import { AccessWorld, outcomeOf, type Things } from './access-world.ts';
import { mutate } from './mutate.ts';

export function roles(): void {
  let app: TestApp;
  let world: AccessWorld;
  let web: AccessGroup;
  let db: AccessGroup;
  let things: Things;

  beforeAll(async () => {
    app = await sharedApp({ seed: 'none', now: NOW });
  });
  beforeEach(async () => {
    await resetDatabase(app.database);
    world = await AccessWorld.in(app);
    web = await world.group('web');
    db = await world.group('db');
    things = await world.fill(web);
  });

  const ROLE = `role { id databaseId name description isGlobalAdmin permissions accountPermissions
  accessGroups { name } persons { email } }`;
  const role = (name: string, input: object, token = world.admin) =>
    mutate(app, name, input, name === 'deleteRole' ? 'deletedId' : ROLE, token);
  const emailOf = (number: number) => `person${number}@example.com`;
  /** The first error of a mutation, from the payload or the top level. */
  async function problem(name: string, input: object, token = world.admin) {
    const type = `${name.charAt(0).toUpperCase()}${name.slice(1)}Input`;
    const document = `mutation ($input: ${type}!) { done: ${name}(input: $input) { userErrors { code field } } }`;
    const answer = await app.graphql(document, { input }, token);
    return `${outcomeOf(answer)} ${answer.data?.done?.userErrors?.[0]?.field ?? ''}`.trim();
  }
  const globalAdmin = async () => {
    const { data } = await app.graphql('{ roles { id name } }', {}, world.admin);
    return data.roles.find(({ name }: { name: string }) => name === 'GlobalAdmin').id;
  };

  describe('a role', () => {
    test('that is created, edited and deleted immediately affects existing tokens', async () => {
      const token = await world.person();
      const sees = async () =>
        (await app.graphql(`{ script(id: ${things.script}) { title } }`, {}, token)).data.script !== null;
      expect(await sees()).toBe(false);

      const draft = {
        name: ' Web team ',
        permissions: ['VIEW_SCRIPT'],
        accountPermissions: ['VIEW_ROLE'],
        accessGroups: ['web', 'web'],
        persons: [emailOf(1)],
      };
      const made = (await role('createRole', draft)).role;
      expect(made).toMatchObject({
        name: 'Web team',
        description: '',
        isGlobalAdmin: false,
        permissions: ['VIEW_SCRIPT'],
        accountPermissions: ['VIEW_ROLE'],
        accessGroups: [{ name: 'web' }],
        persons: [{ email: emailOf(1) }],
      });
      expect(await sees()).toBe(true);

      const moved = (await role('updateRole', { id: made.id, accessGroups: ['db'] })).role;
      expect(moved).toEqual({ ...made, accessGroups: [{ name: 'db' }] });
      expect(await sees()).toBe(false);

      await role('updateRole', { id: made.databaseId, accessGroups: ['global'] });
      expect(await sees()).toBe(true);
      await role('updateRole', { id: made.id, persons: [] });
      expect(await sees()).toBe(false);
      await role('updateRole', { id: made.id, persons: [emailOf(1)] });
      expect(await sees()).toBe(true);
      expect(await role('deleteRole', { id: made.id })).toEqual({ deletedId: made.id, userErrors: [] });
      expect(await sees()).toBe(false);
      expect(await problem('updateRole', { id: made.id, name: 'again' })).toBe('NOT_FOUND id');
    });

    test.each<[string, object, string]>([
      ['no name', { name: ' ' }, 'INVALID_INPUT name'],
      ['a used name', { name: 'GlobalAdmin' }, 'TITLE_TAKEN name'],
      ['a name of several lines', { name: 'a\nb' }, 'INVALID_INPUT name'],
      [
        'a description that is too long',
        { name: 'a', description: 'x'.repeat(1001) },
        'INVALID_INPUT description',
      ],
      [
        'an access group that does not exist',
        { name: 'a', accessGroups: ['nowhere'] },
        'INVALID_INPUT accessGroups',
      ],
      [
        'a person who does not exist',
        { name: 'a', persons: ['nobody@example.com'] },
        'INVALID_INPUT persons',
      ],
      ['a person who is not text', { name: 'a', persons: ['a\u0000b'] }, 'INVALID_INPUT persons'],
    ])('with %s is refused', async (_, input, expected) => {
      expect(await problem('createRole', input)).toBe(expected);
    });
  });

  describe('a caller cannot grant permissions that they lack: granting', () => {
    const manager = () =>
      world.person(
        { permissions: ['ViewScript', 'ManageScript'], groups: [web] },
        { accountPermissions: ['ViewRole', 'ManageRole'], groups: [] },
      );

    test.each<[string, object, string]>([
      [
        'permissions that they hold, in the access group where they hold them, succeeds',
        { permissions: ['MANAGE_SCRIPT'], accessGroups: ['web'] },
        'done',
      ],
      [
        'permissions that they hold, in another access group, is refused',
        { permissions: ['MANAGE_SCRIPT'], accessGroups: ['db'] },
        'FORBIDDEN',
      ],
      [
        'permissions that they hold, in the parent group, is refused',
        { permissions: ['VIEW_SCRIPT'], accessGroups: ['global'] },
        'FORBIDDEN',
      ],
      [
        'permissions that they do not hold is refused',
        { permissions: ['VIEW_COMPUTER'], accessGroups: ['web'] },
        'FORBIDDEN',
      ],
      ['an account permission that they hold succeeds', { accountPermissions: ['MANAGE_ROLE'] }, 'done'],
      [
        'an account permission that they do not hold is refused',
        { accountPermissions: ['VIEW_EVENT_LOG'] },
        'FORBIDDEN',
      ],
    ])('%s', async (_, grants, expected) => {
      const token = await manager();
      expect(await problem('createRole', { name: 'new', ...grants }, token)).toBe(expected);
      // The same through a role that is created without permissions.
      const empty = (await role('createRole', { name: 'empty' }, token)).role.id;
      expect(await problem('updateRole', { id: empty, ...grants }, token)).toBe(expected);
    });

    test('to other people through a larger role, removing them from it, and deleting it are refused', async () => {
      const token = await manager();
      const more = (
        await role('createRole', { name: 'more', permissions: ['VIEW_COMPUTER'], accessGroups: ['web'] })
      ).role.id;
      expect(await problem('updateRole', { id: more, persons: [emailOf(1)] }, token)).toBe('FORBIDDEN');
      expect(await problem('updateRole', { id: more, permissions: [] }, token)).toBe('FORBIDDEN');
      expect(await problem('deleteRole', { id: more }, token)).toBe('FORBIDDEN');
      const admin = await globalAdmin();
      expect(await problem('updateRole', { id: admin, persons: [emailOf(1)] }, token)).toBe('FORBIDDEN');
    });
  });

  describe('GlobalAdmin', () => {
    test('grants every permission on the root, and only its people can be changed', async () => {
      const { data } = await app.graphql(
        '{ roles { name isGlobalAdmin permissions accountPermissions accessGroups { name parent { name } } persons { email } } }',
        {},
        world.admin,
      );
      expect(data.roles).toEqual([
        {
          name: 'GlobalAdmin',
          isGlobalAdmin: true,
          permissions: expect.arrayContaining(['REDACT_SCRIPT', 'MANAGE_PENDING_COMPUTER']),
          accountPermissions: ['MANAGE_ACCOUNT', 'VIEW_ROLE', 'MANAGE_ROLE', 'VIEW_EVENT_LOG'],
          accessGroups: [{ name: 'global', parent: null }],
          persons: [{ email: 'jane@example.com' }],
        },
      ]);
      const id = await globalAdmin();
      for (const [field, value] of Object.entries({
        name: 'a',
        description: 'a',
        permissions: [],
        accessGroups: [],
      }))
        expect(await problem('updateRole', { id, [field]: value })).toBe(`INVALID_INPUT ${field}`);
      expect(await problem('deleteRole', { id })).toBe('INVALID_INPUT id');
    });

    test('can be passed to another person, and always keeps at least one', async () => {
      const token = await world.person();
      const id = await globalAdmin();
      expect(await problem('updateRole', { id, persons: [] })).toBe('INVALID_INPUT persons');
      await role('updateRole', { id, persons: [emailOf(1)] });
      expect(outcomeOf(await app.graphql('{ roles { id } }', {}, world.admin))).toBe('FORBIDDEN');
      expect((await role('updateRole', { id, persons: ['jane@example.com'] }, token)).userErrors).toEqual([]);
      expect(outcomeOf(await app.graphql('{ roles { id } }', {}, world.admin))).toBe('done');
    });
  });

  test('the viewer has their roles, the combined permissions and the groups of each', async () => {
    const below = await world.group('frontend', web);
    const token = await world.person(
      { permissions: ['ViewScript'], groups: [web] },
      { permissions: ['ViewScript', 'ViewComputer'], groups: [below] },
    );
    const document =
      '{ viewer { roles accountPermissions permissions { permission accessGroups { name parent { name } } } } }';
    const { data } = await app.graphql(document, {}, token);
    const frontend = { name: 'frontend', parent: { name: 'web' } };
    expect(data.viewer).toEqual({
      roles: ['role 1.0', 'role 1.1'],
      accountPermissions: [],
      permissions: [
        // The caller may not see the root.
        { permission: 'VIEW_SCRIPT', accessGroups: [frontend, { name: 'web', parent: null }] },
        { permission: 'VIEW_COMPUTER', accessGroups: [frontend] },
      ],
    });
    const nobody = await world.person();
    expect((await app.graphql(document, {}, nobody)).data.viewer).toEqual({
      roles: [],
      accountPermissions: [],
      permissions: [],
    });
  });

  test('a person is found by themselves and by callers with ViewRole, but by no other', async () => {
    const { data } = await app.graphql('{ viewer { person { id } } }', {}, world.admin);
    const find = async (token: string) =>
      (await app.graphql('query ($id: ID!) { node(id: $id) { id } }', { id: data.viewer.person.id }, token))
        .data.node;
    expect(await find(world.admin)).not.toBeNull();
    expect(await find(await world.person({ accountPermissions: ['ViewRole'], groups: [] }))).not.toBeNull();
    expect(await find(await world.everythingBut('ViewRole'))).toBeNull();
  });

  test('a caller who sees a part of the account takes as many statements as one who sees all of it', async () => {
    const permissions = ['ViewScript', 'ViewScriptProfile', 'ViewComputer'] as const;
    const token = await world.person({ permissions, groups: [web, db] });
    const document = `{
    scriptProfiles(first: 1) { totalCount nodes {
      numAssociatedComputers script { title accessGroup { parent { name } } } computers { totalCount nodes { title } }
      lastActivity { id } slots { totalCount nodes { activity { id } } }
      activities { totalCount nodes { children { totalCount nodes { computer { title } } } } }
    } }
    scripts { totalCount nodes { title } } computers { totalCount nodes { title } } tags accessGroups { name }
    activities(filter: { computerId: "${things.computer}" }) { totalCount nodes { id } }
    viewer { roles permissions { accessGroups { name } } }
  }`;
    const cost = (as: string) =>
      app.statements(async () => {
        const { data, errors } = await app.graphql(document, {}, as);
        expect(errors).toBeUndefined();
        expect(data.scriptProfiles.nodes).toHaveLength(1);
      });
    expect(await cost(token)).toBe(await cost(world.admin));
  });
}
