import { beforeAll, describe, expect, test } from '@jest/globals';
import { PAGE_NOW, type TestApp } from '../support/app.ts';
import { tableMarks } from '../support/rows.ts';
import { sharedApp } from '../support/shared-app.ts';
import { Apis } from './apis.ts';
import { type Api, EVENT, ONE_TIME, type Refused, refusedFields, valid, wire } from './refusals.ts';
import { refusedActs } from './refused-acts.ts';
import { refusedTriggers } from './refused-triggers.ts';

export function bothApis(): void {
  let app: TestApp;
  let apis: Apis;
  let tokens: string[];

  beforeAll(async () => {
    app = await sharedApp();
    await app.addAccount('other', 'jane@example.com');
    tokens = [app.token(), app.token('jane@example.com', 'other')];
    apis = new Apis(app, await furnish());
  });

  /** Creates the objects that the acts need, and returns their ids by the names in the acts. */
  async function furnish() {
    const mutate = async (name: string, input: object, result: string, token?: string) => {
      const type = `${name[0]!.toUpperCase()}${name.slice(1)}Input`;
      const query = `mutation ($input: ${type}!) { done: ${name}(input: $input) { ${result} userErrors { message } } }`;
      const { data } = await app.graphql(query, { input }, token);
      expect(data.done.userErrors).toEqual([]);
      return data.done;
    };
    const makeScript = async (title: string, token?: string): Promise<{ id: string; databaseId: number }> => {
      const input = { title, interpreter: '/bin/sh', code: 'true' };
      return (await mutate('createScript', input, 'script { id databaseId }', token)).script;
    };
    const makeProfile = async (input: object, token?: string): Promise<{ id: string; databaseId: number }> =>
      (await mutate('createScriptProfile', input, 'scriptProfile { id databaseId }', token)).scriptProfile;

    const archivedScript = (await makeScript('Archived')).databaseId;
    await mutate('archiveScript', { id: archivedScript }, '');
    const redactedScript = (await makeScript('Redacted')).databaseId;
    await mutate('redactScript', { id: redactedScript }, '');

    const common = { username: 'root', timeLimit: 60, trigger: { recurring: { interval: '0 0 * * *' } } };
    const recurring = { recurring: { interval: '0 0 * * *', startAfter: '2030-01-01T00:00' } };
    const input = { ...common, trigger: recurring, scriptId: 35 };
    const archived = await makeProfile({ ...input, title: 'Once upon a time' });
    await mutate('archiveScriptProfile', { id: archived.databaseId }, '');
    const small = await makeProfile({ ...input, title: 'Small' });

    const foreignScript = await makeScript('Theirs', tokens[1]);
    const foreign = { ...input, scriptId: foreignScript.databaseId, title: 'Theirs' };
    const { data } = await app.graphql(
      '{ computers(first: 1) { nodes { id } } script(id: 35) { id } scriptProfile(id: 5) { id } }',
    );
    await mutate('retagComputers', { ids: [1, 2, 3], add: ['web'] }, '');
    return {
      archivedScript,
      redactedScript,
      archivedProfile: archived.databaseId,
      small: small.databaseId,
      foreignScript: foreignScript.databaseId,
      foreignProfile: (await makeProfile(foreign, tokens[1])).databaseId,
      globalIdOfComputer: data.computers.nodes[0].id,
      globalIdOfScript: data.script.id,
      globalIdOfProfile: data.scriptProfile.id,
    };
  }

  const rows = [...refusedFields, ...refusedTriggers, ...refusedActs];
  const pathOn = (api: Api, { field }: Refused): string | null => {
    if (field === null || typeof field !== 'string') return field?.[api === 'rest' ? 0 : 1] ?? null;
    return api === 'rest' ? field : field.replace(/_([a-z])/g, (_all, letter) => letter.toUpperCase());
  };

  const setLimits = (limits: object) =>
    app.graphql(
      'mutation ($input: UpdateLimitsInput!) { updateLimits(input: $input) { userErrors { code } } }',
      {
        input: limits,
      },
    );

  test('the comparison of the tables detects a row that is inserted, updated or deleted', async () => {
    const { prisma } = app.database;
    const marks = [await tableMarks(app.database)];
    const acts = [
      () =>
        prisma.$executeRawUnsafe("INSERT INTO account (name, title, created_at) VALUES ('a', 'A', now())"),
      () => prisma.$executeRawUnsafe("UPDATE account SET title = 'B' WHERE name = 'a'"),
      () => prisma.$executeRawUnsafe("DELETE FROM account WHERE name = 'a'"),
    ];
    for (const act of acts) {
      await act();
      const mark = await tableMarks(app.database);
      expect(mark).not.toEqual(marks.at(-1));
      marks.push(mark);
    }
    expect(await tableMarks(app.database)).toEqual(marks.at(-1));
  });

  describe('an act that breaks a rule is refused by both APIs for the same reason, and changes nothing', () => {
    test.each(rows)('$name: $code', async (row) => {
      if (row.limits) await setLimits(row.limits);
      const before = await tableMarks(app.database);

      const said: string[] = [];
      for (const api of row.only ? [row.only] : (['graph', 'rest'] as const)) {
        const outcome = await apis.act(api, row.act);
        const [status, error] = wire[row.code];
        expect({ api, ...outcome }).toMatchObject({
          error: api === 'rest' ? error : row.code,
          field: pathOn(api, row),
          ...(row.found && { found: row.found }),
        });
        if (api === 'rest') expect(outcome.status).toBe(status);
        if (row.field !== null && row.code !== 'NOT_FOUND') expect(outcome.allowed).toMatch(/\w/);
        expect(outcome.found).toEqual(expect.any(String));
        expect(outcome.message).toMatch(/^([A-Z]|\S+ must be ).*\.$/s);
        expect(outcome.message).not.toMatch(/undefined|\[object|NaN/);
        if (row.says) expect(outcome.message).toMatch(row.says);
        // Each API uses its own name of the field.
        said.push(outcome.message!.replace(/^\S+(?= must be )/, row.name));
      }
      if (!row.ownWords) expect(new Set(said).size).toBe(1);
      expect(await tableMarks(app.database)).toEqual(before);
      if (row.limits) await setLimits({ maxNumComputers: 5000, maxNumProfiles: 10 });
    });
  });

  describe('a trigger of two kinds, or of none, in the text of the document', () => {
    const input = 'title: "A new profile", scriptId: 35, username: "root", timeLimit: 60';
    const event = 'event: { eventType: POST_ENROLLMENT }';
    const oneTime = 'oneTime: { timestamp: "2030-01-01T00:00:00Z" }';
    test.each([
      ['two kinds', `{ ${event}, ${oneTime} }`],
      ['two kinds, one of them null', `{ ${event}, oneTime: null }`],
      ['none', '{}'],
      ['null', '{ event: null }'],
      ['an unknown kind', '{ hourly: {} }'],
    ])(
      '%s: the document is refused for a creation and an update, and changes nothing',
      async (_what, trigger) => {
        const before = await tableMarks(app.database);
        for (const act of [
          `createScriptProfile(input: { ${input}, trigger: ${trigger} })`,
          `updateScriptProfile(input: { id: ${EVENT}, trigger: ${trigger} })`,
          `updateScriptProfile(input: { id: ${ONE_TIME}, trigger: ${trigger} })`,
        ]) {
          const { status, error, message } = await apis.send(
            `mutation { done: ${act} { userErrors { code } } }`,
          );
          expect([status, error]).toEqual([400, 'GRAPHQL_VALIDATION_FAILED']);
          expect(message).toMatch(/event|TriggerInput/i);
        }
        expect(await tableMarks(app.database)).toEqual(before);
      },
    );

    test('two kinds in variables: the request is refused, and changes nothing', async () => {
      const before = await tableMarks(app.database);
      const query = `mutation ($event: EventTriggerInput!, $oneTime: OneTimeTriggerInput!) {
      done: createScriptProfile(input: { ${input}, trigger: { event: $event, oneTime: $oneTime } }) {
        userErrors { code }
      }
    }`;
      const variables = { event: { eventType: 'POST_ENROLLMENT' }, oneTime: { timestamp: PAGE_NOW } };
      expect(await apis.send(query, variables)).toMatchObject({
        status: 400,
        error: 'GRAPHQL_VALIDATION_FAILED',
      });
      expect(await tableMarks(app.database)).toEqual(before);
    });
  });

  test('if several fields are invalid, the graph names all and REST names the first, in the same order', async () => {
    const act = { create: { ...valid, title: ' ', username: 'a:b', time_limit: 0, tags: ['-'] } };
    const graph = await apis.act('graph', act);
    expect([graph.field, ...graph.others]).toEqual(['title', 'username', 'timeLimit', 'tags.0']);
    expect((await apis.act('rest', act)).field).toBe('title');
  });

  describe('with ten profiles that are not archived', () => {
    test('both APIs refuse the eleventh, and archiving one makes room for exactly one', async () => {
      const create = (api: Api, title: string) => apis.act(api, { create: { ...valid, title } });
      for (const number of [5, 6, 7, 8, 9, 10]) {
        expect(await create(number % 2 ? 'rest' : 'graph', `Number ${number}`)).not.toHaveProperty('message');
      }
      expect((await create('rest', 'Number 11')).error).toBe('ScriptProfileLimit');
      expect((await create('graph', 'Number 11')).error).toBe('PROFILE_LIMIT');

      expect(await apis.act('rest', { archive: EVENT })).toEqual({ status: 204, others: [] });
      expect(await create('graph', 'Number 11')).not.toHaveProperty('message');
      expect((await create('rest', 'Number 12')).error).toBe('ScriptProfileLimit');
    });
  });
}
