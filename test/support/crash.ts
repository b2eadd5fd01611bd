import type { PrismaClient } from '../../src/database/generated/client.ts';
import { heard, withTransactions } from './heard.ts';

/**
 * A client whose transactions break off before the statement with this number, from 1, as if the process had died:
 * nothing is sent any more, no COMMIT either.
 */
export function breakingOff(prisma: PrismaClient, before: number): PrismaClient {
  let number = 0;
  const check = () => {
    if (number >= before) throw new Error('It broke off.');
  };
  const breaking = heard(prisma, () => {
    number += 1;
    check();
  });
  return withTransactions(prisma, (work) =>
    breaking.$transaction(async (tx) => {
      const result = await work(tx);
      check();
      return result;
    }),
  );
}
