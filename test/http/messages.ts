import { beforeAll, describe, expect, test } from '@jest/globals';
import { send } from '../rest/raw.ts';
import type { TestApp } from '../support/app.ts';
import { sharedApp } from '../support/shared-app.ts';
import { exchange } from './raw-bytes.ts';

// A message must help the caller to find the fault of the request.
export function messages(): void {
  let app: TestApp;
  beforeAll(async () => {
    app = await sharedApp();
  });

  /** The status and the body of an error of the HTTP layer. */
  async function errorOf(bytes: string) {
    const [head = '', body = ''] = (await exchange(app.url, bytes)).split('\r\n\r\n');
    return { status: Number(head.split(' ')[1]), ...JSON.parse(body) };
  }

  describe('a request that the HTTP layer refuses has an error object with the reason', () => {
    const rest = 'Host: a\r\nConnection: close\r\n\r\n';
    test.each([
      ['a method in lower case', `patch /graphql HTTP/1.1\r\n${rest}`, 400, /capital letters/],
      ['an unknown version', `GET / HTTP/9.9\r\n${rest}`, 400, /HTTP\/1\.1/],
      ['a space in a header’s name', `GET / HTTP/1.1\r\nA B: c\r\n${rest}`, 400, /header/],
      ['an invalid length', `POST / HTTP/1.1\r\nContent-Length: x\r\n${rest}`, 400, /Content-Length/],
      [
        'an invalid size of a chunk',
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

    test('HTTP/1.0 requires no Host', async () => {
      expect(await exchange(app.url, 'GET /healthz HTTP/1.0\r\n\r\n')).toMatch(/^HTTP\/1\.1 200 /);
    });
  });

  describe('/graphql describes the fault of a body', () => {
    const refusal = async (body: string, headers: Record<string, string>) => {
      const answer = await send(app, 'POST', '/graphql', { body, headers });
      return [answer.status, answer.body.errors[0].message];
    };

    test('that is too long, with the limit', async () => {
      const long = JSON.stringify({ query: `{ viewer { accountName } } #${'x'.repeat(300_000)}` });
      expect(await refusal(long, { 'content-type': 'application/json' })).toEqual([
        413,
        'The body must be at most 262144 bytes, or 4194304 for an upload of a file or a report.',
      ]);
    });

    test.each(['text/plain', 'application/x-www-form-urlencoded'])('of another type: %s', async (type) => {
      expect(await refusal('{}', { 'content-type': type })).toEqual([
        415,
        `The body must be JSON, declared as application/json; found "${type}".`,
      ]);
    });
  });

  test('an e-mail address and a password as Basic credentials lead to a message with the correct way', async () => {
    const credentials = Buffer.from('john@example.com:secret').toString('base64');
    const headers = { authorization: `Basic ${credentials}` };
    const { status, body } = await send(app, 'GET', '/api/v2/script-profiles', { token: null, headers });
    expect(status).toBe(401);
    expect(body.message).toMatch(/log in and send "Authorization: Bearer <token>"/);
  });
}
