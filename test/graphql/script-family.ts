import { beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { Instant } from '../../src/domain/time.ts';
import type { TestApp } from '../support/app.ts';
import { LATER, NOW } from '../support/builders.ts';
import { resetDatabase } from '../support/database.ts';
import { anAccount, insert, type TestAccount } from '../support/rows.ts';
import { sharedApp } from '../support/shared-app.ts';
import { ask, mutate, type Payload, refusal } from './mutate.ts';

export function scriptFamily(): void {
  let app: TestApp;
  let account: TestAccount;
  let now: Instant;
  let scriptId: number;
  beforeAll(async () => {
    app = await sharedApp({ seed: 'none', now: () => now });
  });
  beforeEach(async () => {
    now = NOW;
    await resetDatabase(app.database);
    account = await anAccount(app.database.prisma);
    const draft = { title: 'Clean up', interpreter: '/bin/sh', code: 'first\n' };
    scriptId = (await mutate(app, 'createScript', draft, 'script { databaseId }')).script.databaseId;
  });

  const script = async (selection: string): Promise<Payload> =>
    (await ask(app, `query ($id: ID!) { script(id: $id) { ${selection} } }`, { id: scriptId })).script;
  const base64 = (text: string) => Buffer.from(text).toString('base64');
  const ATTACHMENTS = 'attachments { databaseId filename size }';
  const add = (filename: string, content = base64(filename)) =>
    mutate(app, 'addScriptAttachment', { scriptId, filename, content }, `script { ${ATTACHMENTS} }`);

  describe('the versions of a script', () => {
    const VERSIONS = 'totalCount nodes { number title interpreter code createdBy { name } createdAt }';

    test('are one for each code that it had, newest first', async () => {
      now = LATER;
      await mutate(app, 'updateScript', { id: scriptId, title: 'Tidy', code: 'second\n' });
      await mutate(app, 'updateScript', { id: scriptId, title: 'No version of its own' });
      const { versions } = await script(`versions { ${VERSIONS} }`);
      const common = { interpreter: '/bin/sh', createdBy: { name: 'Jane Doe' } };
      expect(versions).toEqual({
        totalCount: 2,
        nodes: [
          { ...common, number: 2, title: 'Tidy', code: 'second\n', createdAt: LATER },
          { ...common, number: 1, title: 'Clean up', code: 'first\n', createdAt: NOW },
        ],
      });
      const { version } = await script('version(number: 1) { code }');
      expect(version).toEqual({ code: 'first\n' });
    });

    test('are paged with cursors that contain only numbers', async () => {
      for (const code of ['b', 'c', 'd']) await mutate(app, 'updateScript', { id: scriptId, code });
      const page = async (args: string) => {
        const { versions } = await script(`versions(${args}) { nodes { number } pageInfo { endCursor } }`);
        return versions;
      };
      const first = await page('first: 3');
      expect(first.nodes).toEqual([{ number: 4 }, { number: 3 }, { number: 2 }]);
      expect((await page(`after: "${first.pageInfo.endCursor}"`)).nodes).toEqual([{ number: 1 }]);
      const madeUp = Buffer.from('["ScriptVersion","NUMBER","x",1]').toString('base64url');
      const { errors } = await app.graphql(
        `{ script(id: ${scriptId}) { versions(after: "${madeUp}") { totalCount } } }`,
        {},
        app.token('jane@example.com', 'acme'),
      );
      expect(errors?.[0]?.extensions.code).toBe('INVALID_INPUT');
    });

    test.each([0, -1, 7, 2_147_483_647])('have no version with the number %d', async (number) => {
      const { data, errors } = await app.graphql(
        `{ script(id: ${scriptId}) { version(number: ${number}) { code } } }`,
        {},
        app.token('jane@example.com', 'acme'),
      );
      expect(data).toEqual({ script: { version: null } });
      expect(errors?.[0]?.extensions).toEqual({ code: 'NOT_FOUND', field: 'number', found: String(number) });
    });
  });

  test('scripts list the profiles that are not archived by default, and each page lists its own script’s', async () => {
    const { prisma } = app.database;
    await insert(prisma, 'script', account, [{ id: 1000 }, { id: 1001 }]);
    await insert(prisma, 'script_profile', account, [
      { id: 1000, scriptId: 1000 },
      { id: 1001, scriptId: 1001 },
      { id: 1002, scriptId: 1000 },
      { id: 1003, scriptId: 1000, archived: true },
    ]);
    const profiles = async (args: string) => {
      const { scripts } = await ask(
        app,
        `{ scripts { nodes { databaseId page: profiles${args} { totalCount nodes { databaseId } } } } }`,
      );
      const pages = scripts.nodes.map(({ databaseId, page }: Payload) => [
        databaseId,
        page.totalCount,
        page.nodes.map((profile: Payload) => profile.databaseId),
      ]);
      return pages.filter(([id]: [number]) => id !== scriptId);
    };
    expect(await profiles('')).toEqual([
      [1001, 1, [1001]],
      [1000, 2, [1002, 1000]],
    ]);
    expect(await profiles('(status: ARCHIVED)')).toEqual([
      [1001, 0, []],
      [1000, 1, [1003]],
    ]);
    expect(await profiles('(status: ALL, first: 2)')).toEqual([
      [1001, 1, [1001]],
      [1000, 3, [1003, 1002]],
    ]);
  });

  describe('an attachment', () => {
    test('is stored with its script, creates no version, and counts as an edit', async () => {
      now = LATER;
      const { script: changed } = await add('setup.sh', base64('echo ä\n'));
      expect(changed.attachments).toEqual([
        { databaseId: expect.any(Number), filename: 'setup.sh', size: 8 },
      ]);
      await add('b');
      expect(
        await script(`versionNumber lastEditedAt lastEditedBy { name } attachments { filename content }`),
      ).toEqual({
        versionNumber: 1,
        lastEditedAt: LATER,
        lastEditedBy: { name: 'Jane Doe' },
        attachments: [
          { filename: 'setup.sh', content: base64('echo ä\n') },
          { filename: 'b', content: base64('b') },
        ],
      });
    });

    test('can be selected for a page of scripts, but not for a thousand at once', async () => {
      await add('a');
      const all = (first: number) =>
        app.graphql(
          `{ scripts(first: ${first}) { nodes { attachments { content } } } }`,
          {},
          app.token('jane@example.com', 'acme'),
        );
      expect((await all(50)).data.scripts.nodes).toEqual([{ attachments: [{ content: base64('a') }] }]);
      expect((await all(1000)).errors?.[0]?.extensions.code).toBe('QUERY_TOO_COMPLEX');
    });

    test('is returned byte for byte, whatever its size', async () => {
      const bytes = Buffer.from(Array.from({ length: 1024 * 1024 }, (_, index) => (index * 7919) % 256));
      const { userErrors } = await add('large', bytes.toString('base64'));
      expect(userErrors).toEqual([]);
      const { attachments } = await script('attachments { size content }');
      expect(attachments[0].size).toBe(bytes.length);
      expect(Buffer.from(attachments[0].content, 'base64').equals(bytes)).toBe(true);
      expect((await add('one byte more', 'AA==')).userErrors).toEqual([
        expect.objectContaining({ code: 'INVALID_INPUT', field: 'content' }),
      ]);
    });

    test('is removed by its name', async () => {
      await add('a');
      await add('b');
      const removed = await mutate(
        app,
        'removeScriptAttachment',
        { scriptId, filename: 'a' },
        `script { ${ATTACHMENTS} }`,
      );
      expect(removed.script.attachments.map(({ filename }: Payload) => filename)).toEqual(['b']);
    });

    test('is refused with the reason if it is invalid', async () => {
      for (const name of ['a', 'b', 'c', 'd', 'e']) await add(name);
      expect(await refusal(app, 'addScriptAttachment', { scriptId, filename: 'a', content: '' })).toBe(
        'INVALID_INPUT filename',
      );
      expect(await refusal(app, 'addScriptAttachment', { scriptId, filename: 'f', content: '' })).toBe(
        'INVALID_INPUT filename',
      );
      expect(await refusal(app, 'addScriptAttachment', { scriptId: 4242, filename: 'f', content: '' })).toBe(
        'NOT_FOUND scriptId',
      );
      for (const filename of ['nothing', 'a\0'])
        expect(await refusal(app, 'removeScriptAttachment', { scriptId, filename })).toBe(
          'NOT_FOUND filename',
        );
      await mutate(app, 'archiveScript', { id: scriptId });
      for (const mutation of ['addScriptAttachment', 'removeScriptAttachment']) {
        const input = { scriptId, filename: 'a', ...(mutation === 'addScriptAttachment' && { content: '' }) };
        expect(await refusal(app, mutation, input)).toBe('SCRIPT_NOT_ACTIVE scriptId');
      }
    });

    test('is deleted with the code if the script is redacted, and kept if it is archived', async () => {
      await add('a');
      await mutate(app, 'archiveScript', { id: scriptId });
      expect((await script(ATTACHMENTS)).attachments).toHaveLength(1);
      await mutate(app, 'redactScript', { id: scriptId });
      expect((await script(ATTACHMENTS)).attachments).toEqual([]);
      expect(await app.database.prisma.scriptAttachment.count()).toBe(0);
    });

    test('is sent to the computers that take the script, in its state at that time', async () => {
      await add('config', base64('key=1'));
      const enrolled = await mutate(
        app,
        'enrolComputer',
        { hostname: 'web-1' },
        'token computer { databaseId }',
      );
      await mutate(app, 'acceptComputers', { ids: [enrolled.computer.databaseId] });
      const profile = {
        title: 'Profile',
        scriptId,
        username: 'root',
        timeLimit: 60,
        allComputers: true,
        trigger: { oneTime: { timestamp: '2030-01-01T00:00' } },
      };
      const { scriptProfile } = await mutate(app, 'createScriptProfile', profile, 'scriptProfile { id }');
      for (const idempotencyKey of ['1', '2'])
        await mutate(app, 'runScriptProfile', { id: scriptProfile.id, idempotencyKey });
      await add('more');
      const { executions } = await mutate(
        app,
        'takeExecutions',
        {},
        'executions { attachments { filename size content } }',
        enrolled.token,
      );
      const attachments = [
        { filename: 'config', size: 5, content: base64('key=1') },
        { filename: 'more', size: 4, content: base64('more') },
      ];
      expect(executions).toEqual([{ attachments }, { attachments }]);
    });
  });

  test('the permitted actions on a script depend on its status', async () => {
    const verdict = '{ allowed reason }';
    const rights = async () =>
      (
        await script(
          `viewerPermissions { canUpdate ${verdict} canArchive ${verdict} canCreateProfile ${verdict} canRedact ${verdict} }`,
        )
      ).viewerPermissions;
    const yes = { allowed: true, reason: null };
    const no = { allowed: false, reason: 'SCRIPT_NOT_ACTIVE' };
    expect(await rights()).toEqual({
      canUpdate: yes,
      canArchive: yes,
      canCreateProfile: yes,
      canRedact: yes,
    });
    await mutate(app, 'archiveScript', { id: scriptId });
    expect(await rights()).toEqual({ canUpdate: no, canArchive: no, canCreateProfile: no, canRedact: yes });
    await mutate(app, 'redactScript', { id: scriptId });
    expect(await rights()).toEqual({ canUpdate: no, canArchive: no, canCreateProfile: no, canRedact: no });
  });
}
