import { describe, expect, test } from '@jest/globals';
import {
  archiveScript,
  checkActive,
  editScript,
  newScript,
  REDACTED,
  redactScript,
  type Script,
  type ScriptDraft,
  type ScriptEdit,
  splitScript,
} from '../../src/domain/scripts/script.ts';
import { anAccessGroup, aScript, jane, john, LATER, NOW, refusalOf } from '../support/builders.ts';

const made = { by: john, at: NOW };
const later = { by: jane, at: LATER };
const draft: ScriptDraft = { title: 'Clean up', interpreter: '/bin/sh', code: 'true\n' };
const create = (overrides: Partial<ScriptDraft> = {}) =>
  newScript({ ...draft, ...overrides }, { ...made, accessGroup: anAccessGroup() });

describe('a new script', () => {
  test('is active, has version 1, and has its creator as its last editor', () => {
    expect(create()).toEqual({
      ...draft,
      status: 'ACTIVE',
      accessGroup: anAccessGroup(),
      versionNumber: 1,
      timeLimit: 300,
      username: '',
      createdBy: john,
      createdAt: NOW,
      lastEditedBy: john,
      lastEditedAt: NOW,
      version: 1,
    });
  });

  test('has a time limit of five minutes and no user if these are null', () => {
    expect(create({ timeLimit: null, username: null })).toMatchObject({ timeLimit: 300, username: '' });
  });

  test.each<[keyof ScriptDraft, string, string | number, string | number]>([
    ['title', 'trimmed', '  Clean up\n', 'Clean up'],
    ['title', 'composed to NFC', 'Cafe\u0301', 'Café'],
    ['code', 'without a byte order mark', '\uFEFFtrue\n', 'true\n'],
    ['code', 'with a byte order mark that is not at the start', 'a\uFEFFb', 'a\uFEFFb'],
    ['interpreter', 'without a byte order mark', '\uFEFF#!/bin/sh', '/bin/sh'],
    ['title', '255 characters', '😀'.repeat(255), '😀'.repeat(255)],
    ['interpreter', 'without its `#!`', '#!/usr/bin/env python3', '/usr/bin/env python3'],
    ['interpreter', 'without surrounding spaces', '#! /bin/sh ', '/bin/sh'],
    ['interpreter', '1023 characters', `/${'a'.repeat(1022)}`, `/${'a'.repeat(1022)}`],
    ['code', 'with line feeds instead of carriage returns', 'a\r\nb\rc\n\r\n', 'a\nb\nc\n\n'],
    ['code', 'with its spaces and its last line end', '  a\n\n', '  a\n\n'],
    ['code', '128000 bytes', 'a'.repeat(128_000), 'a'.repeat(128_000)],
    ['code', '128000 bytes of 32000 characters', '😀'.repeat(32_000), '😀'.repeat(32_000)],
    ['code', '128000 bytes without its carriage returns', 'a\r\n'.repeat(64_000), 'a\n'.repeat(64_000)],
    ['timeLimit', 'one second', 1, 1],
    ['timeLimit', 'the maximum', 2_147_483_647, 2_147_483_647],
    ['username', 'empty, for none', '', ''],
    ['username', '256 characters', 'a'.repeat(256), 'a'.repeat(256)],
  ])('stores its %s: %s', (field, _, given, expected) => {
    expect(create({ [field]: given })[field as 'title']).toBe(expected);
  });

  test.each<[keyof ScriptDraft, string, string | number]>([
    ['title', 'empty', ''],
    ['title', 'only spaces', ' \n'],
    ['title', '256 characters', 'a'.repeat(256)],
    ['title', 'with NUL', 'a\0'],
    ['interpreter', 'empty', ''],
    ['interpreter', 'only `#!`', '#!'],
    ['interpreter', 'relative', 'bin/sh'],
    ['interpreter', 'of two lines', '/bin/sh\nrm'],
    ['interpreter', '1024 characters', `/${'a'.repeat(1023)}`],
    ['code', 'empty', ''],
    ['code', 'only spaces', ' \r\n\t'],
    ['code', 'with NUL', 'true\0'],
    ['code', 'with half of a surrogate pair', 'echo \ud83d'],
    ['code', '128001 bytes', 'a'.repeat(128_001)],
    ['code', '128004 bytes of 32001 characters', '😀'.repeat(32_001)],
    ['timeLimit', 'zero', 0],
    ['timeLimit', 'a fraction', 1.5],
    ['timeLimit', 'above 32 bits', 2_147_483_648],
    ['username', 'with a colon', 'a:b'],
    ['username', '257 characters', 'a'.repeat(257)],
  ])('is refused because of its %s: %s', (field, _, given) => {
    const refusal = refusalOf(() => create({ [field]: given }));
    expect(refusal.code).toBe('INVALID_INPUT');
    expect(refusal.detail).toEqual({
      field,
      found: expect.stringMatching(/./),
      allowed: expect.stringMatching(/./),
    });
  });

  test('is refused with all faults at once', () => {
    const refusal = refusalOf(() =>
      create({ title: '', interpreter: '', code: '', timeLimit: 0, username: '/' }),
    );
    expect([refusal, ...refusal.others].map(({ detail }) => detail.field)).toEqual([
      'title',
      'interpreter',
      'code',
      'timeLimit',
      'username',
    ]);
  });
});

