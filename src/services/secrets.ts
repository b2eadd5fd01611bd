import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

/** 256 random bits. A fast hash without salt suffices to store them. */
export const newSecret = (): string => randomBytes(32).toString('base64url');

export const hashOf = (secret: string): string => createHash('sha256').update(secret).digest('base64url');

/** Whether a secret has this hash. Compares in constant time. Null matches no secret. */
export function matches(secret: string, hash: string | null): boolean {
  const [expected, found] = [Buffer.from(hash ?? hashOf('')), Buffer.from(hashOf(secret))];
  return expected.length === found.length && timingSafeEqual(expected, found) && hash !== null;
}

const LETTERS = 'ABCDEFGHJKLMNPQRSTUVWXYZ23456789';

/** Name of an access key, in capital letters as in the legacy API. */
export const newKeyName = (): string =>
  [...randomBytes(20)].map((byte) => LETTERS[byte % LETTERS.length]).join('');
