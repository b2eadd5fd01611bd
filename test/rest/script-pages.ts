import { beforeAll, describe, expect, test } from '@jest/globals';
import type { TestApp } from '../support/app.ts';
import { sharedApp } from '../support/shared-app.ts';
import { base64, clientOf, ok } from './client.ts';

// The requests of the real system's dashboard for its pages of scripts, as observed: see neighbours.ts.
export function scriptPages() {
  let app: TestApp;
  beforeAll(async () => {
    app = await sharedApp();
  });

  const { get, write, form } = clientOf(() => app);

  describe('the pages of scripts', () => {
    test('create, edit, list the versions, download an attachment, archive, redact', async () => {
      const made = ok(
        await form('CreateScript', {
          title: 'From a form',
          code: base64('#!/bin/bash\n\nls /tmp'),
          script_type: 'V2',
          access_group: 'server',
        }),
      );
      expect(made).toMatchObject({
        interpreter: '/bin/bash',
        code: '\nls /tmp',
        access_group: 'server',
        time_limit: 300,
        username: '',
      });
      expect(made).not.toHaveProperty('is_editable');
      const edited = ok(
        await form('EditScript', {
          script_id: String(made.id),
          code: base64('#!/bin/sh\nls'),
          title: 'Edited',
        }),
      );
      expect(edited).toMatchObject({
        id: made.id,
        version_number: 2,
        interpreter: '/bin/sh',
        title: 'Edited',
      });

      const versions = ok(await get(`/scripts/${made.id}/versions?limit=1`));
      expect(versions).toMatchObject({
        count: 2,
        next: `/api/v2/scripts/${made.id}/versions?limit=1&offset=1`,
        results: [{ id: 2, version_number: 2, code: 'ls', created_by: { name: 'John Smith', id: 1 } }],
      });
      expect(Object.keys(versions.results[0])).toEqual([
        ...['id', 'created_by', 'title', 'version_number', 'code', 'interpreter', 'created_at'],
      ]);
      expect(ok(await get(`/scripts/${made.id}/versions/1`)).code).toBe('\nls /tmp');

      const filename = "täst 'ä'.sh";
      const { data } = await app.graphql(
        `mutation ($input: AddScriptAttachmentInput!) { addScriptAttachment(input: $input) { userErrors { message } } }`,
        { input: { scriptId: String(made.id), filename, content: base64('<b>\0bytes') } },
      );
      expect(data.addScriptAttachment.userErrors).toEqual([]);
      const { attachments } = ok(await get(`/scripts/${made.id}`));
      expect(attachments).toEqual([{ filename, id: expect.any(Number) }]);
      const file = await get(`/scripts/${made.id}/attachments/${attachments[0].id}`);
      expect([file.status, file.text]).toEqual([200, '<b>\0bytes']);
      expect(file.headers).toMatchObject({
        'content-type': 'application/octet-stream',
        'content-disposition': "attachment; filename*=UTF-8''t%C3%A4st%20%27%C3%A4%27.sh",
        'x-content-type-options': 'nosniff',
      });
      expect((await get(`/scripts/35/attachments/${attachments[0].id}`)).status).toBe(404);

      expect((await write('POST', `/scripts/${made.id}:archive`)).status).toBe(204);
      expect(ok(await get('/scripts?script_type=archived')).results[0]).toMatchObject({
        id: made.id,
        status: 'ARCHIVED',
        is_editable: false,
        is_executable: false,
        is_redactable: true,
      });
      expect((await write('POST', `/scripts/${made.id}:redact`)).status).toBe(204);
      expect(ok(await get(`/scripts/${made.id}`))).toMatchObject({
        status: 'REDACTED',
        code: 'The code for this script has been redacted.',
        interpreter: '/bin/false',
        attachments: [],
        is_redactable: false,
      });
      const refused = await write('POST', `/scripts/${made.id}:archive`);
      expect([refused.status, refused.body.error]).toEqual([400, 'ScriptNotActive']);
    });

    test('scripts in use are listed by default', async () => {
      const counts = async (type: string) => ok(await get(`/scripts?limit=0${type}`)).count;
      expect(await Promise.all(['', '&script_type=active', '&script_type=all'].map(counts))).toEqual([
        3, 3, 4,
      ]);
      expect(await Promise.all(['&script_type=v2', '&script_type=v1'].map(counts))).toEqual([4, 0]);
      expect(await counts('&search=NO+SUCH')).toBe(0);
    });

    test('the profiles of a script include archived ones if requested', async () => {
      const page = ok(await get('/scripts/34/script-profiles'));
      expect(page.results.map(({ id }: { id: number }) => id)).toEqual([1]);
      const [same] = page.results;
      expect(same).toEqual(ok(await get('/script-profiles/1')));
      expect((await get('/scripts/4242/script-profiles')).status).toBe(404);
    });
  });
}
