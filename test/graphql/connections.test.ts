import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { startApp, type TestApp } from '../support/app.ts';
import { at } from '../support/builders.ts';
import { anAccount, insert, type TestAccount } from '../support/rows.ts';
import { documentOf, type Keys, type List, lists, pagesOf } from './lists.ts';

let app: TestApp;
beforeAll(async () => {
  app = await startApp({ seed: 'none' });
});
afterAll(() => app.close());

const cases = lists.flatMap((list) =>
  Object.entries(list.orders).map(([field, column]) => ({ name: list.name, list, field, column })),
);

// Includes equal times, and times that differ only in the last digit.
const times = fc.constantFrom(
  ...['09:59:59.999999', '10:00', '10:00:00.000001', '10:00:00.000002', '10:00:00.000010', '10:00:01'].map(
    (time) => at(`2025-04-10T${time}`),
  ),
);
const mayBeNull = fc.option(times, { freq: 2 });
const keys = fc.record({
  made: times,
  edited: times,
  next: mayBeNull,
  last: mayBeNull,
  title: fc.constantFrom('a', 'b', 'c'),
});
type Unnumbered = Omit<Keys, 'id'>;
const directions = fc.constantFrom('ASC', 'DESC');

const FIRST_ID = 1001;
const numbered = (rows: readonly Unnumbered[]): Keys[] =>
  // Ids are not in the order of insertion, so that no list is sorted by chance.
  rows.map((row, index) => ({ ...row, id: FIRST_ID + ((index * 7) % 11) + 11 * Math.floor(index / 11) }));

interface Page {
  readonly edges: readonly { readonly cursor: string; readonly node: { readonly databaseId: number } }[];
  readonly pageInfo: {
    readonly hasNextPage: boolean;
    readonly hasPreviousPage: boolean;
    readonly startCursor: string | null;
    readonly endCursor: string | null;
  };
}

const SELECTION = `{
  edges { cursor node { databaseId } } nodes { databaseId }
  pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
}`;

interface Request {
  readonly first?: number;
  readonly last?: number;
  readonly after?: string | null;
  readonly before?: string | null;
  readonly offset?: number;
}

let accounts = 0;

/** Creates an account with these rows in a list. */
async function filled(list: List, rows: readonly Keys[]) {
  const account: TestAccount = await anAccount(app.database.prisma, `account ${accounts++}`);
  const token = app.token(account.caller.email, account.name);
  await list.before?.(app, account);
  await insert(app.database.prisma, list.table, account, rows.map(list.row));
  /** Loads the pages with one request, because round trips dominate the time of this file. */
  const pages = async (order: string, requests: readonly Request[]): Promise<Page[]> => {
    const asked = requests.map((request, index): [string, string] => {
      const args = Object.entries(request).filter(([, value]) => value != null);
      return [
        `page${index}`,
        [order, ...args.map(([name, value]) => `${name}: ${JSON.stringify(value)}`)].join(', '),
      ];
    });
    const answer = await app.graphql(documentOf(list, Object.fromEntries(asked), SELECTION), {}, token);
    expect(answer.errors).toBeUndefined();
    const found = pagesOf(answer.data);
    return asked.map(([name]) => {
      const page = found[name];
      expect(page.nodes).toEqual(page.edges.map(({ node }: Page['edges'][0]) => node));
      expect(page.pageInfo.startCursor).toBe(page.edges[0]?.cursor ?? null);
      expect(page.pageInfo.endCursor).toBe(page.edges.at(-1)?.cursor ?? null);
      return page;
    });
  };
  return {
    pages,
    page: async (order: string, request: Request) => (await pages(order, [request]))[0]!,
    insert: (row: Keys) => insert(app.database.prisma, list.table, account, [list.row(row)]),
    remove: (id: number) =>
      // The event log rejects deletions, except for those by retention.
      app.database.prisma.$executeRawUnsafe(`do $$ begin
        perform set_config('script_profiles.event_retention', 'on', true);
        delete from ${list.table} where account_id = ${account.id} and id = ${id};
      end $$`),
  };
}

const idsOf = ({ edges }: Page) => edges.map(({ node }) => node.databaseId);

/** The expected order: by the column, then by id. Rows without a value come last. */
function sorted(list: List, column: string, direction: string, rows: readonly Keys[]): Keys[] {
  const compare = (a: unknown, b: unknown) => ((a as string) < (b as string) ? -1 : a === b ? 0 : 1);
  const way = direction === 'ASC' ? 1 : -1;
  const keyOf = (row: Keys) => list.row(row)[column] ?? null;
  return [...rows].sort(
    (a, b) =>
      compare(keyOf(a) === null, keyOf(b) === null) ||
      way * (compare(keyOf(a), keyOf(b)) || compare(a.id, b.id)),
  );
}

