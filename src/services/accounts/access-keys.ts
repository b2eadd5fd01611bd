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
     * The secret is shown this once, and for a day to whoever shows the same token again. A token that an access key
     * logged in for gets no further key, which would outlive the first one's revocation.
     * @param replaces whether their other keys of this title are revoked
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
        if (replaces)
          for (const one of await accessKeys.ofPerson(accountId, personId))
            if (one.title === checked) await revoke(tx, caller, now, one.key);
        const { length } = await accessKeys.ofPerson(accountId, personId);
        if (length >= MAX_ACCESS_KEYS) {
          throw invalid(
            'accessKeys',
            length,
            `at most ${MAX_ACCESS_KEYS - 1}, so that another one can be created`,
          );
        }
        const key = newKeyName();
        const secretKey = shown?.recall ? await sealed(tx, caller, now, recallOf(shown, key)) : newSecret();
        const accessKey = { key, title: checked, createdAt: now, lastUsedAt: null };
        await accessKeys.insert(accountId, personId, { ...accessKey, secretHash: hashOf(secretKey) });
        record(tx, caller, now, { action: 'TOKEN_MADE', entity: asEntity(accessKey) });
        return { accessKey, secretKey };
      });
    },

    /** The secrets of their keys, as far as this token created them in the last day; null for all others. */
    async secretsOf(caller: Caller, keys: readonly string[], shown?: ShownToken): Promise<(string | null)[]> {
      if (!shown?.recall) return keys.map(() => null);
      const recalls = keys.map((key) => recallOf(shown, key));
      const use = { ...keyUseOf(caller), keyHashes: recalls.map(hashOf) };
      const seeds = await store.transaction((tx, now) =>
        tx.idempotencyKeys.seedsOf(caller.accountId, use, keysStoredSince(now)),
      );
      return seeds.map((seed, index) => (seed === undefined ? null : secretOf(recalls[index]!, seed)));
    },

    /** Takes the tokens along that were got with it. @throws Refusal NOT_FOUND */
    revoke(caller: Caller, key: string): Promise<void> {
      return store.transaction((tx, now) => revoke(tx, caller, now, key));
    },
  };
}

export interface AccessKeyDraft {
  readonly title: string;
  readonly replaces?: boolean | null;
  /** Of the caller's account, as a confirmation. */
  readonly accountName?: string | null;
}

async function revoke(tx: Transaction, caller: Caller, now: Instant, key: string): Promise<void> {
  const { accountId, personId } = caller;
  const removed = mayBeName(key) ? await tx.accessKeys.remove(accountId, personId, key) : undefined;
  if (!removed) throw notFound('access key', key, 'key');
  // Its tokens may have been switched to others of their accounts.
  await announceAccess(tx, caller.email);
  record(tx, caller, now, { action: 'TOKEN_REVOKED', entity: asEntity({ key, title: removed }) });
}

/** Where the seed of a secret is kept for a day: beside those of creations that may be retried. */
const keyUseOf = (caller: Caller) => ({ holder: ofPerson(caller).holder, mutation: 'createAccessKey' });

/** Known to the holder of the token alone. */
const recallOf = ({ recall }: ShownToken, key: string): string => `${recall} ${key}`;

/** A new secret, which it takes the token, and the seed that is stored, to compute again. */
async function sealed(tx: Transaction, caller: Caller, now: Instant, recall: string): Promise<string> {
  const seed = newSecret();
  const use = { ...keyUseOf(caller), keyHash: hashOf(recall), inputHash: '', seed, at: now };
  await tx.idempotencyKeys.take(caller.accountId, use, keysStoredSince(now));
  return secretOf(recall, seed);
}

/** A key's name is no secret; its number is none. */
const asEntity = ({ key, title }: Pick<AccessKey, 'key' | 'title'>): Entity => ({
  type: 'AccessKey',
  id: null,
  title: `${title} (${key})`,
});
