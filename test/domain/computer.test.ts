import { describe, expect, test } from '@jest/globals';
import { computerTitle, hostname } from '../../src/domain/computers/computer.ts';
import { refusalOf } from '../support/builders.ts';

describe('the title of a computer', () => {
  test.each([
    ['is trimmed', '  Web 1 ', 'Web 1'],
    ['may contain any character', 'Büro / 東京: 😀', 'Büro / 東京: 😀'],
    ['may have 255 characters', 'a'.repeat(255), 'a'.repeat(255)],
    ['may have 255 characters outside the basic plane', '😀'.repeat(255), '😀'.repeat(255)],
  ])('%s', (_, title, expected) => {
    expect(computerTitle(title)).toBe(expected);
  });

  test.each([
    ['be empty', ''],
    ['be blank', ' \t'],
    ['contain NUL', 'a\0b'],
    ['contain a line break', 'a\nb'],
    ['contain half a character', 'a\udc00b'],
    ['have 256 characters', 'a'.repeat(256)],
  ])('must not %s', (_, title) => {
    const refusal = refusalOf(() => computerTitle(title));
    expect(refusal.code).toBe('INVALID_INPUT');
    expect(refusal.detail).toMatchObject({
      field: 'title',
      allowed: '1 to 255 characters, without control or invisible characters',
    });
  });
});

describe('a hostname', () => {
  test.each([
    ['one letter', 'a'],
    ['one digit', '1'],
    ['with periods', 'web-1.example.com'],
    ['with upper case and underscores', 'WEB_1'],
    ['255 characters', 'a'.repeat(255)],
  ])('may be %s, and is stored unchanged', (_, name) => {
    expect(hostname(name)).toBe(name);
  });

  test.each([
    ['be empty', ''],
    ['start with a period', '.a'],
    ['end with a period', 'a.'],
    ['start with `-`', '-a'],
    ['end with `-`', 'a-'],
    ['contain a space', 'a b'],
    ['end with a line break', 'a\n'],
    ['contain a letter outside ASCII', 'büro'],
    ['contain a slash', 'a/b'],
    ['have 256 characters', 'a'.repeat(256)],
  ])('must not %s', (_, name) => {
    const refusal = refusalOf(() => hostname(name));
    expect(refusal.code).toBe('INVALID_INPUT');
    expect(refusal.detail).toMatchObject({
      field: 'hostname',
      allowed: '1 to 255 letters, digits, `.`, `_` and `-`',
    });
  });
});
