import type { TransactionalConnection } from '../../src/persistence/connection.ts';
import { heardWithin } from './heard.ts';

/**
 * One whose transactions break off before the statement with this number, from 1, as if the process had died: nothing
 * is sent any more, no COMMIT either.
 */
export function breakingOff(connection: TransactionalConnection, before: number): TransactionalConnection {
  let number = 0;
  const check = () => {
    if (number >= before) throw new Error('It broke off.');
  };
  const heard = heardWithin(connection, () => {
    number += 1;
    check();
  });
  return {
    ...heard,
    transaction: (work) =>
      heard.transaction(async (tx) => {
        const result = await work(tx);
        check();
        return result;
      }),
  };
}
