import { describe, expect, test } from '@jest/globals';
import { accessGroupName, accessGroupTitle } from '../../src/domain/accounts/access-group.ts';
import { refusalOf } from '../support/builders.ts';

describe('the title of an access group', () => {
  test.each([
    ['may be one letter', 'a', 'a'],
    ['may be one digit', '1', '1'],
    ['may contain spaces, periods and `-`', 'Web 1.2 - old', 'Web 1.2 - old'],
    ['may be in any script', 'Büro 東京', 'Büro 東京'],
    ['is trimmed', '  Server\n', 'Server'],
    ['may have 255 characters', 'a'.repeat(255), 'a'.repeat(255)],
    ['may have 255 characters outside the basic plane', '𠀀'.repeat(255), '𠀀'.repeat(255)],
  ])('%s', (_, title, expected) => {
    expect(accessGroupTitle(title)).toBe(expected);
  });

  test.each([
    ['be empty', ''],
    ['be blank', '   '],
    ['start with a period', '.a'],
    ['start with `-`', '-a'],
    ['contain an underscore', 'a_b'],
    ['contain a slash', 'a/b'],
    ['contain a tab', 'a\tb'],
    ['contain NUL', 'a\0b'],
    ['have 256 characters', 'a'.repeat(256)],
  ])('must not %s', (_, title) => {
    const refusal = refusalOf(() => accessGroupTitle(title));
    expect(refusal.code).toBe('INVALID_INPUT');
    expect(refusal.detail).toMatchObject({
      field: 'title',
      allowed: expect.stringMatching(/^1 to 255 letters/),
    });
  });
});

describe('the name of an access group', () => {
  test.each([
    ['Server', 'server'],
    ['Web Servers', 'web-servers'],
    ['Web   Servers  2', 'web-servers-2'],
    ['web-servers', 'web-servers'],
    ['BÜRO', 'büro'],
    // The names are equal, so a second root group cannot be created.
    ['Global', 'global'],
  ])('of "%s" is `%s`', (title, name) => {
    expect(accessGroupName(title)).toBe(name);
  });
});
