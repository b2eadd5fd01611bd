import { scryptSync } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { hashPassword, randomPassword, verifyPassword } from '../../src/services/accounts/password.ts';

export function password(): void {
  describe('a password', () => {
    test.each([
      ['of letters', 'correct horse battery staple'],
      ['of other scripts', 'пароль 密码 🔑'],
      ['with a NUL in it', 'before\0after'],
      ['that is empty', ''],
      ['of ten thousand characters', 'x'.repeat(10_000)],
    ])('%s, once hashed, matches itself and nothing else', async (_, password) => {
      const hash = await hashPassword(password);
      expect(await verifyPassword(password, hash)).toBe(true);
      expect(await verifyPassword(`${password} `, hash)).toBe(false);
      expect(await verifyPassword(password.slice(0, -1) || 'x', hash)).toBe(false);
    });

    test('typed on a keyboard that composes its accents in another way, matches', async () => {
      const composed = 'caf\u00e9 au lait';
      const decomposed = 'cafe\u0301 au lait';
      expect(decomposed).not.toBe(composed);
      expect(await verifyPassword(decomposed, await hashPassword(composed))).toBe(true);
    });
  });

  describe('a hash', () => {
    test('says what it was made with, and does not contain the password', async () => {
      const hash = await hashPassword('correct horse');
      expect(hash).toMatch(/^\$scrypt\$ln=15,r=8,p=1\$[\w-]{22}\$[\w-]{43}$/);
      expect(hash).not.toContain('correct');
    });

    test('has a salt of its own: the same password never has the same hash twice', async () => {
      expect(await hashPassword('correct horse')).not.toBe(await hashPassword('correct horse'));
    });

    test('made at another cost, still matches: its own cost counts', async () => {
      // As made by another program, or before the cost rose.
      const salt = Buffer.alloc(16, 7);
      const key = scryptSync('correct horse', salt, 32, { N: 2 ** 10, r: 4, p: 2 });
      const hash = `$scrypt$ln=10,r=4,p=2$${salt.toString('base64url')}$${key.toString('base64url')}`;
      expect(await verifyPassword('correct horse', hash)).toBe(true);
      expect(await verifyPassword('correct house', hash)).toBe(false);
    });
  });

  describe('what is no hash matches no password', () => {
    const salt = 'A'.repeat(22);
    const key = 'A'.repeat(43);

    test.each([
      ['nothing', ''],
      ['the password itself', 'correct horse'],
      ['a hash of another kind', '$2b$10$N9qo8uLOickgx2ZMRZoMyeIjZAgcfl7p92ldGxad68LJZdL17lhWy'],
      ['an empty key, which any key would equal', `$scrypt$ln=15,r=8,p=1$${salt}$`],
      ['a key of no whole byte', `$scrypt$ln=15,r=8,p=1$${salt}$A`],
      ['a key of one byte', `$scrypt$ln=15,r=8,p=1$${salt}$AA`],
      ['a key cut short', `$scrypt$ln=15,r=8,p=1$${salt}$${key.slice(1)}`],
      ['no salt', `$scrypt$ln=15,r=8,p=1$$${key}`],
      ['a cost of 0', `$scrypt$ln=0,r=8,p=1$${salt}$${key}`],
      ['blocks of 0', `$scrypt$ln=15,r=0,p=1$${salt}$${key}`],
      ['lanes of 0', `$scrypt$ln=15,r=8,p=0$${salt}$${key}`],
      ['a cost beyond all memory', `$scrypt$ln=25,r=8,p=1$${salt}$${key}`],
      ['a cost beyond all numbers', `$scrypt$ln=99,r=99,p=99$${salt}$${key}`],
      ['a cost that is none with such blocks', `$scrypt$ln=17,r=1,p=1$${salt}$${key}`],
      ['a line end behind it', `$scrypt$ln=15,r=8,p=1$${salt}$${key}\n`],
      ['no parameters', `$scrypt$${salt}$${key}`],
    ])('%s', async (_, hash) => {
      expect(await verifyPassword('', hash)).toBe(false);
      expect(await verifyPassword('correct horse', hash)).toBe(false);
    });
  });

  describe('a random password', () => {
    test('can be read aloud: five groups of four, no 0, o, 1 or l in them', () => {
      for (let i = 0; i < 200; i++) {
        expect(randomPassword()).toMatch(/^[a-km-np-z2-9]{4}(-[a-km-np-z2-9]{4}){4}$/);
      }
    });

    test('has 100 bits: each of 32 characters turns up, and no password twice', () => {
      const made = Array.from({ length: 500 }, randomPassword);
      expect(new Set(made).size).toBe(500);
      expect(new Set(made.join('').replaceAll('-', '')).size).toBe(32);
    });
  });
}
