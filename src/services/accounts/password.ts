import { randomBytes, type ScryptOptions, scrypt, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';

const derive = promisify<string, Buffer, number, ScryptOptions, Buffer>(scrypt);

// 32 MiB and some tens of milliseconds a guess.
const COST = { logN: 15, r: 8, p: 1 };
const KEY_BYTES = 32;
const SALT_BYTES = 16;
// Salt and key in full: an empty key would be equal to that of any password.
const FORM = /^\$scrypt\$ln=(\d{1,2}),r=(\d{1,2}),p=(\d{1,2})\$([\w-]{22})\$([\w-]{43})$/;
/** Of the form and the cost of the others, and of no password that anybody could find. */
const NOBODYS = `$scrypt$ln=${COST.logN},r=${COST.r},p=${COST.p}$${'A'.repeat(22)}$${'A'.repeat(43)}`;
const refusedCost = ['ERR_CRYPTO_INVALID_SCRYPT_PARAMS', 'ERR_OUT_OF_RANGE'];

/** With a memory-hard function. The text carries its own salt and cost, so that the cost can rise later. */
export async function hashPassword(password: string, cost = COST): Promise<string> {
  const salt = randomBytes(SALT_BYTES);
  const key = await derive(normal(password), salt, KEY_BYTES, options(cost));
  return `$scrypt$ln=${cost.logN},r=${cost.r},p=${cost.p}$${salt.toString('base64url')}$${key.toString('base64url')}`;
}

/**
 * Compares in constant time. A text that is no such hash matches nothing; nor does null, which takes as long as a
 * hash: whether somebody has a password is not to be told by a watch.
 */
export async function verifyPassword(password: string, hash: string | null): Promise<boolean> {
  const [, logN, r, p, salt, key] = FORM.exec(hash ?? NOBODYS) ?? [];
  if (!logN || !r || !p || !salt || !key) return false;
  const cost = { logN: Number(logN), r: Number(r), p: Number(p) };
  const found = await derive(
    normal(password),
    Buffer.from(salt, 'base64url'),
    KEY_BYTES,
    options(cost),
  ).catch((error: NodeJS.ErrnoException) => {
    // A cost that scrypt refuses is none that a hash was made with.
    if (refusedCost.includes(error.code ?? '')) return undefined;
    throw error;
  });
  return found !== undefined && timingSafeEqual(found, Buffer.from(key, 'base64url'));
}

/** Readable aloud, 100 bits: five groups of four letters and digits that are not taken for each other. */
export function randomPassword(): string {
  const alphabet = 'abcdefghijkmnpqrstuvwxyz23456789';
  const letters = [...randomBytes(20)].map((byte) => alphabet[byte % alphabet.length]);
  return letters.join('').replace(/(.{4})(?=.)/g, '$1-');
}

/** The same password, however a keyboard composes its accents. */
const normal = (password: string) => password.normalize('NFKC');

const options = ({ logN, r, p }: typeof COST): ScryptOptions => ({
  N: 2 ** logN,
  r,
  p,
  maxmem: 256 * 2 ** 20,
});
