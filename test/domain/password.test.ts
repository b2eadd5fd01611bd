import { describe, expect, test } from '@jest/globals';
import { linkExpiry, newPassword } from '../../src/domain/accounts/password.ts';
import { checkPerson } from '../../src/domain/accounts/person.ts';
import { at, refusalOf } from '../support/builders.ts';

describe('a new password', () => {
  test.each([
    ['8 characters', 'x'.repeat(8)],
    ['1,024 characters', 'x'.repeat(1024)],
    ['spaces and letters of any script', ' пароль 🔑 '],
  ])('of %s is accepted unchanged', (_, password) => {
    expect(newPassword('password', password)).toBe(password);
  });

  test.each([
    ['7 characters', 'x'.repeat(7), '7 characters'],
    ['1,025 characters', 'x'.repeat(1025), '1025 characters'],
    ['a line end', 'password\n', 'a control character'],
    ['half a character', 'password\ud83d', 'a control character'],
    ['bytes that are not UTF-8', 'password\ufffd', 'a control character'],
  ])('of %s is refused, and not shown', (_, password, found) => {
    const { code, detail, message } = refusalOf(() => newPassword('password', password));
    expect([code, detail]).toEqual(['INVALID_INPUT', expect.objectContaining({ field: 'password', found })]);
    expect(message).not.toContain(password);
  });
});

test('a link is valid for 72 hours', () => {
  expect(linkExpiry(at('2025-04-10T12:00'))).toBe(at('2025-04-13T12:00'));
});

describe('a person', () => {
  const valid = { name: 'Grace', email: 'grace@example.com' };

  test('is stored with a composed name, without surrounding spaces', () => {
    const given = { name: ' Zoe\u0308 ', email: ' Zoe@example.com ' };
    expect(checkPerson(given)).toEqual({ name: 'Zo\u00eb', email: 'Zoe@example.com' });
  });

  test.each([
    ['name', { name: '' }],
    ['name', { name: 'x'.repeat(256) }],
    ['name', { name: 'a\u202eb' }],
    ['email', { email: 'grace' }],
    ['email', { email: 'a@example.com,b@example.com' }],
    ['email', { email: `${'x'.repeat(251)}@x.de` }],
  ])('with an invalid %s is refused: %j', (field, change) => {
    expect(refusalOf(() => checkPerson({ ...valid, ...change })).detail.field).toBe(field);
  });

  test('with a stored name that is older than the rule may be saved unchanged', () => {
    const stored = { name: 'a\u202eb', email: 'old address' };
    expect(checkPerson(stored, stored)).toEqual(stored);
  });
});
