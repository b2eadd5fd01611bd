import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Database } from '../../src/database/database.ts';
import type { Caller } from '../../src/domain/accounts/access.ts';
import { Refusal } from '../../src/domain/errors.ts';
import { firstRows } from '../../src/domain/page.ts';
import { createStore } from '../../src/repositories/store.ts';
import { createServices, type Services } from '../../src/services/index.ts';
import { freshDatabase } from '../support/database.ts';
import { anAccount } from '../support/rows.ts';

export function permissionFirst(): void {
  let database: Database;
  let services: Services;
  let caller: Caller;
  beforeAll(async () => {
    database = await freshDatabase();
    services = createServices(createStore(database.prisma));
    ({ caller } = await anAccount(database.prisma, 'one'));
  });
  afterAll(() => database?.close());

  const window = firstRows(10);
  const inOrder = <Field extends string>(field: Field) => ({
    window,
    order: { field, direction: 'ASC' as const },
  });

  /** The query has an error at its end, so it is reported only if the whole query was parsed. */
  const filter = { query: `${'id:1 '.repeat(900)}"` };

  test.each<[string, (caller: Caller) => Promise<unknown>]>([
    ['list computers', (by) => services.computers.page(by, { filter, ...inOrder('ID') })],
    ['count computers', (by) => services.computers.count(by, filter)],
    ['list activities', (by) => services.activities.page(by, { filter, ...inOrder('CREATION_TIME') })],
    ['count activities', (by) => services.activities.count(by, filter)],
    ['cancel activities', (by) => services.activities.cancelAll(by, filter.query)],
  ])('a search query is parsed only for a caller who may %s', async (_what, ask) => {
    const codeFor = async (by: Caller) => {
      try {
        return await ask(by);
      } catch (error) {
        return error instanceof Refusal ? error.code : error;
      }
    };
    expect(await codeFor(caller)).toBe('INVALID_INPUT');
    expect(await codeFor({ ...caller, grants: {} })).toBe('FORBIDDEN');
  });
}
