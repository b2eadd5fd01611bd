import { afterAll, beforeAll, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type ExecutionResult, execute, parse, validate } from 'graphql';
import type { Database } from '../../src/database/database.ts';
import { loadDemonstration } from '../../src/demo/load.ts';
import type { Caller } from '../../src/domain/accounts/access.ts';
import type { Grant } from '../../src/domain/accounts/token.ts';
import { GraphContext } from '../../src/graphql/context.ts';
import { createExecutor, type Executor } from '../../src/graphql/execution/execution.ts';
import { createSchema } from '../../src/graphql/schema.ts';
import { issuedToken } from '../../src/http/auth/tokens.ts';
import { createStore } from '../../src/repositories/store.ts';
import { createServices } from '../../src/services/index.ts';
import { PAGE_NOW } from '../support/app.ts';
import { freshDatabase } from '../support/database.ts';
import { thorough } from '../support/seed.ts';
import { type AnyQuery, anyQuery } from './any-query.ts';

// A plan returns the same answer as graphql-js, which follows the specification.
export function execution(): void {
  const schema = createSchema();
  const planned = createExecutor(schema);
  const reference: Executor = async ({ document, variables, context }) =>
    execute({ schema, document, variableValues: variables, contextValue: context });

  let database: Database;
  let services: ReturnType<typeof createServices>;
  let caller: Caller;
  beforeAll(async () => {
    database = await freshDatabase();
    await loadDemonstration(database.prisma, 'demo', { now: PAGE_NOW, passwordHash: null });
    services = createServices(createStore(database.prisma, async () => PAGE_NOW));
    caller = (await services.people.caller('standalone', 'john@example.com'))!;
  });
  afterAll(() => database?.close());

  async function answer(execute: Executor, { text, variables }: AnyQuery) {
    const origin = { address: '127.0.0.1', requestId: 'r' };
    const issueToken = (grant: Grant) =>
      issuedToken(grant, { secret: 'a secret of this test, thirty-two bytes long' });
    const passwordPage = () => '';
    const principal = { kind: 'person', caller } as const;
    const context = new GraphContext({ principal, services, origin, issueToken, passwordPage });
    return resultOf(await execute({ document: parse(text), variables, context }));
  }

  /**
   * Compares answers as text, because the order of keys matters. The order of errors does not. If an error nulls a
   * parent, other errors below may occur first, and the specification allows any of them. So only the nulled path
   * counts.
   */
  function resultOf({ data, errors = [] }: ExecutionResult) {
    const lines = errors.map((error) => {
      const { message, locations, extensions, path = [] } = error.toJSON();
      const nulledAt = nulled(data, path);
      return JSON.stringify(
        nulledAt.length < path.length ? { nulledAt } : { nulledAt, message, locations, extensions },
      );
    });
    return { data: JSON.stringify(data), errors: [...new Set(lines)].sort() };
  }

  /** The part of the path that leads to the first null. */
  function nulled(data: unknown, path: readonly (string | number)[]): readonly (string | number)[] {
    let at = data as Record<string | number, unknown> | null | undefined;
    const end = path.findIndex((key) => {
      at = at?.[key] as typeof at;
      return at == null;
    });
    return path.slice(0, end + 1);
  }

  test('a plan returns the same answer as graphql-js, for any query', async () => {
    const numRuns = thorough(150);
    let asked = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.nat(10_000), { minLength: 60, maxLength: 400, size: 'max' }),
        async (tape) => {
          const query = anyQuery(schema, tape);
          fc.pre(validate(schema, parse(query.text)).length === 0);
          asked += 1;
          const { data, errors } = await answer(reference, query);
          expect({ query, ...(await answer(planned, query)) }).toEqual({ query, data, errors });
        },
      ),
      // Shrinking a query takes thousands of executions, which is seldom worth the time.
      { numRuns, endOnFailure: true },
    );
    expect(asked).toBeGreaterThanOrEqual(numRuns);
  });
}
