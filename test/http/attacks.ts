import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { analyse } from 'scslre';
import { send } from '../rest/raw.ts';
import { startApp, type TestApp } from '../support/app.ts';
import { exchange } from './raw-bytes.ts';

export function attacks(): void {
  let app: TestApp;
  beforeAll(async () => {
    app = await startApp({ environment: { TRUSTED_PROXIES: '127.0.0.1' } });
    await app.setPassword('correct horse');
  });
  afterAll(() => app?.close());

  const credentials = JSON.stringify({ email: 'john@example.com', password: 'correct horse' });
  const logIn = (headers: Record<string, string> = {}) =>
    send(app, 'POST', '/api/v2/login', { token: null, headers, body: credentials });

  describe('a slow client', () => {
    let impatient: TestApp;
    beforeAll(async () => {
      impatient = await startApp({ environment: { REQUEST_TIMEOUT: '1' } });
    });
    afterAll(() => impatient?.close());

    test.each([
      ['in its headers', 'GET /api/v2/script-profiles HTTP/1.1\r\nHost: a\r\nX-Slow: '],
      [
        'in its body',
        `POST /api/v2/script-profiles HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer TOKEN\r\nContent-Length: 100\r\n\r\n{"title"`,
      ],
      [
        'in a chunk of its body',
        `POST /graphql HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer TOKEN\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\nff\r\n{"query"`,
      ],
      ['in a log-in', 'POST /api/v2/login HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\n{"email"'],
    ])('%s gets an error, and its connection is closed', async (_what, bytes) => {
      const answer = await exchange(impatient.url, bytes.replace('TOKEN', impatient.token()));
      expect(answer).toMatch(/^HTTP\/1\.1 (408|503) /);
      expect(answer.toLowerCase()).toContain('connection: close');
    });
  });

  describe('a flood of headers', () => {
    test.each([
      ['that are long', `X-Long: ${'x'.repeat(20_000)}\r\n`],
      ['that are many', Array.from({ length: 3000 }, (_, i) => `X-${i}: x\r\n`).join('')],
    ])('%s is refused', async (_what, headers) => {
      expect(await exchange(app.url, `GET /healthz HTTP/1.1\r\nHost: a\r\n${headers}\r\n`)).toMatch(
        /^HTTP\/1\.1 431 /,
      );
    });
  });

  describe('input never becomes a header or a separate line', () => {
    test.each(['a%0d%0aSet-Cookie:%20x=1', 'a%0aX-Evil:%201', '%E5%98%8A%E5%98%8DSet-Cookie:x=1'])(
      'of an answer: the path %s',
      async (path) => {
        const answer = await send(app, 'GET', `/api/v2/script-profiles/${path}`);
        expect(answer.status).toBe(404);
        expect(answer.headers).not.toHaveProperty('set-cookie');
        expect(answer.headers).not.toHaveProperty('x-evil');
      },
    );

    test('of an answer: a request id, an account, a password, a link to the next page', async () => {
      const evil = 'x\u010d\u010aSet-Cookie: a=1';
      const answers = [
        await send(app, 'POST', '/api/v2/switch-account', { body: JSON.stringify({ account_name: evil }) }),
        await send(app, 'POST', '/api/v2/login', {
          token: null,
          body: JSON.stringify({ email: 'a', password: evil }),
        }),
        await send(app, 'GET', '/api/v2/script-profiles?limit=1&search=a%0d%0aSet-Cookie:x=1'),
        await send(app, 'GET', '/healthz', { headers: { 'x-request-id': 'a;b' } }),
      ];
      for (const { headers } of answers) expect(headers).not.toHaveProperty('set-cookie');
      expect(answers[3]!.headers['x-request-id']).toMatch(/^[\da-f-]{36}$/);
    });
  });

  describe('the security headers', () => {
    test('are on every answer, and require encryption only over HTTPS', async () => {
      const paths = [
        '/healthz',
        '/api/v2/script-profiles',
        '/nothing',
        '/%zz',
        '/api/v2/openapi.json',
        '/graphql?query={tags}',
      ];
      for (const path of paths) {
        const { headers } = await send(app, 'GET', path);
        expect(headers).toMatchObject({
          'x-content-type-options': 'nosniff',
          'referrer-policy': 'no-referrer',
          'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
          'x-frame-options': 'DENY',
          'cross-origin-resource-policy': 'same-origin',
        });
        expect(headers).not.toHaveProperty('strict-transport-security');
        // Without a valid path, the server does not ask whether to trust the proxy.
        if (path === '/%zz') continue;
        const secure = await send(app, 'GET', path, { headers: { 'x-forwarded-proto': 'https' } });
        expect(secure.headers['strict-transport-security']).toMatch(/^max-age=\d{8}/);
      }
    });

    test('prevent a page of this origin from loading a script of another origin', async () => {
      for (const path of ['/', '/graphql', '/explorer']) {
        const page = await send(app, 'GET', path, { token: null, headers: { accept: 'text/html' } });
        const policy = page.headers['content-security-policy'];
        expect(policy).toMatch(/default-src 'none'/);
        expect(policy).toContain("frame-ancestors 'none'");
        expect(policy).not.toMatch(/script-src(?! 'self';)|https?:/);
        expect(page.text).not.toMatch(/<script[^>]+src="https?:/);
      }
    });
  });

  describe('behind a trusted proxy', () => {
    test('the cookie is for encrypted connections only if the proxy received one', async () => {
      const cookie = async (headers: Record<string, string>) =>
        (await logIn(headers)).headers['set-cookie']![0];
      expect(await cookie({ 'x-forwarded-proto': 'https' })).toMatch(
        /^__Host-gateway_token=.*; Path=\/; Secure;/,
      );
      expect(await cookie({ 'x-forwarded-proto': 'http' })).not.toContain('Secure');
    });

    test('failed log-ins count for the address that the proxy adds, not for earlier addresses in the header', async () => {
      await app.database.prisma.logInAttempts.deleteMany();
      const guess = (forwarded: string, email: string) =>
        send(app, 'POST', '/api/v2/login', {
          token: null,
          headers: { 'x-forwarded-for': forwarded },
          body: JSON.stringify({ email, password: 'wrong' }),
        });
      await guess('192.0.2.1', 'a@example.com');
      await app.database.prisma.logInAttempts.updateMany({
        where: { subject: { startsWith: 'network:' } },
        data: { failures: 1000 },
      });
      expect((await guess('203.0.113.5, 192.0.2.1', 'b@example.com')).status).toBe(429);
      expect((await guess('192.0.2.1, 203.0.113.5', 'c@example.com')).status).toBe(401);
      for (const written of ['192.0.2.1:40001', '192.0.2.1:40002', '"192.0.2.1:1"', '[::ffff:192.0.2.1]:443'])
        expect((await guess(written, 'd@example.com')).status).toBe(429);
    });
  });

  describe('a page of another site', () => {
    test('with the cookie can change nothing except the session itself', async () => {
      await app.database.prisma.logInAttempts.deleteMany();
      const cookie = (await logIn()).headers['set-cookie']![0]!.split(';')[0]!;
      const headers = {
        cookie,
        origin: 'https://evil.example',
        'sec-fetch-site': 'cross-site',
        'content-type': 'text/plain',
      };
      for (const [method, path] of [
        ['POST', '/api/v2/script-profiles/5:archive'],
        ['POST', '/api/v2/tokens/invalidate-account'],
        ['PATCH', '/api/v2/script-profiles/5'],
        ['POST', '/graphql'],
      ] as const) {
        const body =
          '{"query": "mutation { archiveScriptProfile(input: { id: 5 }) { userErrors { code } } }"}';
        expect((await send(app, method, path, { token: null, headers, body })).status).toBe(401);
      }
      const me = await send(app, 'GET', '/api/v2/me', { token: null, headers });
      expect(me.headers).not.toHaveProperty('access-control-allow-origin');
      expect(me.headers['cross-origin-resource-policy']).toBe('same-origin');
      expect((await app.rest('GET', '/script-profiles/5')).body.archived).toBe(false);
    });
  });

  describe('every regular expression of the sources', () => {
    const src = fileURLToPath(new URL('../../src/', import.meta.url));
    const sources = readdirSync(src, { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.ts') && !file.includes('generated'))
      .map((file) => ({ file, text: readFileSync(join(src, file), 'utf8') }));
    const LITERAL =
      /(?<=[=(,:?!&|[{;>\n]\s*|return )\/(?![*/ ])((?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\\n[])+)\/([dgimsuvy]*)/g;
    const patterns = sources.flatMap(({ file, text }) =>
      [...text.matchAll(LITERAL)].map(([, source, flags]) => ({ file, source: source!, flags: flags! })),
    );

    test('is found, because known patterns are among them', () => {
      const found = patterns.map(({ source }) => source);
      expect(found).toEqual(
        expect.arrayContaining(['^Bearer +(\\S+)$', '^v1:(\\w+):(\\d+)$', '[\\0\\p{Cs}]']),
      );
      expect(patterns.length).toBeGreaterThan(40);
    });

    // A pattern takes more than linear time only by backtracking. The check analyses the pattern instead of measuring
    // time. scslre analyses texts that repeat one character. A repetition within a repetition tries every division of
    // any text between the two.
    const nestsRepetitions = (source: string) => {
      const bare = source.replace(/\\./g, 'x').replace(/\[[^\]]*\]/g, 'x');
      return /\([^()]*(?:[*+]|\{\d+,\})[^()]*\)(?:[*+]|\{\d+,\})/.test(bare);
    };

    test('takes linear time for texts that repeat any one character', () => {
      const slow = patterns.filter(({ source, flags }) => analyse({ source, flags }).reports.length > 0);
      expect(slow.map(({ file, source }) => `${file}: ${source}`)).toEqual([]);
    });

    test('has no unbounded repetition within another', () => {
      const nested = patterns.filter(({ source }) => nestsRepetitions(source));
      expect(nested.map(({ file, source }) => `${file}: ${source}`)).toEqual([]);
    });

    test.each(['(a+)+', '([a-z]*)*$', '(?:\\w+\\s?)+', '(x{2,})*'])(
      'would be reported for nested repetitions: %s',
      (source) => {
        expect(nestsRepetitions(source)).toBe(true);
      },
    );

    test.each(['(a+)+$', 'a*a*b', '=+$', '[^.]+(\\.\\d+)?$'])('would be reported as slow: %s', (source) => {
      expect(analyse({ source, flags: '' }).reports).not.toEqual([]);
    });
  });
}
