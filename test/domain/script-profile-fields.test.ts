import { describe, expect, test } from '@jest/globals';
import { show } from '../../src/domain/errors.ts';
import {
  checkDraft,
  editScriptProfile,
  type ScriptProfileDraft,
  type ScriptProfileEdit,
} from '../../src/domain/script-profiles/script-profile.ts';
import { aDraft, aProfile, every, LATER, LIMITS, onEnrolment, refusalOf } from '../support/builders.ts';

type Field = 'title' | 'username' | 'timeLimit' | 'tags' | 'allComputers' | 'deliverWithin';

const ASTRAL = '😀';
const edit = (changes: ScriptProfileEdit) =>
  editScriptProfile(aProfile(), changes, { at: LATER, limits: LIMITS });
const draftWith = (field: Field, value: unknown) => aDraft({ [field]: value } as Partial<ScriptProfileDraft>);
const editOf = (field: Field, value: unknown) => ({ [field]: value }) as ScriptProfileEdit;

describe('in a creation and in an edit', () => {
  const accepted: [Field, string, unknown, unknown][] = [
    ['title', 'one character', 'a', 'a'],
    ['title', 'surrounding spaces, which are removed', ' \t a b \n', 'a b'],
    ['title', 'any visible character', `"a/b": ${ASTRAL} б`, `"a/b": ${ASTRAL} б`],
    ['title', '255 characters', 'a'.repeat(255), 'a'.repeat(255)],
    ['title', '255 characters, with surrounding spaces', ` ${'a'.repeat(255)} `, 'a'.repeat(255)],
    ['title', '255 characters outside the basic plane', ASTRAL.repeat(255), ASTRAL.repeat(255)],
    ['username', 'one character', 'a', 'a'],
    ['username', 'a domain and a name', 'EXAMPLE\\john.smith', 'EXAMPLE\\john.smith'],
    ['username', 'surrounding spaces, which are removed', ' a b ', 'a b'],
    ['username', 'any script', 'jürgen東', 'jürgen東'],
    ['username', '256 characters', 'a'.repeat(256), 'a'.repeat(256)],
    ['username', '256 characters outside the basic plane', ASTRAL.repeat(256), ASTRAL.repeat(256)],
    ['timeLimit', 'one second', 1, 1],
    ['timeLimit', 'the largest number of 32 bits', 2_147_483_647, 2_147_483_647],
    ['deliverWithin', 'a minute', 60, 60],
    ['deliverWithin', 'a year', 31_536_000, 31_536_000],
    ['deliverWithin', '0, which is no limit', 0, null],
    ['tags', 'none', [], []],
    ['tags', 'letters of any script', ['größe', '服务器', '_x-1'], ['größe', '服务器', '_x-1']],
    ['tags', 'duplicates, which collapse in order', ['b', 'a', 'b'], ['b', 'a']],
    ['tags', '255 characters', ['a'.repeat(255)], ['a'.repeat(255)]],
    ['tags', '255 characters outside the basic plane', ['𠀀'.repeat(255)], ['𠀀'.repeat(255)]],
    ['allComputers', 'true', true, true],
    ['allComputers', 'false', false, false],
  ];

  test.each(accepted)('%s accepts %s', (field, _, given, expected) => {
    expect(checkDraft(draftWith(field, given))[field]).toEqual(expected);
    expect(edit(editOf(field, given))[field]).toEqual(expected);
  });

  const TITLE = '1 to 255 characters, without control or invisible characters';
  const USERNAME = '1 to 256 characters, without control or invisible characters, `:` or `/`';
  const TIME_LIMIT = 'a whole number of seconds from 1 to 2147483647';
  const DELIVER_WITHIN = '0, or a whole number of seconds from 60 to 31536000';
  const TAG = '1 to 255 letters, digits, `_` and `-`, not starting with `-`';

  const refused: [Field, string, unknown, string][] = [
    ['title', 'nothing', '', TITLE],
    ['title', 'only spaces', ' \n\t ', TITLE],
    ['title', 'NUL', 'a\0b', TITLE],
    ['title', 'a line break inside', 'a\nb', TITLE],
    ['title', 'half a character', 'a\ud83d', TITLE],
    ['title', '256 characters', 'a'.repeat(256), TITLE],
    ['title', '256 characters outside the basic plane', ASTRAL.repeat(256), TITLE],
    ['username', 'nothing', '', USERNAME],
    ['username', 'NUL', 'a\0b', USERNAME],
    ['username', 'a line break', 'a\n', USERNAME],
    ['username', 'a tab', 'a\tb', USERNAME],
    ['username', 'the delete character', 'a\x7f', USERNAME],
    ['username', 'a control character beyond ASCII', 'a\x85', USERNAME],
    ['username', 'a colon', 'a:b', USERNAME],
    ['username', 'a slash', 'a/b', USERNAME],
    ['username', 'half a character', '\udc00a', USERNAME],
    ['username', '257 characters', 'a'.repeat(257), USERNAME],
    ['timeLimit', 'zero', 0, TIME_LIMIT],
    ['timeLimit', 'a negative number', -1, TIME_LIMIT],
    ['timeLimit', 'a fraction', 1.5, TIME_LIMIT],
    ['timeLimit', 'a text', Number.NaN, TIME_LIMIT],
    ['timeLimit', 'a number of more than 32 bits', 2_147_483_648, TIME_LIMIT],
    ['deliverWithin', 'less than a minute', 59, DELIVER_WITHIN],
    ['deliverWithin', 'more than a year', 31_536_001, DELIVER_WITHIN],
    ['deliverWithin', 'a negative number', -60, DELIVER_WITHIN],
    ['deliverWithin', 'a fraction', 60.5, DELIVER_WITHIN],
    ['deliverWithin', 'a text', Number.NaN, DELIVER_WITHIN],
  ];

  test.each(refused)(
    '%s refuses %s, and the refusal has the value found and the values allowed',
    (field, _, given, allowed) => {
      for (const refusal of [
        refusalOf(() => checkDraft(draftWith(field, given))),
        refusalOf(() => edit(editOf(field, given))),
      ]) {
        expect(refusal.code).toBe('INVALID_INPUT');
        expect(refusal.detail).toEqual({ field, found: show(given), allowed });
        expect(refusal.message).toContain(`must be ${allowed}; found ${show(given)}.`);
        expect(refusal.others).toEqual([]);
      }
    },
  );

  test.each([
    ['empty', ''],
    ['starting with `-`', '-a'],
    ['with a space', 'a b'],
    ['with a colon', 'a:b'],
    ['with a slash', 'a/b'],
    ['with NUL', 'a\0'],
    ['with an emoji', ASTRAL],
    ['of 256 characters', 'a'.repeat(256)],
  ])('a tag is refused if it is %s, with its index in the list', (_, tag) => {
    for (const refusal of [
      refusalOf(() => checkDraft(aDraft({ tags: ['web', 'db', tag] }))),
      refusalOf(() => edit({ tags: ['web', 'db', tag] })),
    ]) {
      expect(refusal.code).toBe('INVALID_INPUT');
      expect(refusal.detail).toEqual({ field: 'tags.2', found: show(tag), allowed: TAG });
    }
  });

  test('all faults are reported together, in a fixed order', () => {
    const faults = { title: '', username: 'a:b', timeLimit: 0, tags: ['-'] };
    const expected = [
      ['INVALID_INPUT', 'title'],
      ['INVALID_INPUT', 'username'],
      ['INVALID_INPUT', 'timeLimit'],
      ['INVALID_INPUT', 'tags.0'],
      ['INVALID_CRON', 'trigger.recurring.interval'],
    ];
    for (const refusal of [
      refusalOf(() => checkDraft(aDraft({ ...faults, trigger: every('x') }))),
      refusalOf(() => edit({ ...faults, trigger: { kind: 'recurring', interval: 'x' } })),
    ]) {
      expect([refusal, ...refusal.others].map(({ code, detail }) => [code, detail.field])).toEqual(expected);
    }
  });

  test('a change of the trigger’s kind is reported together with other faults', () => {
    const refusal = refusalOf(() => edit({ title: '', trigger: onEnrolment }));
    expect([refusal, ...refusal.others].map(({ code }) => code)).toEqual([
      'INVALID_INPUT',
      'TRIGGER_KIND_FIXED',
    ]);
  });
});

test('a draft with neither tags nor all computers is accepted, and reaches no computer', () => {
  for (const nothing of [undefined, null]) {
    expect(checkDraft(aDraft({ tags: nothing, allComputers: nothing }))).toMatchObject({
      tags: [],
      allComputers: false,
    });
  }
});
