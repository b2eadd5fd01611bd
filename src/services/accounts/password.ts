import { randomBytes, type ScryptOptions, scrypt, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';

const derive = promisify<string, Buffer, number, ScryptOptions, Buffer>(scrypt);

// 32 MiB and tens of milliseconds per hash.
const COST = { logN: 15, r: 8, p: 1 };
const KEY_BYTES = 32;
const SALT_BYTES = 16;
// Salt and key must have their full lengths, because an empty key would match every password.
const FORM = /^\$scrypt\$ln=(\d{1,2}),r=(\d{1,2}),p=(\d{1,2})\$([\w-]{22})\$([\w-]{43})$/;
/** A hash with the usual format and cost that matches no password. */
const PLACEHOLDER_HASH = `$scrypt$ln=${COST.logN},r=${COST.r},p=${COST.p}$${'A'.repeat(22)}$${'A'.repeat(43)}`;
const refusedCost = ['ERR_CRYPTO_INVALID_SCRYPT_PARAMS', 'ERR_OUT_OF_RANGE'];

/**
 * Hashes a password with a memory-hard function. The result contains salt and cost, so the cost can be raised
 * later.
 */
export async function hashPassword(password: string, cost = COST): Promise<string> {
  const salt = randomBytes(SALT_BYTES);
  const key = await derive(normal(password), salt, KEY_BYTES, options(cost));
  return `$scrypt$ln=${cost.logN},r=${cost.r},p=${cost.p}$${salt.toString('base64url')}$${key.toString('base64url')}`;
}

/**
 * Compares in constant time. A malformed hash matches no password. Null takes as long as a real hash, so the
 * duration does not reveal whether a person has a password.
 */
export async function verifyPassword(password: string, hash: string | null): Promise<boolean> {
  const [, logN, r, p, salt, key] = FORM.exec(hash ?? PLACEHOLDER_HASH) ?? [];
  if (!logN || !r || !p || !salt || !key) return false;
  const cost = { logN: Number(logN), r: Number(r), p: Number(p) };
  const found = await derive(
    normal(password),
    Buffer.from(salt, 'base64url'),
    KEY_BYTES,
    options(cost),
  ).catch((error: NodeJS.ErrnoException) => {
    // scrypt rejects this cost, so no valid hash can have it.
    if (refusedCost.includes(error.code ?? '')) return undefined;
    throw error;
  });
  return found !== undefined && timingSafeEqual(found, Buffer.from(key, 'base64url'));
}

/**
 * A password of 100 random bits that can be read aloud: five groups of four characters, without ambiguous
 * ones.
 */
export function randomPassword(): string {
  const alphabet = 'abcdefghijkmnpqrstuvwxyz23456789';
  const letters = [...randomBytes(20)].map((byte) => alphabet[byte % alphabet.length]);
  return letters.join('').replace(/(.{4})(?=.)/g, '$1-');
}

/** Normalizes accents, which keyboards may compose differently. */
const normal = (password: string) => password.normalize('NFKC');

const options = ({ logN, r, p }: typeof COST): ScryptOptions => ({
  N: 2 ** logN,
  r,
  p,
  maxmem: 256 * 2 ** 20,
});
