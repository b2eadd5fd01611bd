import { beforeAll, describe, expect, test } from '@jest/globals';
import type { TestApp } from '../support/app.ts';
import { sharedApp } from '../support/shared-app.ts';
import { base64, clientOf, ok } from './client.ts';
import { send } from './raw.ts';

// A client like Terraform: it uses the older prefix, depends on statuses, and compares answers with the data that it
// sent.
export function terraform() {
  let app: TestApp;
  let scriptId: number;
  beforeAll(async () => {
    app = await sharedApp();
  });

  const { get, write, legacy } = clientOf(() => app, '/api');

  test('a script is created by GET, and read back', async () => {
    const code = encodeURIComponent(base64('#!/bin/sh\necho "a+b"\n'));
    const sent = `title=Managed&code=${code}&script_type=V2&time_limit=60&username=root`;
    scriptId = ok(await legacy('CreateScript', sent)).id;
    expect(ok(await get(`/scripts/${scriptId}`))).toMatchObject({
      title: 'Managed',
      time_limit: 60,
      username: 'root',
      code: 'echo "a+b"\n',
    });
  });

  describe('a profile', () => {
    const trigger = {
      trigger_type: 'recurring',
      interval: '0 8 * * MON-FRI',
      start_after: '2030-01-01T08:00:00Z',
    };
    const sent = () => ({
      title: 'Managed: «profile»',
      script_id: scriptId,
      username: 'root',
      time_limit: 60,
      trigger,
    });
    let path: string;

    test('is created with 201 and JSON, and has the sent values', async () => {
      const { status, headers, body } = await write('POST', '/script-profiles', sent());
      expect([status, headers['content-type']]).toEqual([201, expect.stringContaining('json')]);
      expect(body).toMatchObject({ ...sent(), tags: [], all_computers: false });
      path = `/script-profiles/${body.id}`;
      expect(ok(await get(path))).toEqual(body);
    });

    test('is changed with 200, with all fields resent', async () => {
      const changed = ok(await write('PATCH', path, { ...sent(), time_limit: 90 }));
      expect(changed).toMatchObject({ ...sent(), time_limit: 90 });
    });

    test('shows times in whole seconds of UTC, whatever form they were sent in', async () => {
      const moved = { ...trigger, start_after: '2030-01-01T10:00:00.999+02:00' };
      expect(ok(await write('PATCH', path, { trigger: moved })).trigger).toEqual({
        ...trigger,
        last_run: null,
        next_run: '2030-01-01T08:00:00Z',
      });
    });

    test('is archived with 204', async () => {
      expect((await write('POST', `${path}:archive`)).status).toBe(204);
    });

    test('that does not exist is 404, for reading and archiving', async () => {
      expect((await get('/script-profiles/424242')).body).toMatchObject({
        error: 'NotFound',
        message: 'The specified script profile does not exist.',
        code: 404,
      });
      expect((await write('POST', '/script-profiles/424242:archive')).status).toBe(404);
    });
  });

  test('a script is archived without a content type', async () => {
    expect((await send(app, 'POST', `/api/scripts/${scriptId}:archive`)).status).toBe(204);
  });
}
