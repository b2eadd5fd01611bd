import { createHmac } from 'node:crypto';
import type { Caller } from '../domain/accounts/access.ts';
import { canonical, idempotencyKeyOf, keyReused, keysStoredSince } from '../domain/idempotency-key.ts';
import type { Instant } from '../domain/time.ts';
import type { Repositories } from './ports.ts';
import { hashOf, newSecret } from './secrets.ts';

/** An attempt to create an object. */
export interface Attempt {
  readonly accountId: number;
  readonly holder: string;
  readonly mutation: string;
  /** Retries use the same key. Without a key, every attempt creates an object. */
  readonly key: string | null | undefined;
  readonly input: object;
}

/** Keys are separate for each person. */
export const ofPerson = ({ accountId, personId }: Caller) => ({ accountId, holder: `person:${personId}` });
/** All clients with the registration key share their keys. */
export const ofRegistrar = (accountId: number) => ({ accountId, holder: 'registrar' });

/**
 * Creates an object, or returns the one that an earlier attempt with the same key created. It runs in the
 * transaction of the work, so an attempt waits for an earlier one. A refused attempt does not use up its key.
 *
 * `make` and `find` receive a secret that is the same for all attempts with this key. It is derived from the
 * key, which is not stored.
 * @throws Refusal INVALID_INPUT, IDEMPOTENCY_KEY_REUSED
 */
export async function idempotently<Made extends { readonly id: number }>(
  tx: Repositories,
  now: Instant,
  { accountId, holder, mutation, key, input }: Attempt,
  { make, find }: { make(secret: string): Promise<Made>; find(id: number, secret: string): Promise<Made> },
): Promise<Made> {
  const seed = newSecret();
  if (key == null) return make(seed);
  const use = { holder, mutation, keyHash: hashOf(idempotencyKeyOf(key)) };
  const taking = { ...use, inputHash: hashOf(canonical(input)), seed, at: now };
  const earlier = await tx.idempotencyKeys.take(accountId, taking, keysStoredSince(now));
  if (!earlier) {
    const made = await make(secretOf(key, seed));
    await tx.idempotencyKeys.settle(accountId, use, made.id);
    return made;
  }
  if (earlier.inputHash !== taking.inputHash) throw keyReused(key);
  return find(earlier.resultId, secretOf(key, earlier.seed));
}

export const secretOf = (key: string, seed: string): string =>
  createHmac('sha256', key).update(seed).digest('base64url');
