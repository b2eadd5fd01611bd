import type { PrismaClient } from '../../src/database/generated/client.ts';
import { beforeEachStatement, withTransactions } from './wrapped-client.ts';

/** A client whose process can be made to die. It then sends nothing more, not even a COMMIT. */
export function mortal(prisma: PrismaClient) {
  let left = Number.POSITIVE_INFINITY;
  const check = () => {
    if (left <= 0) throw new Error('It broke off.');
  };
  const breaking = beforeEachStatement(prisma, () => {
    check();
    left -= 1;
  });
  return {
    prisma: withTransactions(breaking, (work) =>
      breaking.$transaction(async (tx) => {
        const result = await work(tx);
        check();
        return result;
      }),
    ),
    /** Lets it die after the given number of further statements. */
    diesAfter(statements: number): void {
      left = statements;
    },
    revive(): void {
      left = Number.POSITIVE_INFINITY;
    },
  };
}

/** A client that stops before the statement with this number, from 1, as if the process had died. */
export function breakingOff(prisma: PrismaClient, before: number): PrismaClient {
  const client = mortal(prisma);
  client.diesAfter(before - 1);
  return client.prisma;
}
