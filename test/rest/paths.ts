import { beforeAll, describe, expect, test } from '@jest/globals';
import type { TestApp } from '../support/app.ts';
import { sharedApp } from '../support/shared-app.ts';
import { expectError, send } from './raw.ts';

export function paths() {
  let app: TestApp;
  beforeAll(async () => {
    app = await sharedApp();
  });

  const isArchived = async (id: number) => (await app.rest('GET', `/script-profiles/${id}`)).body.archived;

  describe('the spellings of `:archive`', () => {
    test.each([
      ':archive',
      '5:Archive',
      '5:ARCHIVE',
      '5:bogus',
      '5:',
      '5:archive:archive',
      '5:archived',
      '5/archive',
      '5/:archive',
      '5%2Farchive:archive',
      '5 :archive',
      '5%20:archive',
      '-5:archive',
      '05:archive',
      '5.0:archive',
      'abc:archive',
      '5:%61rchive%00',
    ])('POST /script-profiles/%s is 404, and archives nothing', async (spelling) => {
      const path = `/api/v2/script-profiles/${spelling.replaceAll(' ', '%20')}`;
      expectError(await send(app, 'POST', path), 404, 'NotFound');
      expect(await isArchived(5)).toBe(false);
    });

    test.each([
      '5:archive',
      '5%3Aarchive',
      '5%3aarchive',
      '5:archive/',
      '5:archive//',
      '5:%61rchive',
      '%35:archive',
    ])('POST /script-profiles/%s archives profile 5, and answers 204 without a body', async (spelling) => {
      const answer = await send(app, 'POST', `/api/v2/script-profiles/${spelling}`);
      expect([answer.status, answer.text]).toEqual([204, '']);
      expect(await isArchived(5)).toBe(true);
    });

    test.each(['GET', 'PATCH', 'PUT', 'DELETE'])(
      '%s on it is 405, with POST as the allowed method',
      async (method) => {
        const answer = await send(app, method, '/api/v2/script-profiles/4:archive');
        expectError(answer, 405, 'MethodNotAllowed');
        expect(answer.headers.allow).toBe('POST');
        expect(await isArchived(4)).toBe(false);
      },
    );
  });

  const paths = [
    '/script-profiles',
    '/script-profiles/4',
    '/script-profiles/4/activities',
    '/script-profiles/4/computers',
    '/script-profile-limits',
    '/openapi.json',
  ];

  describe('a path answers the same', () => {
    test.each(paths)(
      '%s: under /api/v2, under /api, with trailing slashes, and after a host',
      async (path) => {
        const { body: plain } = await send(app, 'GET', `/api/v2${path}`);
        expect(plain).toBeDefined();
        for (const same of [
          `/api${path}`,
          `/api/v2${path}/`,
          `/api${path}///`,
          `http://other.example/api/v2${path}`,
        ]) {
          const { status, body } = await send(app, 'GET', same);
          expect([same, status]).toEqual([same, 200]);
          expect(body).toEqual(plain);
        }
      },
    );

    test.each(paths)('%s: HEAD has the headers of GET, and no body', async (path) => {
      const [get, head] = [
        await send(app, 'GET', `/api/v2${path}`),
        await send(app, 'HEAD', `/api/v2${path}`),
      ];
      expect([head.status, head.text]).toEqual([200, '']);
      expect(head.headers['content-type']).toBe(get.headers['content-type']);
      expect(head.headers['content-length']).toBe(get.headers['content-length']);
    });
  });

  describe('an unknown path is 404 with an error object, never HTML', () => {
    test.each([
      '/api',
      '/api/',
      '/api/v1/script-profiles',
      '/api/v2/v2/script-profiles',
      '/API/v2/script-profiles',
      '/api/v2/Script-Profiles',
      '/api/v2//script-profiles',
      '/api/v2/script-profiles//5',
      '/api/v2/script-profiles/5:bogus',
      '/api/v2/script-profiles/5%253Aarchive',
      '/api/v2/script-profiles/5/nothing',
      '/api/v2/script-profiles/5/activities/2396',
      '/api/v2/script-profile-limits/1',
      '/api/v2/../etc/passwd',
      '/api/v2/script-profiles/%2e%2e/script-profile-limits',
      '/api/v2/constructor',
      '/api/v2/__proto__',
      '/api/v2/<script>alert(1)</script>',
      '/apiv2/script-profiles',
      '/nothing',
      '/robots.txt',
      '/healthz/nothing',
      '/graphql/',
      '/api/?action=GetComputers&version=2011-08-01',
      '/api?action=GetComputers&version=2011-08-01&limit=1',
    ])('GET %s', async (path) => {
      const answer = await send(app, 'GET', path, { headers: { accept: 'text/html' } });
      expectError(answer, 404, 'NotFound');
      expect(answer.headers['x-content-type-options']).toBe('nosniff');
    });

    test.each(['%', '%zz', '%c3', '%ff%fe', '%00', '%e0%a4%a', '5%'])(
      'GET /script-profiles/%s, which cannot be decoded or is not a number',
      async (spelling) => {
        expectError(await send(app, 'GET', `/api/v2/script-profiles/${spelling}`), 404, 'NotFound');
        expectError(await send(app, 'PATCH', `/api/${spelling}`, { body: '{}' }), 404, 'NotFound');
      },
    );

    test('POST of any body to it is also 404', async () => {
      for (const type of ['application/json', 'text/xml', 'garbage', 'multipart/form-data']) {
        const request = { body: 'x'.repeat(300_000), headers: { 'content-type': type } };
        expectError(await send(app, 'POST', '/nothing', request), 404, 'NotFound');
        expectError(await send(app, 'POST', '/api/v2/nothing', request), 404, 'NotFound');
      }
    });
  });

  const allowed: Readonly<Record<string, string>> = {
    '/script-profiles': 'GET, POST',
    '/script-profiles/4': 'GET, PATCH',
    '/script-profiles/4:archive': 'POST',
    '/script-profiles/4/activities': 'GET, POST',
    '/script-profiles/4/computers': 'GET',
    '/script-profile-limits': 'GET, POST',
    '/openapi.json': 'GET',
  };

  describe('a method that a path does not have is 405, with the allowed methods', () => {
    const wrong = Object.entries(allowed).flatMap(([path, methods]) =>
      ['GET', 'HEAD', 'POST', 'PATCH', 'PUT', 'DELETE', 'TRACE', 'PROPFIND', 'MKCOL']
        .filter((method) => !methods.split(', ').includes(method === 'HEAD' ? 'GET' : method))
        .map((method) => [method, path, methods] as const),
    );
    test.each(wrong)('%s %s: %s', async (method, path, methods) => {
      for (const prefix of ['/api/v2', '/api']) {
        const answer = await send(app, method, `${prefix}${path}`);
        expect([answer.status, answer.headers.allow]).toEqual([405, methods]);
        if (method !== 'HEAD') expectError(answer, 405, 'MethodNotAllowed');
      }
    });

    test.each(Object.entries(allowed))('OPTIONS %s is 204 with the same list: %s', async (path, methods) => {
      const answer = await send(app, 'OPTIONS', `/api/v2${path}`, { token: null });
      expect([answer.status, answer.headers.allow, answer.text]).toEqual([204, methods, '']);
    });
  });

  describe('a request with several faults is refused for the first, in this order', () => {
    const broken = { body: '{', headers: { 'content-type': 'text/xml' } };
    test.each([
      ['an unknown path, before the method and the token', 'DELETE', '/nothing', null, 404],
      ['the method, before the token', 'PUT', '/script-profiles', null, 405],
      ['the token, before the body', 'POST', '/script-profiles', null, 401],
      ['the body’s type, before its JSON', 'POST', '/script-profiles', 'john', 415],
      ['the token, before the id', 'PATCH', '/script-profiles/abc', null, 401],
    ] as const)('%s', async (_what, method, path, token, status) => {
      const answer = await send(app, method, `/api/v2${path}`, { ...broken, token: token && app.token() });
      expect(answer.status).toBe(status);
    });

    test('a body over the limit precedes its JSON, its JSON precedes the id, and the id precedes the rules', async () => {
      const patch = async (body: string) =>
        (await send(app, 'PATCH', '/api/v2/script-profiles/4242', { body })).status;
      expect(await patch('{'.repeat(2 ** 20 + 1))).toBe(413);
      expect(await patch('{')).toBe(400);
      expect(await patch('{"time_limit": 0}')).toBe(404);
    });
  });
}
