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
    ['a letter outside the Basic Multilingual Plane', ASTRAL_LETTER],
    ['255 characters', 'a'.repeat(255)],
    ['255 characters outside the Basic Multilingual Plane', ASTRAL_LETTER.repeat(255)],
  ])('%s', (_, tag) => {
    expect(tagList([tag])).toEqual([tag]);
  });
});

describe('a tag must not', () => {
  test.each([
    ['be empty', ''],
    ['start with `-`', '-a'],
    ['contain a space', 'a b'],
    ['start with a space, because tags are not trimmed', ' a'],
    ['end with a line break', 'a\n'],
    ['contain a comma', 'a,b'],
    ['contain a period', 'a.b'],
    ['contain a colon', 'a:b'],
    ['contain a slash', 'a/b'],
    ['contain NUL', 'a\0b'],
    ['contain an emoji', '😀'],
    ['contain half of a surrogate pair', '\ud840'],
    ['have 256 characters', 'a'.repeat(256)],
    ['have 256 characters outside the Basic Multilingual Plane', ASTRAL_LETTER.repeat(256)],
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
    ['drops duplicates, and keeps the first of each in order', ['b', 'a', 'b', 'c', 'a'], ['b', 'a', 'c']],
    ['distinguishes upper and lower case', ['a', 'A'], ['a', 'A']],
  ])('%s', (_, given, expected) => {
    expect(tagList(given)).toEqual(expected);
  });

  test('may have up to 1000 tags, and is refused as a whole if it has more', () => {
    expect(tagList(numbered(1000))).toEqual(numbered(1000));
    expect(refusalOf(() => tagList(numbered(1001))).detail).toEqual({
      field: 'tags',
      found: '1001',
      allowed: 'a list of at most 1000 tags',
    });
  });

  test('is refused under the name of the field that contains it', () => {
    expect(refusalOf(() => tagList(['-'], 'add')).detail.field).toBe('add.0');
  });

  test('contains each tag once, in the order of first appearance, and the input is not changed', () => {
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

  test('accepts tags that it already has, and others in exchange for removed ones', () => {
    expect(retagged({ add: ['tag0'] })).toEqual(full);
    expect(retagged({ add: ['new'], remove: ['tag0'] })).toEqual([...full.slice(1), 'new']);
  });

  test('accepts no other tag', () => {
    expect(refusalOf(() => retagged({ add: ['new'], remove: ['unknown'] })).detail).toEqual({
      field: 'add',
      found: '1001',
      allowed: 'a list that leaves each computer at most 1000 tags',
    });
  });
});
