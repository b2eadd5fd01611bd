import 'reflect-metadata';
import { ApolloServer } from '@apollo/server';
import { ApolloServerPluginCacheControlDisabled } from '@apollo/server/plugin/disabled';
import { expect, test } from '@jest/globals';
import { buildSchema, GraphQLError } from 'graphql';
import type { GraphContext } from '../../src/graphql/context.ts';
import { Answer } from '../../src/graphql/execution/answer.ts';
import { executedBy } from '../../src/graphql/execution/apollo-execution.ts';
import { createExecutor, type Executor } from '../../src/graphql/execution/execution.ts';

export function apolloExecution(): void {
  const schema = buildSchema(`
  type Query { ok: Boolean }
  type Mutation { count(times: Int!): Int, refuse: Int }`);

  /** A server that counts its executions and mutations. With `failing`, the executor rejects, which it never should. */
  function serving({ failing = false } = {}) {
    let executed = 0;
    let counted = 0;
    const planned = createExecutor(schema);
    const execute: Executor = (execution) => {
      executed += 1;
      return failing ? Promise.reject(new Error('Broken.')) : planned(execution);
    };
    schema.getMutationType()!.getFields().refuse!.resolve = () => {
      throw new GraphQLError('No.', { extensions: { code: 'REFUSED' } });
    };
    schema.getMutationType()!.getFields().count!.resolve = (_parent, { times }) => {
      counted += times;
    };
    const { gateway, plugin } = executedBy(execute, schema);
    const server = new ApolloServer<GraphContext>({
      gateway,
      plugins: [ApolloServerPluginCacheControlDisabled(), plugin],
      includeStacktraceInErrorResponses: false,
      stopOnTerminationSignals: false,
    });
    return {
      server,
      numExecuted: () => executed,
      numCounted: () => counted,
      async run(query: string, variables = {}, operationName?: string) {
        const { body } = await server.executeOperation(
          { query, variables, operationName },
          { contextValue: { answer: new Answer() } as GraphContext },
        );
        return body.kind === 'single' ? body.singleResult : undefined;
      },
    };
  }

  test.each([
    ['without errors', '{ __typename }', {}, { data: { __typename: 'Query' } }],
    [
      'with an error',
      'mutation { refuse }',
      {},
      {
        data: { refuse: null },
        errors: [{ message: 'No.', path: ['refuse'], extensions: { code: 'REFUSED' } }],
      },
    ],
    [
      'with wrong variables',
      'mutation ($times: Int!) { count(times: $times) }',
      { times: 'often' },
      { errors: [{ extensions: { code: 'BAD_USER_INPUT' } }] },
    ],
  ])(
    'an operation %s is executed once, and the answer has Apollo’s form',
    async (_what, query, variables, answer) => {
      const { server, run, numExecuted } = serving();
      expect(await run(query, variables)).toMatchObject(answer);
      expect(numExecuted()).toBe(1);
      await server.stop();
    },
  );

  test('if the executor fails, it is not retried, and Apollo reports the error', async () => {
    const { server, run, numExecuted } = serving({ failing: true });
    expect(await run('mutation { refuse }')).toMatchObject({
      errors: [{ message: 'Broken.', extensions: { code: 'INTERNAL_SERVER_ERROR' } }],
    });
    expect(numExecuted()).toBe(1);
    await server.stop();
  });

  test('an operation that the document does not contain is not executed, and Apollo reports the error', async () => {
    const { server, run, numCounted } = serving();
    expect(await run('mutation A { count(times: 1) }', {}, 'B')).toMatchObject({
      errors: [
        { message: 'Unknown operation named "B".', extensions: { code: 'OPERATION_RESOLUTION_FAILURE' } },
      ],
    });
    expect(numCounted()).toBe(0);
    expect(await run('mutation A { count(times: 1) }', {}, 'A')).toEqual({ data: { count: null } });
    expect(numCounted()).toBe(1);
    await server.stop();
  });
}
