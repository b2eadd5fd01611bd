import { beforeAll, beforeEach, expect, test } from '@jest/globals';
import type { TestApp } from '../support/app.ts';
import { NOW } from '../support/builders.ts';
import { resetDatabase } from '../support/database.ts';
import { anAccount } from '../support/rows.ts';
import { sharedApp } from '../support/shared-app.ts';
import { ask, mutate, type Payload, refusal } from './mutate.ts';

export function mutationsGroups(): void {
  let app: TestApp;
  beforeAll(async () => {
    app = await sharedApp({ seed: 'none', now: NOW });
  });
  beforeEach(async () => {
    await resetDatabase(app.database);
    await anAccount(app.database.prisma);
  });

  const create = async (title: string, parent?: string): Promise<Payload> =>
    (await mutate(app, 'createAccessGroup', { title, parent }, 'accessGroup { name title parent { name } }'))
      .accessGroup;
  const all = async (): Promise<Payload[]> =>
    (await ask(app, '{ accessGroups { databaseId name title parent { name } } }')).accessGroups;

  test('a group is created below the root by default, and its name is derived from its title', async () => {
    expect(await create(' Web  Servers 2.0 ')).toEqual({
      name: 'web-servers-2.0',
      title: 'Web  Servers 2.0',
      parent: { name: 'global' },
    });
    expect(await create('Front', 'web-servers-2.0')).toMatchObject({ parent: { name: 'web-servers-2.0' } });
    expect((await all()).map(({ name, parent }) => [name, parent?.name ?? null])).toEqual([
      ['front', 'web-servers-2.0'],
      ['global', null],
      ['web-servers-2.0', 'global'],
    ]);
  });

  test.each([
    ['no title', { title: ' ' }, 'INVALID_INPUT title'],
    ['a title that starts with a punctuation mark', { title: '-a' }, 'INVALID_INPUT title'],
    ['a title of 256 characters', { title: 'a'.repeat(256) }, 'INVALID_INPUT title'],
    ['a title with a NUL', { title: 'a\0' }, 'INVALID_INPUT title'],
    ['the title of another group', { title: 'Web servers' }, 'TITLE_TAKEN title'],
    ['a title with the same name as another group’s', { title: 'web-SERVERS' }, 'TITLE_TAKEN title'],
    ['the name of the root', { title: 'Global' }, 'TITLE_TAKEN title'],
    ['a parent that does not exist', { title: 'New', parent: 'nowhere' }, 'INVALID_INPUT parent'],
    ['the title of a parent', { title: 'New', parent: 'Web servers' }, 'INVALID_INPUT parent'],
    ['a parent of another account', { title: 'New', parent: 'theirs' }, 'INVALID_INPUT parent'],
    ['a parent with a NUL', { title: 'New', parent: '\0' }, 'INVALID_INPUT parent'],
  ])('a group is refused for %s, and none is created', async (_, input, expected) => {
    await anAccount(app.database.prisma, 'neighbour', 'joe@example.com');
    const neighbours = app.token('joe@example.com', 'neighbour');
    await mutate(app, 'createAccessGroup', { title: 'Theirs' }, '', neighbours);
    await create('Web servers');
    const before = await all();
    expect(await refusal(app, 'createAccessGroup', input)).toBe(expected);
    expect(await all()).toEqual(before);
  });

  test('two accounts may have groups of the same name', async () => {
    await anAccount(app.database.prisma, 'neighbour', 'joe@example.com');
    await create('Web');
    const neighbours = app.token('joe@example.com', 'neighbour');
    expect((await mutate(app, 'createAccessGroup', { title: 'Web' }, '', neighbours)).userErrors).toEqual([]);
  });

  test('each group is reached from itself and its ancestors, up to four levels, and from no other group', async () => {
    const tree: Record<string, string> = {
      a: 'global',
      b: 'global',
      'a-a': 'a',
      'a-b': 'a',
      'b-a': 'b',
      'a-a-a': 'a-a',
      'a-a-b': 'a-a',
      'b-a-a': 'b-a',
      'a-a-a-a': 'a-a-a',
    };
    for (const [name, parent] of Object.entries(tree)) await create(name, parent);

    const names = new Map((await all()).map(({ databaseId, name }) => [databaseId, name]));
    const rows = await app.database.prisma.accessGroupReach.findMany();
    const reach = rows.map(
      ({ aboveId, belowId }) => `${names.get(Number(aboveId))} > ${names.get(Number(belowId))}`,
    );

    const expected = ['global', ...Object.keys(tree)].flatMap((name) => {
      const above = [name];
      for (let group = tree[name]; group; group = tree[group]) above.push(group);
      return above.map((group) => `${group} > ${name}`);
    });
    expect(reach.toSorted()).toEqual(expected.toSorted());
  });
}
