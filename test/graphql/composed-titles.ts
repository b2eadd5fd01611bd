import { beforeAll, describe, expect, test } from '@jest/globals';
import type { TestApp } from '../support/app.ts';
import { sharedApp } from '../support/shared-app.ts';
import { mutate } from './mutate.ts';

// macOS sends "é" as two characters (NFD), while most systems send one (NFC). To a person both are the same letter.
export function composedTitles(): void {
  const NFC = 'Café 한글';
  const NFD = NFC.normalize('NFD');

  let app: TestApp;
  const act = (name: string, input: object, selection = '') =>
    mutate(app, name, input, selection, app.token());
  const ask = async (document: string, variables: object) =>
    (await app.graphql(document, variables)).data.list.nodes;

  const script = (title: string) => ({ title, interpreter: '/bin/sh', code: 'true' });
  const profile = (title: string) => ({
    title,
    scriptId: '31',
    username: 'root',
    timeLimit: 60,
    trigger: { event: { eventType: 'POST_ENROLLMENT' } },
  });
  const role = (name: string) => ({ name });

  beforeAll(async () => {
    app = await sharedApp();
    await act('createScript', script(NFC));
    await act('createScriptProfile', profile(NFD));
    await act('createRole', role(NFC));
    await act('enrolComputer', { hostname: 'web-1', title: NFD });
  });

  describe('two spellings of a title count as one', () => {
    test.each<[string, (title: string) => object]>([
      ['createScript', script],
      ['createScriptProfile', profile],
      ['createRole', role],
    ])('for uniqueness in %s', async (name, input) => {
      for (const title of [NFC, NFD])
        expect((await act(name, input(title))).userErrors).toMatchObject([{ code: 'TITLE_TAKEN' }]);
    });

    test.each<[string, string, (title: string) => object]>([
      ['scripts', 'ScriptFilter', (search) => ({ search })],
      ['scriptProfiles', 'ScriptProfileFilter', (search) => ({ search: search.toUpperCase() })],
      ['scriptProfiles', 'ScriptProfileFilter', (title) => ({ titles: [title] })],
      ['computers', 'ComputerFilter', (search) => ({ search, status: 'PENDING' })],
      ['computers', 'ComputerFilter', (title) => ({ query: `title:"${title}"`, status: 'PENDING' })],
      ['computers', 'ComputerFilter', (title) => ({ query: `"${title}"`, status: 'PENDING' })],
    ])('for a search among %s', async (list, type, filter) => {
      const document = `query ($filter: ${type}!) { list: ${list}(filter: $filter) { nodes { title } } }`;
      for (const title of [NFC, NFD])
        expect(await ask(document, { filter: filter(title) })).toEqual([{ title: NFC }]);
    });

    test('for an edit, which then changes nothing', async () => {
      const [{ id, version }] = await ask(
        'query { list: scriptProfiles(filter: { search: "caf" }) { nodes { id version } } }',
        {},
      );
      for (const title of [NFC, NFD]) {
        const done = await act('updateScriptProfile', { id, title }, 'scriptProfile { title version }');
        expect(done).toEqual({ userErrors: [], scriptProfile: { title: NFC, version } });
      }
    });
  });

  test('a title that was stored in another spelling, next to its composed twin, may be sent back', async () => {
    const twin = 'Zoe\u0308';
    const { script: made } = await act('createScript', script('Zoë'), 'script { databaseId }');
    const { script: other } = await act('createScript', script('x'), 'script { databaseId }');
    await app.database.prisma.script.updateMany({ where: { id: other.databaseId }, data: { title: twin } });
    const done = await act(
      'updateScript',
      { id: String(other.databaseId), title: twin, timeLimit: 7 },
      'script { title timeLimit }',
    );
    expect(done).toEqual({ userErrors: [], script: { title: twin, timeLimit: 7 } });
    expect(made.databaseId).not.toBe(other.databaseId);
  });
}
