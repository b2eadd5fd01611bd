import { beforeAll, describe, expect, test } from '@jest/globals';
import { send } from '../rest/raw.ts';
import type { TestApp } from '../support/app.ts';
import { sharedApp } from '../support/shared-app.ts';
import { doubling } from '../support/visits.ts';
import { exchange } from './raw-bytes.ts';

export function oneReading(): void {
  let app: TestApp;
  beforeAll(async () => {
    app = await sharedApp();
  });

  const json = { 'content-type': 'application/json' };
  const get = (search: string, token?: null) =>
    send(app, 'GET', `/graphql${search}`, { headers: json, ...(token === null && { token }) });
  const SMALL = encodeURIComponent('{ viewer { accountName } } #');
  /** Deeper than the limit of documents. */
  const DEEP = encodeURIComponent(`{ accessGroups ${'{ parent '.repeat(14)}{ name }${' }'.repeat(14)} } #`);

  const undecodable = ['%FF', '%', '%zz', '%C3', '%C3%28', '%ED%A0%80', '%F5%80%80%80', '%C0%AF'];

  describe('a GET request whose parameters cannot be decoded', () => {
    test.each(undecodable)('is refused with 400: %s in a comment of a document', async (bytes) => {
      for (const document of [SMALL, DEEP]) {
        const { status, body } = await get(`?query=${document}${bytes}`);
        expect([status, body.data, body.errors[0].extensions]).toEqual([
          400,
          undefined,
          {
            code: 'INVALID_INPUT',
            field: 'query',
            found: expect.any(String),
            allowed: 'percent-encoded UTF-8',
          },
        ]);
      }
    });

    test.each(['variables', 'extensions', 'operationName'])('is also refused for %s', async (name) => {
      const { status, body } = await get(`?query=${SMALL}&${name}=%FF`);
      expect([status, body.errors[0].extensions.field]).toEqual([400, name]);
    });

    test('is refused for an unknown parameter, or for the name of one', async () => {
      for (const more of ['&x=%FF', '&%FF', '&%FF=x'])
        expect((await get(`?query=${SMALL}${more}`)).body.errors[0].extensions.field).toBe('parameters');
    });

    test('is also refused as a stream', async () => {
      const { status, body } = await send(app, 'GET', '/graphql/stream?query=subscription{x}%FF', {
        headers: { accept: 'text/event-stream' },
      });
      expect([status, body.errors[0].extensions.code]).toEqual([400, 'INVALID_INPUT']);
    });

    test('is refused with 401 without a token, whatever it contains', async () => {
      const logIn = encodeURIComponent(
        'mutation { login(input: { email: "a", password: "b" }) { token } } #',
      );
      expect((await get(`?query=${logIn}%FF`, null)).status).toBe(401);
    });

    test('does not end the process if its fragments double 60 times', async () => {
      const attack = `{ ...A0 ...B0 } ${doubling(60, 'Query', 'tags')} #`;
      const { status } = await get(`?query=${encodeURIComponent(attack)}%FF`);
      expect(status).toBe(400);
      expect((await send(app, 'GET', '/healthz', { token: null })).status).toBe(200);
    });
  });

  test('a parameter with two values is refused with 400, and neither is used', async () => {
    for (const search of [
      `?query=${SMALL}&query=${DEEP}`,
      `?query=${DEEP}&%71uery=${SMALL}`,
      `?query=${SMALL}&variables={}&variables={}`,
      `?query=${SMALL}&extensions={}&extensions={}`,
      `?query=${SMALL}&operationName=&operationName=A`,
    ]) {
      const { status, body } = await get(search);
      expect([status, body.data, body.errors[0].extensions]).toEqual([
        400,
        undefined,
        expect.objectContaining({ code: 'INVALID_INPUT', found: '2 of them', allowed: 'given only once' }),
      ]);
    }
  });

  describe('a document over the limits does not run', () => {
    test.each([
      ['under an encoded name', `?%71uery=${DEEP}`],
      ['after a parameter without a name', `?=x&query=${DEEP}`],
      ['after another question mark', `??&query=${DEEP}`],
      ['after a fragment identifier', `#?query=${DEEP}`],
      ['after a bare #', `#query=${DEEP}`],
      ['with plus signs for spaces', `?query=${DEEP.replaceAll('%20', '+')}`],
      ['with letters that are encoded unnecessarily', `?query=${DEEP.replaceAll('p', '%70')}`],
      [
        'with unencoded characters',
        `?query=${decodeURIComponent(DEEP).replaceAll(' ', '+').replace('#', '%23')}`,
      ],
      ['with a byte order mark', `?query=%EF%BB%BF${DEEP}`],
      ['with an empty query before it', `?&&&query=${DEEP}`],
      ['with a semicolon', `?a;query=x&query=${DEEP}`],
    ])('%s', async (_what, search) => {
      const { status, body } = await get(search);
      expect([status, body.data]).toEqual([400, undefined]);
    });

    test.each([
      ['as the second of two equal keys', `{"query": "{ tags }", "query": %}`],
      ['under a key with an escape sequence', `{"\\u0071uery": %}`],
      ['in a list with another', `[{"query": "{ tags }"}, {"query": %}]`],
      ['as a list', `{"query": [%]}`],
      ['together with a small one in the URL', `{"query": %}`],
    ])('in a body, %s', async (_what, template) => {
      const body = template.replace('%', () => JSON.stringify(decodeURIComponent(DEEP)));
      const path = `/graphql?query=${encodeURIComponent('{ tags }')}`;
      const answer = await send(app, 'POST', path, { headers: json, body });
      expect([answer.status, answer.body.data]).toEqual([400, undefined]);
    });
  });

  test('a document that can be decoded runs as it was sent', async () => {
    const text = 'query A($a: ID!) { node(id: $a) { id } viewer { accountName } } # ä 🐧 + % & "';
    const query = encodeURIComponent(text);
    const variables = encodeURIComponent('{"a": "+ %&ä"}');
    const { body } = await get(`?query=${query}&operationName=A&variables=${variables}&extensions={}&x=y`);
    expect(body.data.viewer).toEqual({ accountName: 'standalone' });
    expect(body.errors[0].extensions.found).toBe('"+ %&ä"');
  });

  test('an invalid Host header causes no internal error', async () => {
    const answer = await exchange(
      app.url,
      `GET /graphql?query=${SMALL} HTTP/1.1\r\nHost: [\r\nAuthorization: Bearer ${app.token()}\r\nContent-Type: application/json\r\nConnection: close\r\n\r\n`,
    );
    expect(answer).toMatch(/^HTTP\/1\.1 200 /);
    expect(app.faults()).toEqual([]);
  });
}
