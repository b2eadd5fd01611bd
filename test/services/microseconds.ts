import { afterAll, beforeAll, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Instant } from '../../src/domain/time.ts';
import { startApp, type TestApp } from '../support/app.ts';
import { at } from '../support/builders.ts';
import { anAccount, insert, type TestAccount } from '../support/rows.ts';
import { thorough } from '../support/seed.ts';

export function microseconds(): void {
  // A JavaScript Date holds milliseconds, and so do the times of the gateway. Stored times of creation and edit with
  // six decimals must keep them all, from the column to both APIs and in cursors.

  let app: TestApp;
  let account: TestAccount;
  let now: Instant;
  beforeAll(async () => {
    now = at('2025-04-10T12:00');
    app = await startApp({ seed: 'none', now: () => now });
    account = await anAccount(app.database.prisma);
    await insert(app.database.prisma, 'script', account, [{ id: 1000 }]);
  });
  afterAll(() => app.close());

  const token = () => app.token('jane@example.com', 'acme');
  const graph = async (document: string) => {
    const { data, errors } = await app.graphql(document, {}, token());
    expect(errors).toBeUndefined();
    return data;
  };
  const rest = (method: string, path: string, body?: object) =>
    app.rest(method, path, body, { authorization: `Bearer ${token()}`, 'content-type': 'application/json' });

  /** The columns as the database prints them. */
  async function columns(id: number): Promise<string[]> {
    const [row] = await app.database.prisma.$queryRawUnsafe<[{ times: string }]>(
      `select array_to_string(array[created_at, last_edited_at], ' ') as times from script_profile where id = ${id}`,
    );
    return row.times.split(/(?<=\+00) /);
  }

  const body = (title: string) => ({
    title,
    script_id: 1000,
    username: 'root',
    time_limit: 60,
    trigger: { trigger_type: 'recurring', interval: '0 6 * * *', start_after: '2025-04-01T00:00:00.999999Z' },
  });

  test.each([
    ['one millisecond', '001000', '.001'],
    ['almost a second', '999000', '.999'],
    ['one with trailing zeros', '250000', '.25'],
    ['whole seconds', '000000', ''],
  ])('%s of a creation and of an edit reach the column and both APIs', async (name, decimals, stored) => {
    now = `2025-04-10T12:00:30.${decimals}Z`;
    const made = (await rest('POST', '/script-profiles', body(name))).body;
    now = `2025-04-11T12:00:30.${decimals}Z`;
    await rest('PATCH', `/script-profiles/${made.id}`, { time_limit: 61 });

    expect(await columns(made.id)).toEqual([
      `2025-04-10 12:00:30${stored}+00`,
      `2025-04-11 12:00:30${stored}+00`,
    ]);
    const { body: shown } = await rest('GET', `/script-profiles/${made.id}`);
    expect([shown.created_at, shown.last_edited_at]).toEqual([
      `2025-04-10T12:00:30.${decimals}`,
      `2025-04-11T12:00:30.${decimals}`,
    ]);
    const { scriptProfile } = await graph(`{ scriptProfile(id: ${made.id}) { createdAt lastEditedAt } }`);
    const decimal = decimals === '000000' ? '' : `.${decimals}`;
    expect(scriptProfile).toEqual({
      createdAt: `2025-04-10T12:00:30${decimal}Z`,
      lastEditedAt: `2025-04-11T12:00:30${decimal}Z`,
    });
    // The times of the trigger are truncated to whole seconds, never rounded.
    expect(shown.trigger.start_after).toBe('2025-04-01T00:00:00Z');
  });

  test('a last run is stored to the microsecond, and REST truncates it instead of rounding up', async () => {
    const lastRun = '2025-04-10T12:00:30.999999Z';
    await insert(app.database.prisma, 'script_profile', account, [{ id: 2000, title: 'Ran', lastRun }]);
    const { body: shown } = await rest('GET', '/script-profiles/2000');
    expect(shown.trigger.last_run).toBe('2025-04-10T12:00:30Z');
    const { scriptProfile } = await graph(
      '{ scriptProfile(id: 2000) { trigger { ... on OneTimeTrigger { lastRun } } } }',
    );
    expect(scriptProfile.trigger.lastRun).toBe(lastRun);
  });

  let accounts = 0;

  test('rows that differ only in microseconds occur on one page each, in order', async () => {
    const decimals = fc.uniqueArray(fc.integer({ min: 0, max: 999_999 }), {
      minLength: 2,
      maxLength: 12,
      size: 'max',
    });
    const close = fc.integer({ min: 0, max: 999_980 }).chain((from) =>
      fc.uniqueArray(fc.integer({ min: from, max: from + 19 }), {
        minLength: 2,
        maxLength: 12,
        size: 'max',
      }),
    );
    await fc.assert(
      fc.asyncProperty(fc.oneof(decimals, close), fc.integer({ min: 1, max: 3 }), async (some, size) => {
        const own = await anAccount(app.database.prisma, `account ${accounts++}`, 'joe@example.com');
        const as = app.token('joe@example.com', own.name);
        const times = some.map((number) => `2025-04-10T12:00:30.${String(number).padStart(6, '0')}Z`);
        await insert(
          app.database.prisma,
          'script',
          own,
          times.map((createdAt, index) => ({ id: 1000 + index, createdAt })),
        );
        const seen: string[] = [];
        let after = '';
        do {
          const args = `first: ${size}, orderBy: { field: CREATED_AT, direction: ASC } ${after}`;
          const { data } = await app.graphql(
            `{ scripts(${args}) { nodes { createdAt } pageInfo { hasNextPage endCursor } } }`,
            {},
            as,
          );
          seen.push(...data.scripts.nodes.map((node: { createdAt: string }) => node.createdAt));
          const { hasNextPage, endCursor } = data.scripts.pageInfo;
          after = hasNextPage ? `after: "${endCursor}"` : '';
        } while (after);
        expect(seen).toEqual(times.toSorted().map((time) => time.replace('.000000Z', 'Z')));
      }),
      { numRuns: thorough(15) },
    );
  });
}
