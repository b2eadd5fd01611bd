import { beforeAll, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { sql } from '../../src/database/sql.ts';
import { endingEarly } from '../../src/graphql/common/connection.ts';
import type { GraphContext } from '../../src/graphql/context.ts';
import { Answer, MAX_ANSWER_BYTES } from '../../src/graphql/execution/answer.ts';
import { createStore } from '../../src/repositories/store.ts';
import type { TestApp } from '../support/app.ts';
import { NOW } from '../support/builders.ts';
import { anAccount, aRun, insert, type TestAccount } from '../support/rows.ts';
import { sharedApp } from '../support/shared-app.ts';

// All callers share the server's memory, so long texts are measured before they are fetched.
export function longTexts(): void {
  const KIB = 1024;
  const EXECUTIONS = 80;
  const RUN = 10_000;
  const TEXT = `é${'x'.repeat(512 * KIB - 2)}`;

  let app: TestApp;
  let account: TestAccount;
  let token: string;

  beforeAll(async () => {
    app = await sharedApp({ seed: 'none' });
    const { prisma } = app.database;
    account = await anAccount(prisma);
    token = app.token('jane@example.com', 'acme');
    await insert(prisma, 'script', account, [{ id: 1 }]);
    await insert(prisma, 'script_profile', account, [{ id: 1, scriptId: 1 }]);
    await insert(prisma, 'computer', account, [{ id: 1 }]);
    const executions = Array.from({ length: EXECUTIONS }, () => ({ computerId: 1, status: 'failed' }));
    await insert(prisma, 'activity', account, aRun(RUN, 1, executions));
    // 40 MiB of results, 38 MB of code and 35 MiB of changes.
    await prisma.$executeRaw(
      sql`update activity set result_text = 'é' || repeat('x', ${512 * KIB - 2}::int) where parent_id = ${RUN}::bigint`,
    );
    await prisma.$executeRaw(sql`
    insert into script_version (account_id, script_id, number, title, interpreter, code, created_at)
    select ${account.id}::bigint, 1, number, 'A', '/bin/sh', repeat('y', 128000), ${NOW}::timestamptz
    from generate_series(2, 301) number`);
    await prisma.$executeRaw(sql`
    insert into event (account_id, id, action, created_at, changes)
    select ${account.id}::bigint, id, 'SCRIPT_EDITED', ${NOW}::timestamptz,
      json_build_object('tags', json_build_object('from', null, 'to', repeat('z', ${512 * KIB}::int)))
    from generate_series(1, 70) id`);
  });

  const ask = (document: string) => app.graphql(document, {}, token);

  test.each([
    ['results', '{ activities(first: 80) { nodes { TEXT } } }', 'resultText'],
    [
      'results of a run’s executions',
      `{ activity(id: "${RUN}") { children(first: 100) { nodes { TEXT } } } }`,
      'resultText',
    ],
    ['versions', '{ script(id: "1") { versions(first: 300) { nodes { TEXT } } } }', 'code'],
    ['changes of events', '{ events(first: 100) { nodes { TEXT } } }', 'changes { to }'],
  ])(
    'an answer whose %s exceed 32 MiB is refused as a whole, and fetches none of them',
    async (_, document, text) => {
      const without = await app.statements(() => ask(document.replace('TEXT', '__typename')));
      const statements = await app.statements(async () => {
        const { status, data, errors } = await ask(document.replace('TEXT', text));
        expect({ status, data }).toEqual({ status: 400, data: null });
        expect(errors).toEqual([
          expect.objectContaining({
            message: expect.stringContaining('at most 32 MiB'),
            extensions: expect.objectContaining({ code: 'QUERY_TOO_COMPLEX', field: 'answer' }),
          }),
        ]);
      });
      expect(statements).toBe(without);
    },
  );

  test('a text that many items share counts as often as it is sent', async () => {
    const many = Array.from({ length: 40 }, (_, index) => `a${index}: nodes { resultText }`).join(' ');
    const { data, errors } = await ask(`{ activities(first: 2, offset: 1) { ${many} } }`);
    expect(data).toBeNull();
    expect(errors?.map(({ extensions }) => extensions.code)).toEqual(['QUERY_TOO_COMPLEX']);
  });

  test('the prefix of a text is cut between characters, and the length of the whole is in bytes', async () => {
    const { data } = await ask(`{ activities(first: 1) {
    nodes { none: resultText(first: 0) half: resultText(first: 1) one: resultText(first: 2) two: resultText(first: 3)
      whole: resultText(first: 1000000) resultText resultTextLength } } }`);
    expect(data.activities.nodes[0]).toEqual({
      none: '',
      half: '',
      one: 'é',
      two: 'éx',
      whole: TEXT,
      resultText: TEXT,
      resultTextLength: 512 * KIB,
    });
  });

  test('an activity without a text has neither a prefix nor a length', async () => {
    const { data } = await ask(`{ activity(id: "${RUN}") { resultText(first: 5) resultTextLength } }`);
    expect(data.activity).toEqual({ resultText: null, resultTextLength: null });
  });

  test('a prefix of negative length is refused', async () => {
    const { errors } = await ask('{ activities(first: 1) { nodes { resultText(first: -1) } } }');
    expect(errors?.[0].extensions).toMatchObject({ code: 'INVALID_INPUT', field: 'first' });
  });

  test('the prefixes of all texts fit into an answer that the texts do not fit into', async () => {
    const { data } = await ask('{ activities(first: 80) { nodes { resultText(first: 100) } } }');
    expect(data.activities.nodes).toHaveLength(80);
  });

  test('a page of the legacy API ends early at 16 MiB of texts, and `next` leads to all of them', async () => {
    const headers = { authorization: `Bearer ${token}` };
    const lengths: number[] = [];
    const seen: number[] = [];
    for (let path = '/activities?limit=1000'; path; ) {
      const { status, body } = await app.rest('GET', path, undefined, headers);
      expect({ status, count: body.count }).toEqual({ status: 200, count: EXECUTIONS + 1 });
      lengths.push(body.results.length);
      for (const { id, result_text } of body.results) {
        seen.push(id);
        if (id !== RUN) expect(result_text).toBe(TEXT);
      }
      path = body.next?.replace('/api/v2', '');
    }
    expect(lengths.slice(0, 2)).toEqual([32, 32]);
    expect(seen).toEqual(Array.from({ length: EXECUTIONS + 1 }, (_, index) => RUN + EXECUTIONS - index));
  });

  test('so does a page of versions', async () => {
    const headers = { authorization: `Bearer ${token}` };
    const { body } = await app.rest('GET', '/scripts/1/versions?offset=1', undefined, headers);
    const { length } = body.results;
    expect(body).toMatchObject({ count: 301, next: `/api/v2/scripts/1/versions?offset=${1 + length}` });
    expect(length).toBe(Math.floor((16 * KIB * KIB) / 128_000));
  });

  test('a page that ends early is the longest prefix whose texts fit, and has at least one item', () => {
    const sizes = fc.array(fc.option(fc.nat(100)), { minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(sizes, fc.nat(500), (rows, largestTexts) => {
        const slice = { rows, hasNext: false, hasPrevious: false };
        const { rows: page, hasNext } = endingEarly(slice, (size) => size, { largestTexts } as GraphContext);
        const sum = (some: readonly (number | null)[]) =>
          some.reduce<number>((all, size) => all + (size ?? 0), 0);
        expect(page).toEqual(rows.slice(0, page.length));
        expect(page.length === 1 || sum(page) <= largestTexts).toBe(true);
        expect(page.length === rows.length || sum(rows.slice(0, page.length + 1)) > largestTexts).toBe(true);
        expect(hasNext).toBe(page.length < rows.length);
      }),
    );
  });

  test('a computer receives its oldest executions with up to 16 MiB of code, and the others after it has reported these', async () => {
    const { prisma } = app.database;
    const taken = () => createStore(prisma).read.executions.taken(account.id, 2);
    const fitting = Math.floor((16 * KIB * KIB) / 128_000);
    const ids = Array.from({ length: fitting + 5 }, (_, index) => 20_001 + index);
    await insert(prisma, 'computer', account, [{ id: 2 }]);
    const execution = { computerId: 2, status: 'delivered', deliveryTime: NOW, scriptVersion: 2 };
    await insert(
      prisma,
      'activity',
      account,
      aRun(
        20_000,
        1,
        ids.map(() => execution),
      ),
    );
    expect((await taken()).map(({ id }) => id)).toEqual(ids.slice(0, fitting));

    await prisma.$executeRaw(
      sql`update activity set reported_at = creation_time where account_id = ${account.id}::bigint and id <= 20010`,
    );
    expect((await taken()).map(({ id }) => id)).toEqual(ids.slice(10));
  });

  test('the size of an answer includes escaped characters', () => {
    const answer = new Answer();
    const text = '\u0001'.repeat(MAX_ANSWER_BYTES / 8);
    expect(() => answer.addValue(text)).not.toThrow();
    expect(() => answer.addValue(text)).toThrow(expect.objectContaining({ name: 'GraphQLError' }));
  });
}
