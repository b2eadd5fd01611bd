import { beforeAll, describe, expect, test } from '@jest/globals';
import type { TestApp } from '../support/app.ts';
import { sharedApp } from '../support/shared-app.ts';
import { base64, clientOf, ok } from './client.ts';

// What the dashboard of the real system asks for beside scripts and script profiles, in the shapes of its own types.
export function dashboard() {
  let app: TestApp;
  beforeAll(async () => {
    app = await sharedApp();
  });

  const { get, legacy, form } = clientOf(() => app);

  describe('a list of another product area is empty, in the shape that its page reads', () => {
    const emptyPage = { results: [], count: 0, next: null, previous: null };
    test.each([
      ['/alerts', []],
      ['/packageprofiles', { result: [] }],
      ['/rebootprofiles', emptyPage],
      ['/repositoryprofiles?limit=20&offset=0', emptyPage],
      ['/computers/availability-zones', { values: [] }],
    ])('%s', async (path, body) => {
      expect(ok(await get(path))).toEqual(body);
    });

    test.each(['GetUpgradeProfiles', 'GetRemovalProfiles'])('%s', async (action) => {
      expect(ok(await legacy(action))).toEqual([]);
    });

    test('the recovery key of a computer is null; that of an unknown computer is 404', async () => {
      expect(ok(await get('/computers/1/recovery-key'))).toEqual({ fde_recovery_key: null, activity: null });
      expect((await get('/computers/4242/recovery-key')).status).toBe(404);
    });
  });

  describe('the attachments of a script', () => {
    const attached = async () => ok(await get('/scripts/35')).attachments;

    test('are added by a form and by GET, and removed by name', async () => {
      const large = Buffer.alloc(700_000, 0xff).toString('base64');
      expect(ok(await form('CreateScriptAttachment', { script_id: '35', file: `a$$b$$${large}` }))).toBe(
        'a$$b',
      );
      const file = encodeURIComponent(`c.txt$$${base64('c')}`);
      expect(ok(await legacy('CreateScriptAttachment', `script_id=35&file=${file}`))).toBe('c.txt');
      expect(await attached()).toEqual(
        ['a$$b', 'c.txt'].map((filename) => ({ filename, id: expect.any(Number) })),
      );
      const [{ id }] = await attached();
      expect((await get(`/scripts/35/attachments/${id}`)).text).toHaveLength(700_000);
      expect(ok(await legacy('RemoveScriptAttachment', 'script_id=35&filename=a%24%24b'))).toBeNull();
      expect(await attached()).toMatchObject([{ filename: 'c.txt' }]);
    });

    test.each([
      ['CreateScriptAttachment', 'script_id=35&file=c.txt', 400, 'file'],
      ['CreateScriptAttachment', 'script_id=35&file=c.txt$$!', 400, 'file'],
      ['CreateScriptAttachment', 'script_id=35&file=a/b$$', 400, 'file'],
      ['CreateScriptAttachment', 'script_id=4242&file=a$$', 404, 'script_id'],
      ['RemoveScriptAttachment', 'script_id=35', 400, 'filename'],
      ['RemoveScriptAttachment', 'script_id=35&filename=z', 404, 'filename'],
      ['RemoveScriptAttachment', 'script_id=x&filename=z', 404, 'script_id'],
    ])('are refused by %s?%s with %d, about %s', async (action, parameters, status, field) => {
      const answer = await legacy(action, parameters);
      expect([answer.status, answer.body.detail.field]).toEqual([status, field]);
    });
  });
}
