import type { Caller, ShownToken } from '../../domain/accounts/access.ts';
import { type AccessKey, checkKeyTitle, MAX_ACCESS_KEYS } from '../../domain/accounts/access-key.ts';
import { invalid, notFound, Refusal } from '../../domain/errors.ts';
import type { Entity } from '../../domain/event.ts';
import { keysStoredSince } from '../../domain/idempotency-key.ts';
import { mayBeName } from '../../domain/text.ts';
import type { Instant } from '../../domain/time.ts';
import { record } from '../event-log.ts';
import { ofPerson, secretOf } from '../idempotency.ts';
import type { Store, Transaction } from '../ports.ts';
import { hashOf, newKeyName, newSecret } from '../secrets.ts';
import { announceAccess, checkAccountName } from './tokens.ts';

/** Access keys of programs. Callers see and manage only their own keys, so no permission is required. */
export function accessKeyService(store: Store) {
  return {
    mine: ({ accountId, personId }: Caller): Promise<AccessKey[]> =>
      store.read.accessKeys.ofPerson(accountId, personId),

    /**
     * Returns the secret of the new key. For a day, `secretsOf` returns it again to a caller with the same token. A
     * token from an access key cannot create a key, because that key would remain valid after the first is revoked.
     * @param replaces whether the caller's other keys with this title are revoked
     * @throws Refusal INVALID_INPUT, FORBIDDEN
     */
    async create(
      caller: Caller,
      { title, replaces, accountName }: AccessKeyDraft,
      shown?: ShownToken,
    ): Promise<{ accessKey: AccessKey; secretKey: string }> {
      const { accountId, personId } = caller;
      if (shown?.accessKey !== undefined)
        throw new Refusal('FORBIDDEN', 'An access key cannot create access keys. Log in with a password.');
      checkAccountName(caller, accountName);
      const checked = checkKeyTitle(title);
      return store.transaction(async (tx, now) => {
        const { accessKeys } = tx;
        await accessKeys.lockOwner(accountId, personId);
        const present = await accessKeys.ofPerson(accountId, personId);
        const replaced = replaces ? present.filter((one) => one.title === checked) : [];
        for (const one of replaced) await revoke(tx, caller, now, one.key);
        const length = present.length - replaced.length;
        if (length >= MAX_ACCESS_KEYS) {
          throw invalid(
            'accessKeys',
            length,
            `at most ${MAX_ACCESS_KEYS - 1}, so that another one can be created`,
          );
        }
        const key = newKeyName();
        const secretKey = shown?.recoveryHash
          ? await recoverableSecret(tx, caller, now, recoveryKeyOf(shown, key))
          : newSecret();
        const accessKey = { key, title: checked, createdAt: now, lastUsedAt: null };
        await accessKeys.insert(accountId, personId, { ...accessKey, secretHash: hashOf(secretKey) });
        record(tx, caller, now, { action: 'TOKEN_MADE', entity: asEntity(accessKey) });
        return { accessKey, secretKey };
      });
    },

    /** The secrets of the caller's keys that this token created in the last day. Null for other keys. */
    async secretsOf(caller: Caller, keys: readonly string[], shown?: ShownToken): Promise<(string | null)[]> {
      if (!shown?.recoveryHash) return keys.map(() => null);
      const recoveryKeys = keys.map((key) => recoveryKeyOf(shown, key));
      const use = { ...keyUseOf(caller), keyHashes: recoveryKeys.map(hashOf) };
      const seeds = await store.transaction((tx, now) =>
        tx.idempotencyKeys.seedsOf(caller.accountId, use, keysStoredSince(now)),
      );
      return seeds.map((seed, index) => (seed === undefined ? null : secretOf(recoveryKeys[index]!, seed)));
    },

    /** Revokes a key and the tokens that it issued. @throws Refusal NOT_FOUND */
    revoke(caller: Caller, key: string): Promise<void> {
      return store.transaction((tx, now) => revoke(tx, caller, now, key));
    },
  };
}

export interface AccessKeyDraft {
  readonly title: string;
  readonly replaces?: boolean | null;
  /** Name of the caller's account, as a confirmation. */
  readonly accountName?: string | null;
}

async function revoke(tx: Transaction, caller: Caller, now: Instant, key: string): Promise<void> {
  const { accountId, personId } = caller;
  const removed = mayBeName(key) ? await tx.accessKeys.remove(accountId, personId, key) : undefined;
  if (!removed) throw notFound('access key', key, 'key');
  // Tokens of the key may have been used to switch to other accounts of the person.
  await announceAccess(tx, caller.email);
  record(tx, caller, now, { action: 'TOKEN_REVOKED', entity: asEntity({ key, title: removed }) });
}

/** Key of the row that stores the seed of a secret for a day, in the table of idempotency keys. */
const keyUseOf = (caller: Caller) => ({ holder: ofPerson(caller).holder, mutation: 'createAccessKey' });

/** Only the holder of the token can compute this value. */
const recoveryKeyOf = ({ recoveryHash }: ShownToken, key: string): string => `${recoveryHash} ${key}`;

/** Creates a secret that can be computed again only from the token and the stored seed. */
async function recoverableSecret(
  tx: Transaction,
  caller: Caller,
  now: Instant,
  recoveryKey: string,
): Promise<string> {
  const seed = newSecret();
  const use = { ...keyUseOf(caller), keyHash: hashOf(recoveryKey), inputHash: '', seed, at: now };
  await tx.idempotencyKeys.take(caller.accountId, use, keysStoredSince(now));
  return secretOf(recoveryKey, seed);
}

/** The name of a key is not secret. A key has no number. */
const asEntity = ({ key, title }: Pick<AccessKey, 'key' | 'title'>): Entity => ({
  type: 'AccessKey',
  id: null,
  title: `${title} (${key})`,
});