describe.each(cases)('$name by $field', ({ list, field, column }) => {
  const order = (direction: string) => `orderBy: { field: ${field}, direction: ${direction} }`;

  test('any window between any cursors, from either end, equals the rule’s result', async () => {
    const window = fc.record(
      {
        size: fc.integer({ min: 0, max: 6 }),
        fromEnd: fc.boolean(),
        after: fc.nat(11),
        before: fc.nat(11),
        offset: fc.nat(4),
      },
      { requiredKeys: ['size', 'fromEnd'] },
    );
    await fc.assert(
      fc.asyncProperty(
        fc.array(keys, { minLength: 1, maxLength: 12 }),
        directions,
        fc.array(window, { minLength: 3, maxLength: 5 }),
        async (some, direction, windows) => {
          const rows = sorted(list, column, direction, numbered(some));
          const { page, pages } = await filled(list, rows);
          const { edges } = await page(order(direction), {});
          expect(edges.map(({ node }) => node.databaseId)).toEqual(rows.map(({ id }) => id));

          const expected = windows.map(({ size, fromEnd, after, before, offset }) => {
            const request = {
              [fromEnd ? 'last' : 'first']: size,
              after: after === undefined ? null : edges[after]?.cursor,
              before: before === undefined ? null : edges[before]?.cursor,
              offset: fromEnd ? undefined : offset,
            };
            const between = rows.slice(
              request.after ? after! + 1 : 0,
              request.before ? before! : rows.length,
            );
            const skipped = request.offset ?? 0;
            const start = fromEnd ? Math.max(0, between.length - size) : skipped;
            const end = fromEnd ? between.length : skipped + size;
            return {
              request,
              ids: between.slice(start, end).map(({ id }) => id),
              hasNextPage: !!request.before || end < between.length,
              hasPreviousPage: !!request.after || start > 0,
            };
          });
          const answers = await pages(
            order(direction),
            expected.map(({ request }) => request),
          );
          expect(
            answers.map((answer, index) => ({
              request: expected[index]!.request,
              ids: idsOf(answer),
              hasNextPage: answer.pageInfo.hasNextPage,
              hasPreviousPage: answer.pageInfo.hasPreviousPage,
            })),
          ).toEqual(expected);
        },
      ),
      { numRuns: 6 },
    );
  });

  test('paging visits every row once and in order, forward and backward, while rows are added and removed', async () => {
    const step = fc.record({
      size: fc.integer({ min: 1, max: 4 }),
      meanwhile: fc.oneof(
        fc.record({ add: keys }),
        fc.record({ remove: fc.nat(20) }),
        fc.constant({ nothing: true }),
      ),
    });
    await fc.assert(
      fc.asyncProperty(
        fc.array(keys, { minLength: 4, maxLength: 10 }),
        directions,
        fc.boolean(),
        fc.array(step, { minLength: 1, maxLength: 8 }),
        async (some, direction, forward, steps) => {
          const ever = numbered(some);
          const removed = new Set<number>();
          const { page, ...rows } = await filled(list, ever);
          const there = () => ever.filter(({ id }) => !removed.has(id));
          const always = new Set(ever.map(({ id }) => id));
          const visited: number[] = [];
          let cursor: string | null = null;
          for (let turn = 0; turn < 40; turn += 1) {
            const { size, meanwhile } = steps[turn % steps.length]!;
            const answer: Page = await page(
              order(direction),
              forward ? { first: size, after: cursor } : { last: size, before: cursor },
            );
            visited.push(...(forward ? idsOf(answer) : idsOf(answer).reverse()));
            const { hasNextPage, hasPreviousPage, endCursor, startCursor } = answer.pageInfo;
            if (!(forward ? hasNextPage : hasPreviousPage)) break;
            cursor = (forward ? endCursor : startCursor) ?? cursor;

            if ('add' in meanwhile && ever.length < 20) {
              const row = { ...meanwhile.add, id: FIRST_ID + 100 - ever.length };
              ever.push(row);
              await rows.insert(row);
            } else if ('remove' in meanwhile && there().length > 1) {
              const { id } = there()[meanwhile.remove % there().length]!;
              removed.add(id);
              always.delete(id);
              await rows.remove(id);
            }
          }
          const inOrder = sorted(list, column, direction, ever).map(({ id }) => id);
          if (!forward) inOrder.reverse();
          expect(visited).toEqual(inOrder.filter((id) => visited.includes(id)));
          expect(visited).toEqual(expect.arrayContaining([...always]));
        },
      ),
      { numRuns: 6 },
    );
  });
});
