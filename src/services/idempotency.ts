import { createHmac } from 'node:crypto';
import type { Caller } from '../domain/accounts/access.ts';
import { canonical, idempotencyKeyOf, keyReused, keysKeptSince } from '../domain/idempotency-key.ts';
import type { Instant } from '../domain/time.ts';
import type { Repositories } from './ports.ts';
import { hashOf, newSecret } from './secrets.ts';

/** Somebody's try to make something. */
export interface Attempt {
  readonly accountId: number;
  readonly holder: string;
  readonly mutation: string;
  /** A retry has the same one. Without a key each attempt makes another. */
  readonly key: string | null | undefined;
  readonly input: object;
}

/** Whose a key is: two people's equal keys are two keys. */
export const ofPerson = ({ accountId, personId }: Caller) => ({ accountId, holder: `person:${personId}` });
/** Whoever knows the registration key is one holder. */
export const ofRegistrar = (accountId: number) => ({ accountId, holder: 'registrar' });

/**
 * Makes something, or finds what an earlier attempt with the same key made, in the transaction of the work: an
 * attempt waits for the one before it, and one that is refused leaves no key behind. Both are given a secret that
 * every attempt with this key gets, and nobody else: it takes the key itself, and that is kept nowhere.
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
  const earlier = await tx.idempotencyKeys.take(accountId, taking, keysKeptSince(now));
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