describe('an edit of a script', () => {
  test.each<[string, ScriptEdit, Partial<Script>, number]>([
    ['of its title keeps the version', { title: ' New ' }, { title: 'New' }, 1],
    ['of its time limit keeps the version', { timeLimit: 60 }, { timeLimit: 60 }, 1],
    ['of its user keeps the version', { username: 'root' }, { username: 'root' }, 1],
    ['of its code creates a version', { code: 'false' }, { code: 'false' }, 2],
    ['of its interpreter creates a version', { interpreter: '/bin/bash' }, { interpreter: '/bin/bash' }, 2],
    [
      'of both creates one version',
      { code: 'false', interpreter: '/bin/bash' },
      { code: 'false', interpreter: '/bin/bash' },
      2,
    ],
  ])('%s, and records the editor and the time', (_, edit, changes, versionNumber) => {
    const script = aScript();
    expect(editScript(script, edit, later)).toEqual({
      ...script,
      ...changes,
      versionNumber,
      lastEditedBy: jane,
      lastEditedAt: LATER,
      version: 2,
    });
  });

  test.each<[string, ScriptEdit]>([
    ['nothing', {}],
    ['null fields', { title: null, interpreter: null, code: null, timeLimit: null, username: null }],
    ['the stored values', { title: 'Clean up', code: 'rm -rf /tmp/cache\n', timeLimit: 300, username: '' }],
    ['the same title with surrounding spaces', { title: ' Clean up ' }],
    ['the same interpreter with its `#!`', { interpreter: '#!/bin/sh' }],
    ['the same code with carriage returns', { code: 'rm -rf /tmp/cache\r\n' }],
  ])('changes nothing and returns the same object, given %s', (_, edit) => {
    const script = aScript();
    expect(editScript(script, edit, later)).toBe(script);
  });

  test('removes the user if it is an empty text', () => {
    expect(editScript(aScript({ username: 'root' }), { username: '' }, later).username).toBe('');
  });

  test('is refused with all faults at once', () => {
    const refusal = refusalOf(() => editScript(aScript(), { title: '', code: 'false', timeLimit: 0 }, later));
    expect([refusal, ...refusal.others].map(({ detail }) => detail.field)).toEqual(['title', 'timeLimit']);
  });
});

test('that read the clock earlier than the previous edit, and waited for it, does not set the time back', () => {
  const script = aScript({ lastEditedAt: LATER });
  const earlier = { by: jane, at: NOW };
  for (const changed of [
    editScript(script, { code: 'true' }, earlier),
    archiveScript(script, earlier),
    redactScript(script, earlier),
  ]) {
    expect(changed).toMatchObject({ lastEditedBy: jane, lastEditedAt: LATER });
  }
});

describe('a script that is', () => {
  const edited = { version: 2, lastEditedBy: jane, lastEditedAt: LATER };

  test('active can be archived, and its code is kept', () => {
    const script = aScript({ versionNumber: 3 });
    expect(archiveScript(script, later)).toEqual({ ...script, ...edited, status: 'ARCHIVED' });
  });

  test.each(['ACTIVE', 'ARCHIVED'] as const)('%s can be redacted, and none of its code is kept', (status) => {
    const script = aScript({ status, versionNumber: 3 });
    expect(redactScript(script, later)).toEqual({ ...script, ...edited, ...REDACTED, status: 'REDACTED' });
  });

  test('archived does not change if it is archived again', () => {
    const script = aScript({ status: 'ARCHIVED' });
    expect(archiveScript(script, later)).toBe(script);
  });

  test('redacted does not change if it is redacted again', () => {
    const script = aScript({ status: 'REDACTED' });
    expect(redactScript(script, later)).toBe(script);
  });

  test.each<[string, Script['status'], (script: Script) => unknown]>([
    ['archived cannot be edited', 'ARCHIVED', (script) => editScript(script, { title: 'New' }, later)],
    [
      'archived cannot be edited, even without changes',
      'ARCHIVED',
      (script) => editScript(script, {}, later),
    ],
    ['redacted cannot be edited', 'REDACTED', (script) => editScript(script, { code: 'true' }, later)],
    ['redacted cannot be archived', 'REDACTED', (script) => archiveScript(script, later)],
  ])('%s', (_, status, transition) => {
    const refusal = refusalOf(() => transition(aScript({ status })));
    expect(refusal.code).toBe('SCRIPT_NOT_ACTIVE');
    expect(refusal.message).toContain(`31 is ${status.toLowerCase()}`);
    expect(refusal.detail).toEqual({ field: 'id', found: status, allowed: 'ACTIVE' });
  });

  test('active can be used, and otherwise the refusal names the given field', () => {
    expect(() => checkActive(aScript(), 'scriptId')).not.toThrow();
    for (const status of ['ARCHIVED', 'REDACTED'] as const) {
      expect(refusalOf(() => checkActive(aScript({ status }), 'scriptId')).detail.field).toBe('scriptId');
    }
  });
});

describe('a script with its `#!` line', () => {
  test.each([
    ['#!/bin/sh\ntrue\n', '/bin/sh', 'true\n'],
    ['#!/bin/bash\n\nls', '/bin/bash', '\nls'],
    ['#! /usr/bin/env python3\r\na\r\nb', ' /usr/bin/env python3', 'a\r\nb'],
    ['#!/bin/sh\r#!', '/bin/sh', '#!'],
    ['#!/bin/sh', '/bin/sh', ''],
    ['#!\na', '', 'a'],
  ])('%j is split at its first line', (text, interpreter, code) => {
    expect(splitScript(text)).toEqual({ interpreter, code });
  });

  test.each(['', 'true', ' #!/bin/sh\ntrue', '\n#!/bin/sh', '# !/bin/sh\n'])('%j is refused', (text) => {
    expect(refusalOf(() => splitScript(text))).toMatchObject({
      code: 'INVALID_INPUT',
      detail: { field: 'code', allowed: expect.stringContaining('`#!`') },
    });
  });
});
