import 'reflect-metadata';
import { expect, test } from '@jest/globals';
import { buildSchema, execute, parse } from 'graphql';
import type { GraphContext } from '../../src/graphql/context.ts';
import { Answer } from '../../src/graphql/execution/answer.ts';
import { createExecutor } from '../../src/graphql/execution/execution.ts';

// Cases that no row of the gateway causes: resolvers that fail while others are running.
export function plan(): void {
  const schema = buildSchema('type Query { parent: Parent } type Parent { late: String! failing: String! }');
  const context = { answer: new Answer() } as GraphContext;
  const document = parse('{ parent { late failing } }');

  /** A resolver that fails immediately, and one that fails on command. */
  function world() {
    let fail = (_: Error) => {};
    const late = new Promise<string>((_, reject) => {
      fail = reject;
    });
    const parent = {
      late: () => late,
      failing: () => {
        throw new Error('at once');
      },
    };
    schema.getQueryType()!.getFields().parent!.resolve = () => parent;
    return { fail };
  }

  test.each([
    ['a plan', () => createExecutor(schema)({ document, variables: {}, context })],
    ['graphql-js', async () => execute({ schema, document })],
  ])(
    '%s returns a failure after the other fields have ended, without an unhandled rejection',
    async (_, run) => {
      const { fail } = world();
      let answered = false;
      const answer = run().finally(() => {
        answered = true;
      });
      await new Promise(setImmediate);
      expect(answered).toBe(false);

      fail(new Error('late'));
      const { data, errors } = await answer;
      expect({ ...data }).toEqual({ parent: null });
      expect(errors?.map(({ message }) => message)).toEqual(['at once']);
    },
  );
}
