import type { TransactionalConnection } from '../../src/persistence/connection.ts';
import { heardWithin } from './heard.ts';

/** One whose transactions break off before the statement with this number, from 1, as if the process had died. */
export function breakingOff(connection: TransactionalConnection, before: number): TransactionalConnection {
  let number = 0;
  return heardWithin(connection, () => {
    number += 1;
    if (number === before) throw new Error('It broke off.');
  });
}
