import { scryptSync } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { hashPassword, randomPassword, verifyPassword } from '../../src/services/accounts/password.ts';

export function password(): void {
  describe('a password', () => {
    test.each([
      ['of letters only', 'correct horse battery staple'],
      ['in other scripts', 'пароль 密码 🔑'],
      ['that contains NUL', 'before\0after'],
      ['that is empty', ''],
      ['of ten thousand characters', 'x'.repeat(10_000)],
    ])('%s, once hashed, matches itself and nothing else', async (_, password) => {
      const hash = await hashPassword(password);
      expect(await verifyPassword(password, hash)).toBe(true);
      expect(await verifyPassword(`${password} `, hash)).toBe(false);
      expect(await verifyPassword(password.slice(0, -1) || 'x', hash)).toBe(false);
    });

    test('matches if a keyboard composes its accents differently', async () => {
      const composed = 'caf\u00e9 au lait';
      const decomposed = 'cafe\u0301 au lait';
      expect(decomposed).not.toBe(composed);
      expect(await verifyPassword(decomposed, await hashPassword(composed))).toBe(true);
    });
  });

  describe('a hash', () => {
    test('contains its parameters, but not the password', async () => {
      const hash = await hashPassword('correct horse');
      expect(hash).toMatch(/^\$scrypt\$ln=15,r=8,p=1\$[\w-]{22}\$[\w-]{43}$/);
      expect(hash).not.toContain('correct');
    });

    test('has a random salt, so the same password never has the same hash twice', async () => {
      expect(await hashPassword('correct horse')).not.toBe(await hashPassword('correct horse'));
    });

    test('with another cost still matches, because it contains its own cost', async () => {
      // As of another program, or before the cost was raised.
      const salt = Buffer.alloc(16, 7);
      const key = scryptSync('correct horse', salt, 32, { N: 2 ** 10, r: 4, p: 2 });
      const hash = `$scrypt$ln=10,r=4,p=2$${salt.toString('base64url')}$${key.toString('base64url')}`;
      expect(await verifyPassword('correct horse', hash)).toBe(true);
      expect(await verifyPassword('correct house', hash)).toBe(false);
    });
  });

  describe('an invalid hash matches no password', () => {
    const salt = 'A'.repeat(22);
    const key = 'A'.repeat(43);

    test.each([
      ['nothing', ''],
      ['the password itself', 'correct horse'],
      ['a hash of another kind', '$2b$10$N9qo8uLOickgx2ZMRZoMyeIjZAgcfl7p92ldGxad68LJZdL17lhWy'],
      ['an empty key, which would equal every key', `$scrypt$ln=15,r=8,p=1$${salt}$`],
      ['a key with half a byte', `$scrypt$ln=15,r=8,p=1$${salt}$A`],
      ['a key of one byte', `$scrypt$ln=15,r=8,p=1$${salt}$AA`],
      ['a truncated key', `$scrypt$ln=15,r=8,p=1$${salt}$${key.slice(1)}`],
      ['no salt', `$scrypt$ln=15,r=8,p=1$$${key}`],
      ['a cost of 0', `$scrypt$ln=0,r=8,p=1$${salt}$${key}`],
      ['blocks of 0', `$scrypt$ln=15,r=0,p=1$${salt}$${key}`],
      ['lanes of 0', `$scrypt$ln=15,r=8,p=0$${salt}$${key}`],
      ['a cost that exceeds the memory', `$scrypt$ln=25,r=8,p=1$${salt}$${key}`],
      ['a cost that exceeds every number', `$scrypt$ln=99,r=99,p=99$${salt}$${key}`],
      ['a cost that is invalid with this block size', `$scrypt$ln=17,r=1,p=1$${salt}$${key}`],
      ['a line end at the end', `$scrypt$ln=15,r=8,p=1$${salt}$${key}\n`],
      ['no parameters', `$scrypt$${salt}$${key}`],
    ])('%s', async (_, hash) => {
      expect(await verifyPassword('', hash)).toBe(false);
      expect(await verifyPassword('correct horse', hash)).toBe(false);
    });
  });

  describe('a random password', () => {
    test('can be read aloud: five groups of four, without 0, o, 1 and l', () => {
      for (let i = 0; i < 200; i++) {
        expect(randomPassword()).toMatch(/^[a-km-np-z2-9]{4}(-[a-km-np-z2-9]{4}){4}$/);
      }
    });

    test('has 100 bits: each of 32 characters occurs, and no password repeats', () => {
      const made = Array.from({ length: 500 }, randomPassword);
      expect(new Set(made).size).toBe(500);
      expect(new Set(made.join('').replaceAll('-', '')).size).toBe(32);
    });
  });
}
