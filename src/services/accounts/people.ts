import type { ShownToken } from '../../domain/accounts/access.ts';
import { type Caller, holds } from '../../domain/accounts/access.ts';
import { grantsOf } from '../../domain/accounts/role.ts';
import type { Repositories } from '../ports.ts';

export function peopleService({ read }: { readonly read: Pick<Repositories, 'people'> }) {
  return {
    /** Everybody sees themselves; the account's others are seen with the roles that they have. */
    async byIds(caller: Caller, ids: readonly number[]) {
      const people = await read.people.byIds(caller.accountId, ids);
      const seesAll = holds(caller, 'ViewRole');
      return people.map((person) => (seesAll || person?.id === caller.personId ? person : undefined));
    },

    /**
     * Who a token speaks of, and what they may do; undefined when there is no such person in that account, or it was
     * taken back.
     */
    async caller(accountName: string, email: string, token?: ShownToken): Promise<Caller | undefined> {
      const person = await read.people.caller(accountName, email, token);
      if (!person) return undefined;
      const { roles, ...identity } = person;
      return { ...identity, roles: roles.map(({ name }) => name), grants: grantsOf(roles) };
    },
  };
}
