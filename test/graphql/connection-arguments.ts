import { beforeAll, describe, expect, test } from '@jest/globals';
import type { TestApp } from '../support/app.ts';
import { at } from '../support/builders.ts';
import { anAccount, insert, type TestAccount } from '../support/rows.ts';
import { sharedApp } from '../support/shared-app.ts';
import { documentOf, type List, lists, pagesOf } from './lists.ts';

export function connectionArguments(): void {
  let app: TestApp;
  let account: TestAccount;
  const ROWS = [1001, 1002, 1003];

  /** One account with three rows in each list, and other rows in related lists. */
  beforeAll(async () => {
    app = await sharedApp({ seed: 'none' });
    account = await anAccount(app.database.prisma);
    const { prisma } = app.database;
    const made = at('2025-04-10T10:00');
    const keys = (id: number) => ({ id, made, edited: made, next: made, last: made, title: 'a' });
    await insert(prisma, 'script', account, [{ id: 1000 }, ...ROWS.map((id) => ({ id }))]);
    await insert(prisma, 'script_profile', account, [
      { id: 1000 },
      ...ROWS.map((id) => ({ id, scriptId: 1000 })),
    ]);
    await insert(
      prisma,
      'computer',
      account,
      ROWS.map((id) => ({ id })),
    );
    await insert(prisma, 'activity', account, [{ id: 1000, scriptProfileId: 1000 }]);
    await insert(
      prisma,
      'event',
      account,
      ROWS.map((id) => ({ id })),
    );
    const children = lists.find(({ name }) => name === 'Activity.children')!;
    await insert(
      prisma,
      'activity',
      account,
      ROWS.map((id) => children.row(keys(id))),
    );
  });

  const ask = (list: List, args: string, selection: string) =>
    app.graphql(documentOf(list, { page: args }, selection), {}, app.token('jane@example.com', 'acme'));

  const pageOf = (data: unknown) => pagesOf(data).page;

  const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');

  async function cursorOf(list: List, args = 'first: 1'): Promise<string> {
    const { data } = await ask(list, args, '{ edges { cursor } }');
    return pageOf(data).edges[0].cursor;
  }

  describe.each(lists)('$name', (list) => {
    test.each([
      ['both `first` and `last`', 'first: 1, last: 1', 'last', '1'],
      ['`first` over 1,000', 'first: 1001', 'first', '1001'],
      ['`last` over 1,000', 'last: 1001', 'last', '1001'],
      ['`first` below 0', 'first: -1', 'first', '-1'],
      ['`last` below 0', 'last: -1', 'last', '-1'],
      ['`offset` below 0', 'offset: -1', 'offset', '-1'],
      ['`offset` together with `last`', 'last: 1, offset: 1', 'offset', '1'],
      ['an invalid cursor', 'first: 1, after: "garbage"', 'after', '"garbage"'],
      ['an empty cursor', 'first: 1, after: ""', 'after', '""'],
      ['an invalid cursor in `before`', 'last: 1, before: "garbage"', 'before', '"garbage"'],
    ])('refuses %s, and names the argument', async (_, args, field, found) => {
      const { status, errors } = await ask(list, args, '{ nodes { id } }');
      expect(status).toBe(200);
      expect(errors).toHaveLength(1);
      expect(errors![0].extensions).toMatchObject({ code: 'INVALID_INPUT', field, found });
      expect(errors![0].extensions.allowed).toEqual(expect.any(String));
    });

    test('refuses the cursor of another order', async () => {
      const orders = Object.keys(list.orders);
      for (const field of orders) {
        const cursors = [];
        for (const other of orders.filter((order) => order !== field))
          cursors.push(await cursorOf(list, `orderBy: { field: ${other} }, first: 1`));
        const decoded = JSON.parse(Buffer.from(await cursorOf(list), 'base64url').toString());
        cursors.push(encode(decoded.with(1, 'NONE')));
        for (const cursor of cursors) {
          const args = `orderBy: { field: ${field} }, after: "${cursor}"`;
          const { errors } = await ask(list, args, '{ nodes { id } }');
          expect(errors?.[0].extensions).toMatchObject({ code: 'INVALID_INPUT', field: 'after' });
        }
      }
    });

    test('refuses the cursor of another list, even if both have the same order', async () => {
      const kind = list.table;
      for (const other of lists.filter(({ table }) => table !== kind)) {
        const cursor = await cursorOf(other);
        const { errors } = await ask(list, `before: "${cursor}"`, '{ nodes { id } }');
        expect(errors?.[0].extensions).toMatchObject({ code: 'INVALID_INPUT', field: 'before' });
      }
    });

    test('refuses a cursor whose sort key is not a value of its column, before it reaches the database', async () => {
      for (const field of Object.keys(list.orders)) {
        const order = `orderBy: { field: ${field} }`;
        const decoded = JSON.parse(
          Buffer.from(await cursorOf(list, `${order}, first: 1`), 'base64url').toString(),
        );
        const times = ['2025-04-10T10:00:00+23:59', '2025-04-10T10:00:00,5Z', '2025-04-10T10:00'];
        const mayBeNull = field.endsWith('_RUN');
        const forged = [
          ...(mayBeNull ? [] : [null]),
          5,
          'NUL \0',
          ...(field === 'TITLE' ? [] : ['no key', 'now', '1e3', '', ...times]),
        ].map((key) => decoded.with(-2, key));
        for (const cursor of [
          ...forged,
          decoded.with(-1, 'x'),
          decoded.with(-1, 1.5),
          decoded.slice(1),
          {},
          null,
        ]) {
          const { errors } = await ask(list, `${order}, after: "${encode(cursor)}"`, '{ nodes { id } }');
          expect({ cursor, ...errors?.[0].extensions }).toMatchObject({
            cursor,
            code: 'INVALID_INPUT',
            field: 'after',
          });
        }
      }
    });

    test('with `first: 0` has no rows, but a next page and a `totalCount`', async () => {
      const { data } = await ask(
        list,
        'first: 0',
        '{ nodes { id } edges { cursor } totalCount pageInfo { hasNextPage endCursor } }',
      );
      const total = (await pageOf((await ask(list, 'first: 50', '{ nodes { id } }')).data)).nodes.length;
      expect(pageOf(data)).toEqual({
        nodes: [],
        edges: [],
        totalCount: total,
        pageInfo: { hasNextPage: true, endCursor: null },
      });
    });

    test('has the same `totalCount` on every page, at the cost of at most one statement, only if selected', async () => {
      const all = pageOf((await ask(list, 'first: 1000', '{ nodes { id } }')).data).nodes.length;
      for (const args of [
        'first: 1',
        'last: 2',
        'first: 1, offset: 1',
        'first: 1, offset: 99',
        `after: "${await cursorOf(list)}"`,
      ]) {
        const { data } = await ask(list, args, '{ totalCount }');
        expect(pageOf(data)).toEqual({ totalCount: all });
      }
      const cost = (selection: string) => app.statements(() => ask(list, 'first: 1', selection));
      const more = (await cost('{ nodes { id } totalCount }')) - (await cost('{ nodes { id } }'));
      // The count of the script profiles is loaded with their page.
      expect(more).toBe(list.name === 'scriptProfiles' ? 0 : 1);
    });
  });

  test.each([
    ['1,000 rows', 'first: 1000'],
    ['1,000 rows from the end', 'last: 1000'],
  ])('returns up to %s', async (_, args) => {
    for (const list of lists) expect((await ask(list, args, '{ nodes { id } }')).errors).toBeUndefined();
  });

  test('returns 50 rows by default', async () => {
    const rows = Array.from({ length: 60 }, (_, index) => ({ id: 2000 + index, status: 'pending' }));
    await insert(app.database.prisma, 'computer', account, rows);
    const pending = 'filter: { status: PENDING }';
    const list = lists.find(({ name }) => name === 'computers')!;
    const { data } = await ask(list, pending, '{ nodes { id } totalCount pageInfo { hasNextPage } }');
    expect(data.page.nodes).toHaveLength(50);
    expect(data.page).toMatchObject({ totalCount: 60, pageInfo: { hasNextPage: true } });
  });
}
