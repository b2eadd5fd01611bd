import { authorise, type Caller, type Principal, type ShownToken } from '../../domain/accounts/access.ts';
import { validAfter } from '../../domain/accounts/token.ts';
import { invalid, notFound } from '../../domain/errors.ts';
import { addMinutes, type Instant } from '../../domain/time.ts';
import { accountEntity, record } from '../event-log.ts';
import type { Store, Transaction } from '../ports.ts';

/**
 * Minutes for which a revoked token is stored after its expiry. A server whose clock is behind may still
 * accept it.
 */
const REMEMBERED_MINUTES = 60;

/**
 * Revokes tokens. Revocations are stored in the database, so every replica rejects the tokens from the next
 * request on.
 */
export function tokenService(store: Store) {
  return {
    /**
     * Revokes the presented token, or all current tokens of the person. Does nothing for an anonymous
     * request.
     */
    async logOut(principal: Principal, { everywhere = false } = {}): Promise<Caller | undefined> {
      if (principal.kind !== 'person') return undefined;
      const { caller, token } = principal;
      const { accountId, personId } = caller;
      await store.transaction(async (tx, now) => {
        if (everywhere) await tx.tokens.invalidatePerson(accountId, personId, validAfter(now, token));
        if (token) {
          await tx.tokens.revoke(accountId, token.id, token.expiresAt);
          await tx.tokens.forgetExpired(accountId, addMinutes(now, -REMEMBERED_MINUTES));
        }
        tx.announce({ kind: 'access', accountId, personId });
        record(
          tx,
          caller,
          now,
          everywhere
            ? { action: 'TOKEN_REVOKED', entity: { type: 'Person', id: personId, title: caller.email } }
            : { action: 'LOGGED_OUT' },
        );
      });
      return caller;
    },

    /** Revokes all current tokens and access keys of a person. @throws Refusal FORBIDDEN, NOT_FOUND */
    invalidatePerson(caller: Caller, personId: number, shown?: ShownToken): Promise<Instant> {
      authorise(caller, 'ManageAccount');
      const { accountId } = caller;
      return store.transaction(async (tx, now) => {
        const [person] = await tx.people.byIds(accountId, [personId]);
        if (!person) throw notFound('person', personId);
        const validFrom = validAfter(now, personId === caller.personId ? shown : undefined);
        await tx.tokens.invalidatePerson(accountId, personId, validFrom);
        for (const { key } of await tx.accessKeys.ofPerson(accountId, personId))
          await tx.accessKeys.remove(accountId, personId, key);
        // Tokens of the keys may have been used to switch to other accounts of the person.
        await announceAccess(tx, person.email);
        const entity = { type: 'Person', id: personId, title: person.email };
        record(tx, caller, now, { action: 'TOKEN_REVOKED', entity });
        return validFrom;
      });
    },

    /** Revokes all current tokens in the account. @throws Refusal FORBIDDEN, INVALID_INPUT */
    invalidateAccount(caller: Caller, shown?: ShownToken, accountName?: string | null): Promise<Instant> {
      authorise(caller, 'ManageAccount');
      checkAccountName(caller, accountName);
      const { accountId } = caller;
      return store.transaction(async (tx, now) => {
        const validFrom = validAfter(now, shown);
        await tx.tokens.invalidateAccount(accountId, validFrom);
        tx.announce({ kind: 'access', accountId, personId: null });
        record(tx, caller, now, { action: 'TOKEN_REVOKED', entity: accountEntity(caller) });
        return validFrom;
      });
    },
  };
}

/** Checks the account name given as a confirmation. @throws Refusal INVALID_INPUT unless it is the caller's account */
export function checkAccountName(caller: Caller, accountName: string | null | undefined): void {
  if (accountName != null && accountName !== caller.accountName)
    throw invalid('accountName', accountName, `your account, ${caller.accountName}`);
}

/** Checks the access of the person's subscriptions again, in each of their accounts. */
export async function announceAccess(tx: Transaction, email: string): Promise<void> {
  for (const { identity } of await tx.logIns.peopleWith(email))
    tx.announce({ kind: 'access', accountId: identity.accountId, personId: identity.personId });
}
