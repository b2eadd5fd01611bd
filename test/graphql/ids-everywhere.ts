import { beforeAll, expect, test } from '@jest/globals';
import type { TestApp } from '../support/app.ts';
import { NOW } from '../support/builders.ts';
import { sharedApp } from '../support/shared-app.ts';
import { AccessWorld, type Things } from './access-world.ts';
import type { Payload } from './mutate.ts';

// Wherever the API takes the name of an access group or the e-mail address of a person, it also takes an id.
export function idsEverywhere(): void {
  let app: TestApp;
  let world: AccessWorld;
  let inWeb: Things;
  let web: { id: string; databaseId: number };
  let person: { id: string; databaseId: number };

  beforeAll(async () => {
    app = await sharedApp({ seed: 'none', now: NOW });
    world = await AccessWorld.in(app);
    inWeb = await world.fill(await world.group('web'));
    await world.fill(await world.group('db'));
    const { accessGroups, viewer } = await ask(
      '{ accessGroups { name id databaseId } viewer { person { id databaseId } } }',
    );
    web = accessGroups.find(({ name }: Payload) => name === 'web');
    person = viewer.person;
  });

  async function ask(document: string): Promise<Payload> {
    const { data, errors } = await app.graphql(document, {}, world.admin);
    expect(errors).toBeUndefined();
    return data;
  }
  const change = async (mutation: string, input: string, selection: string): Promise<Payload> =>
    (
      await ask(
        `mutation { done: ${mutation}(input: { ${input} }) { ${selection} userErrors { code field } } }`,
      )
    ).done;

  const group = 'accessGroup { name }';
  let made = 0;
  const next = () => {
    made += 1;
    return made;
  };
  const mutations = [
    [
      'createScript',
      'accessGroup',
      () => `title: "S${next()}", code: "true", interpreter: "/bin/sh"`,
      `script { ${group} }`,
    ],
    ['enrolComputer', 'accessGroup', () => 'hostname: "new"', `computer { ${group} }`],
    ['acceptComputers', 'accessGroup', () => `ids: [${inWeb.pending}]`, `computers { ${group} }`],
    ['regroupComputers', 'accessGroup', () => `ids: [${inWeb.computer}]`, `computers { ${group} }`],
    ['createAccessGroup', 'parent', () => `title: "G${next()}"`, 'accessGroup { parent { name } }'],
  ] as const;

  test.each(mutations)('%s accepts an id in %s', async (mutation, field, input, selection) => {
    for (const id of [`"${web.id}"`, web.databaseId]) {
      const done = await change(mutation, `${input()}, ${field}Id: ${id}`, selection);
      expect(done.userErrors).toEqual([]);
      expect(JSON.stringify(done)).toContain('"name":"web"');
    }
  });

  test.each(mutations)(
    '%s refuses an unknown id in %s, and an id together with a name',
    async (mutation, field, input, selection) => {
      const refused = async (more: string) =>
        (await change(mutation, `${input()}, ${more}`, selection)).userErrors;
      const expected = [{ code: 'INVALID_INPUT', field: `${field}Id` }];
      expect(await refused(`${field}Id: 7777`)).toEqual(expected);
      expect(await refused(`${field}Id: "${person.id}"`)).toEqual(expected);
      expect(await refused(`${field}Id: ${web.databaseId}, ${field}: "web"`)).toEqual(expected);
    },
  );

  test('computers cannot be moved without a group', async () => {
    const { userErrors } = await change('regroupComputers', `ids: [${inWeb.computer}]`, 'computers { id }');
    expect(userErrors).toEqual([{ code: 'INVALID_INPUT', field: 'accessGroup' }]);
  });

  test('roles accept ids of groups and people in addition to names and e-mail addresses', async () => {
    const selection = 'role { accessGroups { name } persons { email } }';
    const groups = `accessGroups: ["db"], accessGroupIds: ["${web.id}", ${web.databaseId}]`;
    const { role, userErrors } = await change(
      'createRole',
      `name: "both", ${groups}, personIds: ["${person.id}"]`,
      selection,
    );
    expect(userErrors).toEqual([]);
    expect(role).toEqual({
      accessGroups: [{ name: 'db' }, { name: 'web' }],
      persons: [{ email: 'jane@example.com' }],
    });
    for (const field of ['accessGroupIds', 'personIds']) {
      const refused = await change('createRole', `name: "none", ${field}: [7777]`, selection);
      expect(refused.userErrors).toEqual([{ code: 'INVALID_INPUT', field }]);
    }
  });

  test('lists can be filtered by the ids of groups as well as by their names', async () => {
    for (const list of ['computers', 'scriptProfiles']) {
      const found = async (filter: string) =>
        (await ask(`{ page: ${list}(filter: { ${filter} }) { totalCount nodes { databaseId } } }`)).page;
      const byName = await found('accessGroups: ["web"]');
      expect(byName.totalCount).toBeGreaterThan(0);
      expect(await found(`accessGroupIds: ["${web.id}"]`)).toEqual(byName);
      expect(await found(`accessGroupIds: [${web.databaseId}, 7777]`)).toEqual(byName);
      expect((await found('accessGroupIds: []')).totalCount).toBe(0);
    }
  });
}
