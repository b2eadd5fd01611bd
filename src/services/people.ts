import { authorise, type Caller } from '../domain/access.ts';
import type { Store } from './ports.ts';

export function peopleService({ read }: Store) {
  return {
    byIds(caller: Caller, ids: readonly number[]) {
      authorise(caller, 'ViewScriptProfile');
      return read.people.byIds(caller.accountId, ids);
    },

    /** Who a token speaks of; undefined when there is no such person in that account. */
    caller: (accountName: string, email: string): Promise<Caller | undefined> =>
      read.people.caller(accountName, email),
  };
}
