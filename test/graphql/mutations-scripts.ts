import { beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { Instant } from '../../src/domain/time.ts';
import type { TestApp } from '../support/app.ts';
import { LATER, NOW } from '../support/builders.ts';
import { resetDatabase } from '../support/database.ts';
import { anAccount, aRun, insert, type TestAccount } from '../support/rows.ts';
import { sharedApp } from '../support/shared-app.ts';
import { ask, mutate, refusal } from './mutate.ts';

export function mutationsScripts(): void {
  let app: TestApp;
  let account: TestAccount;
  let now: Instant;
  beforeAll(async () => {
    app = await sharedApp({ seed: 'none', now: () => now });
  });
  beforeEach(async () => {
    now = NOW;
    await resetDatabase(app.database);
    account = await anAccount(app.database.prisma);
  });

  const FIELDS = `databaseId title status versionNumber interpreter code timeLimit username createdAt lastEditedAt
  accessGroup { name } createdBy { name } lastEditedBy { name }`;
  const draft = { title: 'Clean up', interpreter: '/bin/sh', code: 'true\n' };
  const create = async (input: object = draft) =>
    (await mutate(app, 'createScript', input, `script { ${FIELDS} }`)).script;
  const edit = async (input: object) =>
    (await mutate(app, 'updateScript', input, `script { ${FIELDS} }`)).script;
  const end = async (how: 'archive' | 'redact', id: number) =>
    (await mutate(app, `${how}Script`, { id }, `script { ${FIELDS} }`)).script;
  const script = async (id: number) =>
    (await ask(app, `query ($id: ID!) { script(id: $id) { ${FIELDS} } }`, { id })).script;
  const numberOfScripts = async () =>
    (
      await ask(
        app,
        '{ scripts(filter: { statuses: [ACTIVE, ARCHIVED, REDACTED] }, first: 0) { totalCount } }',
      )
    ).scripts.totalCount;
  const versions = (id: number) =>
    app.database.prisma.scriptVersion.findMany({
      where: { scriptId: id },
      orderBy: { number: 'asc' },
      select: { number: true, interpreter: true, code: true },
    });

  describe('creating a script', () => {
    test('returns it as stored: without the `#!` and carriage returns, and with defaults', async () => {
      await mutate(app, 'createAccessGroup', { title: 'Server' });
      const made = await create({
        title: ' Clean up ',
        interpreter: '#! /bin/sh',
        code: 'a\r\nb\rc',
        accessGroup: 'server',
      });
      expect(made).toEqual({
        databaseId: 1,
        title: 'Clean up',
        status: 'ACTIVE',
        versionNumber: 1,
        interpreter: '/bin/sh',
        code: 'a\nb\nc',
        timeLimit: 300,
        username: '',
        createdAt: '2025-04-10T12:00:30.250000Z',
        lastEditedAt: '2025-04-10T12:00:30.250000Z',
        accessGroup: { name: 'server' },
        createdBy: { name: 'Jane Doe' },
        lastEditedBy: { name: 'Jane Doe' },
      });
      expect(await script(1)).toEqual(made);
    });

    test('accepts the longest code, even if each character is escaped in JSON', async () => {
      const code = '"'.repeat(128_000);
      expect((await create({ ...draft, code })).code).toBe(code);
      expect(await refusal(app, 'createScript', { ...draft, title: 'Longer', code: `${code}a` })).toBe(
        'INVALID_INPUT code',
      );
    });

    test('puts it into the root group by default', async () => {
      expect(await create()).toMatchObject({ accessGroup: { name: 'global' } });
    });

    test.each([
      ['a blank title', { title: ' ' }, 'INVALID_INPUT title'],
      ['a title of 256 characters', { title: 'x'.repeat(256) }, 'INVALID_INPUT title'],
      ['a NUL in the title', { title: 'a\0b' }, 'INVALID_INPUT title'],
      ['the title of another script', { title: 'Taken' }, 'TITLE_TAKEN title'],
      ['the title of an archived script', { title: 'Archived' }, 'TITLE_TAKEN title'],
      ['a used title with surrounding spaces', { title: ' Taken ' }, 'TITLE_TAKEN title'],
      ['an interpreter that is not an absolute path', { interpreter: 'sh' }, 'INVALID_INPUT interpreter'],
      ['no code', { code: ' \n' }, 'INVALID_INPUT code'],
      ['a NUL in the code', { code: 'a\0' }, 'INVALID_INPUT code'],
      ['a time limit of 0', { timeLimit: 0 }, 'INVALID_INPUT timeLimit'],
      ['a username with a colon', { username: 'a:b' }, 'INVALID_INPUT username'],
      ['a group that does not exist', { accessGroup: 'nowhere' }, 'INVALID_INPUT accessGroup'],
      ['a group with a NUL', { accessGroup: '\0' }, 'INVALID_INPUT accessGroup'],
    ])('is refused for %s, and creates nothing', async (_, wrong, expected) => {
      await create({ ...draft, title: 'Taken' });
      await end('archive', (await create({ ...draft, title: 'Archived' })).databaseId);
      expect(await refusal(app, 'createScript', { ...draft, ...wrong })).toBe(expected);
      expect(await numberOfScripts()).toBe(2);
    });

    test('is refused with all faults at once', async () => {
      const { script: none, userErrors } = await mutate(
        app,
        'createScript',
        { title: '', interpreter: 'sh', code: '' },
        'script { id }',
      );
      expect(none).toBeNull();
      expect(userErrors.map(({ field }: { field: string }) => field)).toEqual([
        'title',
        'interpreter',
        'code',
      ]);
    });

    test('with the same title is possible in two accounts', async () => {
      await create();
      const neighbour = await anAccount(app.database.prisma, 'neighbour', 'joe@example.com');
      const token = app.token('joe@example.com', neighbour.name);
      expect((await mutate(app, 'createScript', draft, '', token)).userErrors).toEqual([]);
    });
  });

  describe('editing a script', () => {
    test.each([
      ['code', { code: 'false\n' }, 2],
      ['interpreter', { interpreter: '/bin/bash' }, 2],
      ['code and interpreter together', { code: 'false\n', interpreter: '/bin/bash' }, 2],
      ['title', { title: 'Tidy up' }, 1],
      ['time limit', { timeLimit: 60 }, 1],
      ['username', { username: 'root' }, 1],
    ])(
      'in its %s keeps the rest, and creates a version only if the interpreter or code changes',
      async (_, change, version) => {
        const before = await create();
        now = LATER;
        const after = await edit({ id: before.databaseId, ...change });
        expect(after).toEqual({
          ...before,
          ...change,
          versionNumber: version,
          lastEditedAt: '2025-04-11T09:15:20.500000Z',
        });
        expect(await script(1)).toEqual(after);
        const stored = await versions(1);
        expect(stored.map(({ number }) => number)).toEqual(version === 2 ? [1, 2] : [1]);
        expect(stored[0]).toEqual({ number: 1, interpreter: '/bin/sh', code: 'true\n' });
      },
    );

    test.each([
      ['nothing', {}],
      ['null fields', { title: null, code: null, interpreter: null, timeLimit: null, username: null }],
      ['the stored values', { ...draft, timeLimit: 300, username: '' }],
      ['the same code with carriage returns', { code: 'true\r\n', interpreter: '#!/bin/sh' }],
    ])('with %s changes nothing', async (_, change) => {
      const before = await create();
      now = LATER;
      expect(await edit({ id: before.databaseId, ...change })).toEqual(before);
      expect(await versions(1)).toHaveLength(1);
    });

    test('affects its profiles, which run the newest version', async () => {
      const { databaseId } = await create();
      await insert(app.database.prisma, 'script_profile', account, [{ id: 1000, scriptId: databaseId }]);
      await edit({ id: databaseId, code: 'false\n' });
      const { scriptProfile } = await ask(
        app,
        '{ scriptProfile(id: 1000) { version script { versionNumber code } } }',
      );
      expect(scriptProfile).toEqual({ version: 1, script: { versionNumber: 2, code: 'false\n' } });
    });

    test.each([
      ['a blank title', { id: 1, title: '' }, 'INVALID_INPUT title'],
      ['the title of another script', { id: 1, title: 'Other' }, 'TITLE_TAKEN title'],
      ['empty code', { id: 1, code: '' }, 'INVALID_INPUT code'],
      ['a script that does not exist', { id: 99, title: 'x' }, 'NOT_FOUND id'],
      ['an invalid id', { id: 'x', title: 'x' }, 'NOT_FOUND id'],
      ['an archived script', { id: 3, title: 'x' }, 'SCRIPT_NOT_ACTIVE id'],
    ])('is refused for %s, and changes nothing', async (_, input, expected) => {
      const before = await create();
      await create({ ...draft, title: 'Other' });
      await end('archive', (await create({ ...draft, title: 'Archived' })).databaseId);
      expect(await refusal(app, 'updateScript', input)).toBe(expected);
      expect(await script(1)).toEqual(before);
    });
  });

  describe.each(['archive', 'redact'] as const)('%s: a script that is archived or redacted', (how) => {
    const status = how === 'archive' ? 'ARCHIVED' : 'REDACTED';

    test('archives its profiles and cancels their undelivered executions, but not those of other profiles', async () => {
      const { databaseId } = await create();
      const other = await create({ ...draft, title: 'Other' });
      const { prisma } = app.database;
      const profile = (id: number, scriptId: number) => ({ id, scriptId, nextRun: LATER });
      await insert(prisma, 'script_profile', account, [
        profile(1000, databaseId),
        profile(1001, databaseId),
        profile(1002, other.databaseId),
      ]);
      const executions = [
        { computerId: 1, status: 'undelivered' },
        { computerId: 2, status: 'delivered' },
      ];
      await insert(prisma, 'activity', account, aRun(2000, 1000, executions, 'delivered'));
      await insert(prisma, 'activity', account, aRun(2010, 1001, executions.slice(0, 1)));
      await insert(prisma, 'activity', account, aRun(2020, 1002, executions));
      now = LATER;

      expect(await end(how, databaseId)).toMatchObject({
        status,
        lastEditedAt: '2025-04-11T09:15:20.500000Z',
      });

      const { scriptProfiles } = await ask(
        app,
        `{ scriptProfiles(filter: { status: ALL }, orderBy: { field: TITLE, direction: ASC }) { nodes {
          databaseId archived lastEditedAt trigger { ... on OneTimeTrigger { nextRun } } } } }`,
      );
      const archived = {
        archived: true,
        lastEditedAt: '2025-04-11T09:15:20.500000Z',
        trigger: { nextRun: null },
      };
      expect(scriptProfiles.nodes).toEqual([
        { databaseId: 1000, ...archived },
        { databaseId: 1001, ...archived },
        {
          databaseId: 1002,
          archived: false,
          lastEditedAt: '2025-04-10T12:00:30.250000Z',
          trigger: { nextRun: '2025-04-11T09:15:20.500000Z' },
        },
      ]);
      const rows = await prisma.activity.findMany({
        orderBy: { id: 'asc' },
        select: { id: true, status: true },
      });
      expect(rows.map((row) => [Number(row.id), row.status])).toEqual([
        [2000, 'delivered'],
        [2001, 'canceled'],
        [2002, 'delivered'],
        [2010, 'canceled'],
        [2011, 'canceled'],
        [2020, 'undelivered'],
        [2021, 'undelivered'],
        [2022, 'delivered'],
      ]);
    });

    test('can still be read and keeps its title, and a second time changes nothing', async () => {
      const { databaseId } = await create();
      const ended = await end(how, databaseId);
      now = LATER;
      expect(await end(how, databaseId)).toEqual(ended);
      expect(await script(databaseId)).toEqual(ended);
      expect(await refusal(app, 'createScript', draft)).toBe('TITLE_TAKEN title');
    });

    test('refuses edits and new profiles', async () => {
      const { databaseId } = await create();
      await end(how, databaseId);
      expect(await refusal(app, 'updateScript', { id: databaseId, title: 'x' })).toBe('SCRIPT_NOT_ACTIVE id');
      const input = {
        title: 'Profile',
        scriptId: databaseId,
        username: 'root',
        timeLimit: 60,
        trigger: { event: { eventType: 'POST_ENROLLMENT' } },
      };
      expect(await refusal(app, 'createScriptProfile', input)).toBe('SCRIPT_NOT_ACTIVE scriptId');
    });

    test('must belong to the account', async () => {
      const neighbour = await anAccount(app.database.prisma, 'neighbour', 'joe@example.com');
      await insert(app.database.prisma, 'script', neighbour, [{ id: 1000 }]);
      for (const id of [1000, 99, 0, 'x'])
        expect(await refusal(app, `${how}Script`, { id })).toBe('NOT_FOUND id');
      const [row] = await app.database.prisma.script.findMany();
      expect(row?.status).toBe('ACTIVE');
    });
  });

  test('loses the code of every version if redacted, and keeps it if archived', async () => {
    const { databaseId } = await create();
    await edit({ id: databaseId, code: 'secret\n' });
    await end('archive', databaseId);
    expect((await versions(databaseId)).map(({ code }) => code)).toEqual(['true\n', 'secret\n']);

    const redacted = await end('redact', databaseId);
    const text = { interpreter: '/bin/false', code: 'The code for this script has been redacted.' };
    expect(redacted).toMatchObject({ ...text, status: 'REDACTED', versionNumber: 2 });
    expect(await versions(databaseId)).toEqual([
      { number: 1, ...text },
      { number: 2, ...text },
    ]);
    expect(await refusal(app, 'archiveScript', { id: databaseId })).toBe('SCRIPT_NOT_ACTIVE id');
  });
}
