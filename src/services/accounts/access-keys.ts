import type { Caller, ShownToken } from '../../domain/accounts/access.ts';
import { type AccessKey, checkKeyTitle, MAX_ACCESS_KEYS } from '../../domain/accounts/access-key.ts';
import { invalid, notFound, Refusal } from '../../domain/errors.ts';
import type { Entity } from '../../domain/event.ts';
import { mayBeName } from '../../domain/text.ts';
import { record } from '../event-log.ts';
import type { Store } from '../ports.ts';
import { newAccessKey } from '../secrets.ts';
import { announceAccess } from './tokens.ts';

/** Access keys of programs. Callers see and manage only their own keys, so no permission is required. */
export function accessKeyService(store: Store) {
  return {
    mine: ({ accountId, personId }: Caller): Promise<AccessKey[]> =>
      store.read.accessKeys.ofPerson(accountId, personId),

    /**
     * Creates a key. Its secret is only returned here. A token that was issued for an access key cannot
     * create further keys, because they would survive the revocation of that key.
     * @throws Refusal INVALID_INPUT, FORBIDDEN
     */
    async create(
      caller: Caller,
      title: string,
      shown?: ShownToken,
    ): Promise<{ accessKey: AccessKey; secretKey: string }> {
      const { accountId, personId } = caller;
      if (shown?.accessKey !== undefined)
        throw new Refusal('FORBIDDEN', 'An access key cannot create access keys. Log in with a password.');
      const checked = checkKeyTitle(title);
      return store.transaction(async (tx, now) => {
        const { accessKeys } = tx;
        await accessKeys.lockOwner(accountId, personId);
        const { length } = await accessKeys.ofPerson(accountId, personId);
        if (length >= MAX_ACCESS_KEYS) {
          throw invalid(
            'accessKeys',
            length,
            `at most ${MAX_ACCESS_KEYS - 1}, so that another one can be created`,
          );
        }
        const { key, secret, secretHash } = newAccessKey();
        const accessKey = { key, title: checked, createdAt: now, lastUsedAt: null };
        await accessKeys.insert(accountId, personId, { ...accessKey, secretHash });
        record(tx, caller, now, { action: 'TOKEN_MADE', entity: asEntity(accessKey) });
        return { accessKey, secretKey: secret };
      });
    },

    /** Revokes a key and the tokens that were issued for it. @throws Refusal NOT_FOUND */
    revoke(caller: Caller, key: string): Promise<void> {
      const { accountId, personId } = caller;
      return store.transaction(async (tx, now) => {
        const removed = mayBeName(key) ? await tx.accessKeys.remove(accountId, personId, key) : undefined;
        if (!removed) throw notFound('access key', key, 'key');
        // The key's tokens may also have been used to switch to other accounts of the person.
        await announceAccess(tx, caller.email);
        record(tx, caller, now, { action: 'TOKEN_REVOKED', entity: asEntity({ key, title: removed }) });
      });
    },
  };
}

/** The name of a key is public. A key has no numeric id. */
const asEntity = ({ key, title }: Pick<AccessKey, 'key' | 'title'>): Entity => ({
  type: 'AccessKey',
  id: null,
  title: `${title} (${key})`,
});
