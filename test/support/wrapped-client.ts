import type { PrismaClient } from '../../src/database/generated/client.ts';

/** The same client, with something done before each statement, whose values it gets; in transactions too. */
export const beforeEachStatement = (
  prisma: PrismaClient,
  before: (statement: unknown) => void,
): PrismaClient =>
  prisma.$extends({
    query: {
      $allOperations({ args, query }) {
        before(args);
        return query(args);
      },
    },
  }) as unknown as PrismaClient;

/** A client's interactive transaction. */
export type Transact = <Result>(
  work: (tx: Parameters<Parameters<PrismaClient['$transaction']>[0]>[0]) => Promise<Result>,
) => Promise<Result>;

/** The same client with other transactions. */
export const withTransactions = (prisma: PrismaClient, transact: Transact): PrismaClient =>
  new Proxy(prisma, {
    get: (target, name) => (name === '$transaction' ? transact : Reflect.get(target, name)),
  });
