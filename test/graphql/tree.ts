import { beforeEach, describe, expect, test } from '@jest/globals';
import type { TestApp } from '../support/app.ts';
import { NOW } from '../support/builders.ts';
import { sharedApp } from '../support/shared-app.ts';
import { AccessWorld, type Things } from './access-world.ts';
import type { Payload } from './mutate.ts';

// The tree of access groups: its contents and its changes.
export function tree(): void {
  let app: TestApp;
  let world: AccessWorld;
  /** Groups global > server > web > front, and db as a sibling of server. */
  let ids: Record<'server' | 'web' | 'front' | 'db', number>;
  let inWeb: Things;

  beforeEach(async () => {
    app = await sharedApp({ seed: 'none', now: NOW });
    world = await AccessWorld.in(app);
    const server = await world.group('server');
    const web = await world.group('web', server);
    const front = await world.group('front', web);
    const db = await world.group('db');
    ids = { server: server.id, web: web.id, front: front.id, db: db.id };
    inWeb = await world.fill(web);
    await world.fill(front);
  });

  async function ask(document: string, token = world.admin): Promise<Payload> {
    const { data, errors } = await app.graphql(document, {}, token);
    expect(errors).toBeUndefined();
    return data;
  }

  const change = async (mutation: string, input: string): Promise<Payload> =>
    (
      await ask(`mutation { done: ${mutation}(input: { ${input} }) {
        ${mutation === 'deleteAccessGroup' ? 'deletedId' : 'accessGroup { name title parent { name } }'}
        userErrors { code field message } } }`)
    ).done;

  const COUNTS = 'numComputers numScripts numScriptProfiles';
  async function groups(token = world.admin): Promise<Record<string, Payload>> {
    const { accessGroups } = await ask(
      `{ accessGroups { name parent { name } children { name } ${COUNTS} } }`,
      token,
    );
    return Object.fromEntries(
      accessGroups.map(({ name, parent, children, ...counts }: Payload) => [
        name,
        { parent: parent?.name ?? null, children: children.map((child: Payload) => child.name), ...counts },
      ]),
    );
  }
  const [none, one] = [0, 1].map((number) => ({
    numComputers: number,
    numScripts: number,
    numScriptProfiles: number,
  }));

  /** The numbers of the profiles in a group and its descendants. */
  const below = async (name: string): Promise<number[]> => {
    const { computers } = await ask(
      `{ computers(filter: { accessGroups: ["${name}"] }) { nodes { databaseId } } }`,
    );
    return computers.nodes.map(({ databaseId }: Payload) => databaseId);
  };

  test('each group shows its child groups, and counts its own contents', async () => {
    expect(await groups()).toEqual({
      global: { parent: null, children: ['db', 'server'], ...none },
      server: { parent: 'global', children: ['web'], ...none },
      web: { parent: 'server', children: ['front'], ...one },
      front: { parent: 'web', children: [], ...one },
      db: { parent: 'global', children: [], ...none },
    });
  });

  test('the counts include only objects that the caller may see', async () => {
    const web = { id: ids.web, name: 'web', title: 'web', parentId: ids.server };
    const token = await world.person({ permissions: ['ViewComputer'], groups: [web] });
    expect(await groups(token)).toEqual({
      web: { parent: null, children: ['front'], ...none, numComputers: 1 },
      front: { parent: 'web', children: [], ...none, numComputers: 1 },
    });
  });

  test('a renamed group has the name of its new title, and keeps its contents', async () => {
    expect(await change('updateAccessGroup', `id: ${ids.web}, title: "Web Servers"`)).toEqual({
      accessGroup: { name: 'web-servers', title: 'Web Servers', parent: { name: 'server' } },
      userErrors: [],
    });
    expect(await below('web-servers')).toHaveLength(2);
    expect(await below('web')).toEqual([]);
  });

  test('a moved group takes its descendants with it, and filters and permissions follow', async () => {
    const [server, db] = (['server', 'db'] as const).map((name) => ({
      id: ids[name],
      name,
      title: name,
      parentId: world.account.root.id,
    }));
    const ofServer = await world.person({ permissions: ['ViewComputer'], groups: [server!] });
    const ofDb = await world.person({ permissions: ['ViewComputer'], groups: [db!] });
    const seen = async (token: string) =>
      (await ask('{ computers { totalCount } }', token)).computers.totalCount;
    expect([await seen(ofServer), await seen(ofDb)]).toEqual([2, 0]);
    await change('updateAccessGroup', `id: ${ids.web}, parentId: ${ids.db}`);
    expect([await below('server'), await below('db')].map((list) => list.length)).toEqual([0, 2]);
    expect([await seen(ofServer), await seen(ofDb)]).toEqual([0, 2]);
    expect((await groups()).web).toMatchObject({ parent: 'db', children: ['front'] });
  });

  test('the contents and child groups of a deleted group move to its parent', async () => {
    const { deletedId, userErrors } = await change('deleteAccessGroup', `id: ${ids.web}`);
    expect([deletedId, userErrors]).toEqual([expect.any(String), []]);
    expect(await groups()).toEqual({
      global: { parent: null, children: ['db', 'server'], ...none },
      server: { parent: 'global', children: ['front'], ...one },
      front: { parent: 'server', children: [], ...one },
      db: { parent: 'global', children: [], ...none },
    });
    const { computer, script, scriptProfile } = await ask(`{
      computer(id: ${inWeb.computer}) { accessGroup { name } }
      script(id: ${inWeb.script}) { accessGroup { name } }
      scriptProfile(id: ${inWeb.profile}) { accessGroup { name } }
    }`);
    for (const thing of [computer, script, scriptProfile]) expect(thing.accessGroup.name).toBe('server');
    expect(await below('server')).toHaveLength(2);
  });

  test('a caller who lacks a permission in a group can rename it, but neither move nor delete it', async () => {
    const token = await world.everythingBut('RedactScript');
    const send = async (mutation: string, input: string) => {
      const document = `mutation { done: ${mutation}(input: { ${input} }) { userErrors { code } } }`;
      const { errors } = await app.graphql(document, {}, token);
      return errors?.[0].extensions.code ?? 'done';
    };
    expect(await send('updateAccessGroup', `id: ${ids.web}, title: "Other"`)).toBe('done');
    const before = await groups();
    expect(await send('updateAccessGroup', `id: ${ids.web}, parentId: ${ids.db}`)).toBe('FORBIDDEN');
    expect(await send('deleteAccessGroup', `id: ${ids.web}`)).toBe('FORBIDDEN');
    expect(await groups()).toEqual(before);
  });

  describe('the following is refused:', () => {
    test.each<[string, string, (own: typeof ids) => string, string]>([
      [
        'moving a group to one of its descendants',
        'updateAccessGroup',
        ({ server }) => `id: ${server}, parent: "front"`,
        'INVALID_INPUT parent',
      ],
      [
        'moving a group into itself',
        'updateAccessGroup',
        ({ web }) => `id: ${web}, parent: "web"`,
        'INVALID_INPUT parent',
      ],
      ['a used title', 'updateAccessGroup', ({ web }) => `id: ${web}, title: "DB"`, 'TITLE_TAKEN title'],
      [
        'a title with other characters',
        'updateAccessGroup',
        ({ web }) => `id: ${web}, title: "_"`,
        'INVALID_INPUT title',
      ],
      [
        'two parents',
        'updateAccessGroup',
        ({ web, db }) => `id: ${web}, parent: "db", parentId: ${db}`,
        'INVALID_INPUT parentId',
      ],
      [
        'a parent that does not exist',
        'updateAccessGroup',
        ({ web }) => `id: ${web}, parentId: 7`,
        'INVALID_INPUT parentId',
      ],
      ['a group that does not exist', 'updateAccessGroup', () => 'id: 999999, title: "New"', 'NOT_FOUND id'],
      ['deleting a group that does not exist', 'deleteAccessGroup', () => 'id: 999999', 'NOT_FOUND id'],
    ])('%s', async (_, mutation, input, expected) => {
      const before = await groups();
      const { userErrors } = await change(mutation, input(ids));
      expect(userErrors.map(({ code, field }: Payload) => `${code} ${field}`)).toEqual([expected]);
      expect(await groups()).toEqual(before);
    });

    test.each(['updateAccessGroup', 'deleteAccessGroup'])('%s for the root', async (mutation) => {
      const input = `id: ${world.account.root.id}${mutation === 'updateAccessGroup' ? ', title: "New"' : ''}`;
      const { userErrors } = await change(mutation, input);
      expect(userErrors).toMatchObject([{ code: 'INVALID_INPUT', field: 'id' }]);
    });
  });

  test('tags are counted on the computers that the caller may see', async () => {
    expect((await ask('{ tagCounts { tag numComputers } }')).tagCounts).toEqual([
      { tag: 'tag-front', numComputers: 1 },
      { tag: 'tag-web', numComputers: 1 },
    ]);
    await ask(
      `mutation { retagComputers(input: { ids: [${inWeb.computer}], add: ["tag-front"] }) { userErrors { code } } }`,
    );
    const { tagCounts } = await ask('{ tagCounts { tag numComputers } }');
    expect(tagCounts[0]).toEqual({ tag: 'tag-front', numComputers: 2 });
  });

  test('limits show their usage: the profiles that are not archived, and the computers of the largest one', async () => {
    const used = async () => (await ask('{ limits { used { profiles computers } } }')).limits.used;
    // The profile of `web` also reaches the contents of `front`.
    expect(await used()).toEqual({ profiles: 2, computers: 2 });
    await ask(`mutation { archiveScriptProfile(input: { id: ${inWeb.profile} }) { userErrors { code } } }`);
    expect(await used()).toEqual({ profiles: 1, computers: 1 });
  });
}
