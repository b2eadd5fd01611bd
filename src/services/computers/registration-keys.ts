import type { Origin } from '../../domain/accounts/access.ts';
import { FORGET_FAILURES_AFTER_SECONDS, increment, networkOf } from '../../domain/accounts/log-in.ts';
import { addMinutes } from '../../domain/time.ts';
import { checkWait, subjectOf } from '../accounts/attempts.ts';
import { record } from '../event-log.ts';
import type { Store } from '../ports.ts';
import { matches } from '../secrets.ts';

/** Verifies registration keys. */
export function registrationKeyService(store: Store) {
  return {
    /**
     * The account with this registration key. Undefined if the name or the key is wrong. A correct key writes
     * nothing, because a whole fleet may enrol from one network simultaneously.
     * @throws Refusal RATE_LIMITED after too many wrong keys for this account from this network
     */
    accountOf(accountName: string, key: string, origin: Origin): Promise<number | undefined> {
      const subject = subjectOf('registrationKey', accountName, networkOf(origin.address));
      return store.transaction(async (tx, now) => {
        checkWait([subject], await tx.logIns.attempts([subject.key]), now);
        const account = await tx.accounts.byName(accountName);
        if (account && matches(key, account.registrationKeyHash)) return account.id;
        const known = await tx.logIns.lockAttempts([subject.key], now);
        // Other attempts may have failed while this one waited for the lock.
        checkWait([subject], known, now);
        await tx.logIns.saveAttempts(subject.key, increment(known.get(subject.key), now));
        await tx.logIns.forgetAttempts(addMinutes(now, -FORGET_FAILURES_AFTER_SECONDS / 60));
        if (account) {
          const entity = { type: 'Account', id: account.id, title: accountName };
          const changes = { registrationKey: { from: null, to: 'wrong' } };
          record(tx, { accountId: account.id, origin }, now, { action: 'LOG_IN_REFUSED', entity, changes });
        }
        return undefined;
      });
    },
  };
}
