import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { checkTagChange, type TagChange, tagList, tagsAfter } from '../../src/domain/computers/tag.ts';
import { show } from '../../src/domain/errors.ts';
import { refusalOf } from '../support/builders.ts';

const ASTRAL_LETTER = '𠀀';

const numbered = (number: number) => Array.from({ length: number }, (_, index) => `tag${index}`);

describe('a tag may be', () => {
  test.each([
    ['one letter', 'a'],
    ['one digit', '7'],
    ['one underscore', '_'],
    ['letters, digits, `_` and `-`', 'Web-server_01'],
    ['ending with `-`', 'a-'],
    ['in any script', 'größe'],
    ['in any other script', '服务器'],
    ['digits of any script', '٣'],
    ['a letter outside the basic plane', ASTRAL_LETTER],
    ['255 characters', 'a'.repeat(255)],
    ['255 characters outside the basic plane', ASTRAL_LETTER.repeat(255)],
  ])('%s', (_, tag) => {
    expect(tagList([tag])).toEqual([tag]);
  });
});

describe('a tag may not', () => {
  test.each([
    ['be empty', ''],
    ['start with `-`', '-a'],
    ['contain a blank', 'a b'],
    ['start with a blank: tags are not trimmed', ' a'],
    ['end with a line break', 'a\n'],
    ['contain a comma', 'a,b'],
    ['contain a dot', 'a.b'],
    ['contain a colon', 'a:b'],
    ['contain a slash', 'a/b'],
    ['contain NUL', 'a\0b'],
    ['contain an emoji', '😀'],
    ['contain half a character', '\ud840'],
    ['have 256 characters', 'a'.repeat(256)],
    ['have 256 characters outside the basic plane', ASTRAL_LETTER.repeat(256)],
  ])('%s', (_, tag) => {
    const refusal = refusalOf(() => tagList(['fine', tag]));
    expect(refusal.code).toBe('INVALID_INPUT');
    expect(refusal.detail.field).toBe('tags.1');
    expect(refusal.detail.found).toBe(show(tag));
    expect(refusal.detail.allowed).toBe('1 to 255 letters, digits, `_` and `-`, not starting with `-`');
  });
});

describe('a list of tags', () => {
  test.each([
    ['may be empty', [], []],
    [
      'collapses duplicates, and keeps the order of the first ones',
      ['b', 'a', 'b', 'c', 'a'],
      ['b', 'a', 'c'],
    ],
    ['tells upper from lower case', ['a', 'A'], ['a', 'A']],
  ])('%s', (_, given, expected) => {
    expect(tagList(given)).toEqual(expected);
  });

  test('holds up to 1000 of them, and is refused as a whole when it has more', () => {
    expect(tagList(numbered(1000))).toEqual(numbered(1000));
    expect(refusalOf(() => tagList(numbered(1001))).detail).toEqual({
      field: 'tags',
      found: '1001',
      allowed: 'a list of at most 1000 tags',
    });
  });

  test('is refused under the name of the field that it was given in', () => {
    expect(refusalOf(() => tagList(['-'], 'add')).detail.field).toBe('add.0');
  });

  test('holds each tag once, in the order of its first appearance, and is not changed itself', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom('a', 'b', 'c', 'd', 'e')), (given) => {
        const before = [...given];
        const expected = tagList(given);
        expect(given).toEqual(before);
        expect(new Set(expected).size).toBe(expected.length);
        expect(expected).toEqual(given.filter((tag, index) => given.indexOf(tag) === index));
      }),
    );
  });
});

describe('a computer that has 1000 tags', () => {
  const full = numbered(1000);
  const retagged = (change: TagChange) => tagsAfter(full, checkTagChange(change));

  test('takes tags that it has already, and others in the place of those that it loses', () => {
    expect(retagged({ add: ['tag0'] })).toEqual(full);
    expect(retagged({ add: ['new'], remove: ['tag0'] })).toEqual([...full.slice(1), 'new']);
  });

  test('takes no other', () => {
    expect(refusalOf(() => retagged({ add: ['new'], remove: ['unknown'] })).detail).toEqual({
      field: 'add',
      found: '1001',
      allowed: 'a list that leaves each computer at most 1000 tags',
    });
  });
});
