import { describe, expect, test } from '@jest/globals';
import { accessGroupTitle } from '../../src/domain/accounts/access-group.ts';
import { checkKeyTitle } from '../../src/domain/accounts/access-key.ts';
import { checkRole, editRole, type Role } from '../../src/domain/accounts/role.ts';
import { computerTitle } from '../../src/domain/computers/computer.ts';
import { tagList } from '../../src/domain/computers/tag.ts';
import { pauseScriptProfile } from '../../src/domain/script-profiles/pausing.ts';
import { editScriptProfile } from '../../src/domain/script-profiles/script-profile.ts';
import { editScript, newScript, titleOf, usernameOf } from '../../src/domain/scripts/script.ts';
import { newAttachment } from '../../src/domain/scripts/script-attachment.ts';
import {
  anAccessGroup,
  aProfile,
  aScript,
  john,
  LATER,
  LIMITS,
  NOW,
  refusalOf,
} from '../support/builders.ts';

const role: Role = {
  id: 3,
  version: 1,
  name: 'Web team',
  description: '',
  isGlobalAdmin: false,
  permissions: ['ViewScript'],
  accountPermissions: [],
  accessGroups: [],
  persons: [],
};
const script = { title: 'Clean up', interpreter: '/bin/sh', code: 'true\n' };
const made = { by: john, at: NOW, accessGroup: anAccessGroup() };

const names: Readonly<Record<string, (text: string) => unknown>> = {
  'a title': titleOf,
  'a user name': usernameOf,
  'an interpreter': (text) => newScript({ ...script, interpreter: `/bin/${text}` }, made),
  'a computer’s title': computerTitle,
  'a role’s name': (name) => checkRole({ ...role, name }),
  'an access group’s title': accessGroupTitle,
  'an access key’s title': checkKeyTitle,
  'an attachment’s name': (filename) => newAttachment({ filename, content: 'aGk=' }, []),
  'a tag': (tag) => tagList([tag]),
};
const paragraphs: Readonly<Record<string, (text: string) => unknown>> = {
  'a pause’s note': (note) => pauseScriptProfile(aProfile(), note, NOW),
  'a role’s description': (description) => checkRole({ ...role, description }),
};

const hidden: readonly [string, string][] = [
  ['NUL', '\0'],
  ['ESC', '\x1b'],
  ['a C1 control character', '\x9b'],
  ['a right-to-left override', '\u202e'],
  ['a right-to-left isolate', '\u2067'],
  ['a left-to-right mark', '\u200e'],
  ['a zero-width space', '\u200b'],
  ['a zero-width joiner between letters', '\u200d'],
  ['a word joiner', '\u2060'],
  ['a BOM', '\ufeff'],
  ['a soft hyphen', '\u00ad'],
  ['a line separator', '\u2028'],
  ['a variation selector after a letter', '\ufe0f'],
  ['a Hangul filler', '\u3164'],
  ['a tag character', '\u{e0041}'],
  ['half of a surrogate pair', '\ud83d'],
];

describe.each(hidden)('%s', (_, character) => {
  test.each(Object.entries({ ...names, ...paragraphs }))('is refused with %s', (_name, check) => {
    expect(refusalOf(() => check(`Global${character}Admin`)).code).toBe('INVALID_INPUT');
  });
});

test.each(Object.entries(names))('a line end within %s is refused', (_, check) => {
  expect(refusalOf(() => check('Global\nAdmin')).code).toBe('INVALID_INPUT');
});

test.each(Object.entries(paragraphs))('%s may have several lines', (_, check) => {
  expect(() => check('First line\r\n\tsecond line\n')).not.toThrow();
});

test.each([
  ['letters of any script', 'größe 服务器 עברית العربية'],
  ['emoji', '🚀 deploy ⚙️'],
  ['an emoji of several joined characters', '👩🏽‍💻 desk'],
  ['a keycap', 'step 1️⃣'],
])('%s may be in a title', (_, title) => {
  expect(titleOf(title)).toBe(title);
});

test('spaces around a user name are removed', () => {
  expect(usernameOf('root ')).toBe('root');
  expect(refusalOf(() => usernameOf('  ')).code).toBe('INVALID_INPUT');
});

test('a stored name that is older than the rule may be saved unchanged', () => {
  const old = 'Global\u200bAdmin';
  const edit = { title: old, username: old, timeLimit: 60 };
  const profile = editScriptProfile(
    aProfile(edit),
    { ...edit, timeLimit: 61 },
    { at: LATER, limits: LIMITS },
  );
  expect(profile).toMatchObject({ ...edit, timeLimit: 61 });
  const stored = { title: old, username: old, interpreter: `/bin/${old}` };
  const edited = editScript(aScript(stored), { ...stored, code: 'false\n' }, { by: john, at: LATER });
  expect(edited).toMatchObject({ ...stored, code: 'false\n' });
  expect(editRole({ ...role, name: old }, { permissions: [] }).name).toBe(old);
});
