import { beforeAll, describe, expect, test } from '@jest/globals';
import { send } from '../rest/raw.ts';
import type { TestApp } from '../support/app.ts';
import { sharedApp } from '../support/shared-app.ts';
import { exchange } from './raw-bytes.ts';

// What a caller is told must lead to what they did wrong.
export function messages(): void {
  let app: TestApp;
  beforeAll(async () => {
    app = await sharedApp();
  });

  /** An error of the HTTP layer: its status, and its object. */
  async function errorOf(bytes: string) {
    const [head = '', body = ''] = (await exchange(app.url, bytes)).split('\r\n\r\n');
    return { status: Number(head.split(' ')[1]), ...JSON.parse(body) };
  }

  describe('a request that HTTP itself refuses has an error object, which says why', () => {
    const rest = 'Host: a\r\nConnection: close\r\n\r\n';
    test.each([
      ['a method in small letters', `patch /graphql HTTP/1.1\r\n${rest}`, 400, /capital letters/],
      ['an unknown version', `GET / HTTP/9.9\r\n${rest}`, 400, /HTTP\/1\.1/],
      ['a space in a header’s name', `GET / HTTP/1.1\r\nA B: c\r\n${rest}`, 400, /header/],
      ['a length that is none', `POST / HTTP/1.1\r\nContent-Length: x\r\n${rest}`, 400, /Content-Length/],
      [
        'a size of a chunk that is none',
        `POST /graphql HTTP/1.1\r\nTransfer-Encoding: chunked\r\nHost: a\r\n\r\nxyz\r\n`,
        400,
        /chunk/,
      ],
      ['no Host', 'GET /healthz HTTP/1.1\r\nConnection: close\r\n\r\n', 400, /Host/],
      ['another expectation', `POST /graphql HTTP/1.1\r\nExpect: a-miracle\r\n${rest}`, 417, /100-continue/],
    ])('%s', async (_what, bytes, status, says) => {
      const error = await errorOf(bytes);
      expect(error).toMatchObject({ status, code: status, error: expect.any(String), detail: null });
      expect(error.message).toMatch(says);
    });

    test('HTTP/1.0 needs no Host', async () => {
      expect(await exchange(app.url, 'GET /healthz HTTP/1.0\r\n\r\n')).toMatch(/^HTTP\/1\.1 200 /);
    });
  });

  describe('/graphql names what is wrong with a body', () => {
    const refusal = async (body: string, headers: Record<string, string>) => {
      const answer = await send(app, 'POST', '/graphql', { body, headers });
      return [answer.status, answer.body.errors[0].message];
    };

    test('a longer one than it takes: the limit', async () => {
      const long = JSON.stringify({ query: `{ viewer { accountName } } #${'x'.repeat(300_000)}` });
      expect(await refusal(long, { 'content-type': 'application/json' })).toEqual([
        413,
        'The body must be at most 262144 bytes, or 4194304 for an upload of a file or a report.',
      ]);
    });

    test.each(['text/plain', 'application/x-www-form-urlencoded'])(
      'one of another type: %s',
      async (type) => {
        expect(await refusal('{}', { 'content-type': type })).toEqual([
          415,
          `The body must be JSON, declared as application/json; found "${type}".`,
        ]);
      },
    );
  });

  test('an e-mail address and a password as Basic credentials are told what to send instead', async () => {
    const credentials = Buffer.from('john@example.com:secret').toString('base64');
    const headers = { authorization: `Basic ${credentials}` };
    const { status, body } = await send(app, 'GET', '/api/v2/script-profiles', { token: null, headers });
    expect(status).toBe(401);
    expect(body.message).toMatch(/log in and send "Authorization: Bearer <token>"/);
  });
}
