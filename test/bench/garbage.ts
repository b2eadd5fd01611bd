import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { ApolloServer } from '@apollo/server';
import { ApolloServerPluginCacheControlDisabled } from '@apollo/server/plugin/disabled';
import { buildSchema } from 'graphql';
import type { GraphContext } from '../../src/graphql/context.ts';
import { executedBy } from '../../src/graphql/execution/apollo-execution.ts';
import { createExecutor } from '../../src/graphql/execution/execution.ts';
import type { Row } from './report.ts';

const REQUESTS = 100;
const KILOBYTES = 80;

/**
 * Measures how much of its answers a server still holds after minor garbage collections only. Answers that survive them
 * wait for a major collection, which stops all requests for longer.
 */
export async function garbage(progress: (text: string) => void): Promise<readonly Row[]> {
  const schema = buildSchema('type Query { numbers: [Int!] }');
  const numbers = () => Array.from({ length: KILOBYTES * 128 }, (_, number) => number);
  schema.getQueryType()!.getFields().numbers!.resolve = numbers;
  const { gateway, plugin } = executedBy(createExecutor(schema), schema);
  const server = new ApolloServer<GraphContext>({
    gateway,
    plugins: [ApolloServerPluginCacheControlDisabled(), plugin],
    stopOnTerminationSignals: false,
  });
  const request = () =>
    server.executeOperation({ query: '{ numbers }' }, { contextValue: {} as GraphContext });
  setFlagsFromString('--expose-gc');
  const collect: (options?: { type: 'minor' }) => void = runInNewContext('gc');

  progress('collecting');
  // Fills the caches and compiles the code first, because their memory must not count.
  for (let n = 0; n < REQUESTS; n += 1) await request();
  collect();
  const before = process.memoryUsage().heapUsed;
  for (let n = 0; n < REQUESTS; n += 1) {
    await request();
    // V8 keeps an object that survives two minor collections until the next major one.
    if (n % 5 === 0) collect({ type: 'minor' });
  }
  for (let n = 0; n < 3; n += 1) collect({ type: 'minor' });
  const heapGrowth = (process.memoryUsage().heapUsed - before) / 1024;
  await server.stop();
  return [
    {
      what: 'share of the answers held after minor collections',
      ratio: heapGrowth / (REQUESTS * KILOBYTES),
      goal: { atMost: 0.25 },
    },
  ];
}
