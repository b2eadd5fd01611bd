import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { send } from '../rest/raw.ts';
import { startApp, type TestApp } from '../support/app.ts';
import { exchange } from './raw-bytes.ts';

type Headers = Readonly<Record<string, string>>;

const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; " +
  "connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

// The files of the built console, and the paths at which its page is shown.
export function consolePage(): void {
  const INDEX = '<!doctype html><title>Console</title><script type="module" src="/assets/index-AbCd_123.js">';
  const SCRIPT = `console.log(${JSON.stringify('x'.repeat(2000))})`;
  const files: Readonly<Record<string, string>> = {
    'index.html': INDEX,
    'favicon.svg': '<svg xmlns="http://www.w3.org/2000/svg"/>',
    'assets/index-AbCd_123.js': SCRIPT,
    'assets/index-9Zz-_abc.css': 'body{color:red}',
    'assets/font-00000000.woff2': 'font',
    'assets/index-AbCd_123.js.map': '{}',
    '.vite/manifest.json': '{}',
  };
  let folder: string;
  let app: TestApp;
  /** The same server without the console. */
  let bare: TestApp;
  /** A server with the console and without the explorer. */
  let production: TestApp;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'console-'));
    for (const [name, content] of Object.entries(files)) {
      await mkdir(dirname(join(folder, name)), { recursive: true });
      await writeFile(join(folder, name), content);
    }
    app = await startApp({ consoleFolder: folder, logLevel: 'info' });
    bare = await startApp({ environment: { CONSOLE: 'off' }, consoleFolder: folder });
    production = await startApp({ environment: { NODE_ENV: 'production' }, consoleFolder: folder });
  });
  afterAll(async () => {
    await Promise.all([app, bare, production].map((one) => one?.close()));
    await rm(folder, { recursive: true });
  });

  const programs: readonly Headers[] = [{}, { accept: '*/*' }, { accept: 'application/json' }];
  const HTML = { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' };
  const get = (path: string, headers: Headers = HTML, on = app, method = 'GET') =>
    send(on, method, path, { token: null, headers });

  describe('the page', () => {
    test.each(['/', '/?a=b', '/profiles', '/profiles/5?tab=runs', '/graphqlx', '/a/graphql', '/a.js', '//x'])(
      'is shown to a browser that opens %s',
      async (path) => {
        for (const on of [app, production]) {
          const { status, headers, text } = await get(path, HTML, on);
          expect([status, text, headers['content-type']]).toEqual([200, INDEX, 'text/html; charset=utf-8']);
        }
      },
    );

    test('may load and request only from this server, and is not framed, stored or guessed', async () => {
      const { headers } = await get('/profiles');
      expect(headers).toMatchObject({
        'content-security-policy': POLICY,
        'cache-control': 'no-cache',
        'x-content-type-options': 'nosniff',
        'x-frame-options': 'DENY',
        'referrer-policy': 'no-referrer',
        'cross-origin-resource-policy': 'same-origin',
        vary: 'Origin, Accept, Accept-Encoding',
      });
      expect(headers).not.toHaveProperty('set-cookie');
    });

    test('is not sent again while it is unchanged', async () => {
      const { etag } = (await get('/')).headers;
      expect(etag).toMatch(/^W\/"[\w-]{43}"$/);
      for (const known of [etag!, `"old", ${etag}`, etag!.replace('W/', '')]) {
        const { status, text, headers } = await get('/profiles', { ...HTML, 'if-none-match': known });
        expect([status, text]).toEqual([304, '']);
        expect(headers).toMatchObject({
          etag,
          'cache-control': 'no-cache',
          'content-security-policy': POLICY,
        });
      }
      expect((await get('/', { ...HTML, 'if-none-match': 'W/"old"' })).status).toBe(200);
    });

    test('answers HEAD without a body', async () => {
      for (const path of ['/', '/profiles'])
        expect(await get(path, HTML, app, 'HEAD')).toMatchObject({
          status: 200,
          text: '',
          headers: { 'content-type': 'text/html; charset=utf-8' },
        });
    });

    test('is logged and measured as one page, whatever its path', async () => {
      await get('/profiles/4242');
      await get('/assets/index-AbCd_123.js', {});
      const { text } = await get('/metrics', {});
      expect(text).toContain('gateway_requests_total{door="page",operation="console",outcome="OK"}');
      expect(text).not.toMatch(/4242|AbCd/);
    });
  });

  describe('the server’s own paths', () => {
    const paths = [
      'api',
      'assets',
      'attachment',
      'explorer',
      'graphql',
      'healthz',
      'message-system',
      'metrics',
      'operator',
      'ping',
      'readyz',
      'session',
      'set-password',
    ];

    /** Without what differs between two requests. */
    const stable = ({ status, headers, text }: Awaited<ReturnType<typeof send>>) => ({
      status,
      headers: { ...headers, date: '', 'x-request-id': '', etag: '' },
      text: text.replaceAll(String(headers['x-request-id']), ''),
    });

    test.each(paths.map((name) => `/${name}/unknown`))('show no page to a browser: %s', async (path) => {
      for (const method of ['GET', 'HEAD']) {
        const answer = stable(await get(path, HTML, app, method));
        expect(answer).toEqual(stable(await get(path, HTML, bare, method)));
        expect(answer.status).not.toBe(200);
      }
    });

    test.each(['/graphql', '/api/v2', '/explorer', '/healthz', '/set-password', '/%zz'])(
      'answer a browser as before: %s',
      async (path) => {
        expect(stable(await get(path))).toEqual(stable(await get(path, HTML, bare)));
      },
    );

    test('are not the console’s in production either, where some of them do not exist', async () => {
      for (const path of ['/explorer', '/metrics', '/api/v2/nothing'])
        expect((await get(path, HTML, production)).status).toBe(404);
    });

    test.each(['/nothing', '/', '/profiles/5', '/index.html', '/.vite/manifest.json', '/assets/../../x'])(
      'answer a program as before, byte for byte: %s',
      async (path) => {
        for (const headers of programs)
          for (const method of ['GET', 'HEAD', 'POST', 'OPTIONS'])
            expect(stable(await get(path, headers, app, method))).toEqual(
              stable(await get(path, headers, bare, method)),
            );
      },
    );

    test('answer other methods of a browser as before', async () => {
      for (const method of ['POST', 'PUT', 'DELETE', 'OPTIONS'])
        expect(stable(await get('/profiles', HTML, app, method))).toEqual(
          stable(await get('/profiles', HTML, bare, method)),
        );
    });
  });

  describe('the files', () => {
    test.each([
      ['/assets/index-AbCd_123.js', 'text/javascript; charset=utf-8'],
      ['/assets/index-9Zz-_abc.css', 'text/css; charset=utf-8'],
      ['/assets/font-00000000.woff2', 'font/woff2'],
    ])('whose names contain a hash are stored by browsers for a year: %s', async (path, type) => {
      const { status, headers, text } = await get(path, {});
      expect([status, text]).toEqual([200, files[path.slice(1)]]);
      expect(headers).toMatchObject({
        'content-type': type,
        'cache-control': 'public, max-age=31536000, immutable',
        'content-security-policy': POLICY,
        'x-content-type-options': 'nosniff',
      });
    });

    test('beside the page are checked each time', async () => {
      const { headers } = await get('/favicon.svg', {});
      expect(headers).toMatchObject({ 'content-type': 'image/svg+xml', 'cache-control': 'no-cache' });
    });

    test.each([
      ['br, gzip', 'br', brotliDecompressSync],
      ['gzip, deflate, br', 'br', brotliDecompressSync],
      ['gzip', 'gzip', gunzipSync],
      ['gzip;q=0.5, br;q=0', 'gzip', gunzipSync],
      ['gzip;q=0, br;q=0.0', undefined, (bytes: Buffer) => bytes],
      ['', undefined, (bytes: Buffer) => bytes],
    ])('are compressed as the client accepts: %s', async (accepted, coding, decode) => {
      const lines = ['Host: a', `Accept-Encoding: ${accepted}`, 'Connection: close', '', ''];
      const bytes = ['GET /assets/index-AbCd_123.js HTTP/1.1', ...lines].join('\r\n');
      const answer = Buffer.from(await exchange(app.url, bytes), 'latin1');
      const split = answer.indexOf('\r\n\r\n');
      const head = answer.subarray(0, split).toString();
      expect(/^content-encoding: (.+)$/im.exec(head)?.[1]).toBe(coding);
      expect(decode(answer.subarray(split + 4)).toString()).toBe(SCRIPT);
    });

    test('that are unknown do not exist, also for a browser that opens them after an upgrade', async () => {
      for (const headers of [{}, HTML])
        for (const path of ['/assets/index-old00000.js', '/assets/index-AbCd_123.js.map'])
          expect((await get(path, headers)).status).toBe(404);
    });

    test('stay those of the start when the folder is built again', async () => {
      await writeFile(join(folder, 'index.html'), 'another build');
      await rm(join(folder, 'assets/index-9Zz-_abc.css'));
      expect((await get('/later')).text).toBe(INDEX);
      expect((await get('/assets/index-9Zz-_abc.css', {})).status).toBe(200);
    });
  });

  describe('without the console', () => {
    test.each([
      ['off', () => bare],
      ['not built', () => unbuilt],
    ])('%s: a browser gets the explorer at /, and 404 elsewhere', async (_, onOf) => {
      const home = await get('/', HTML, onOf());
      expect([home.status, home.headers.location]).toEqual([302, '/explorer']);
      expect((await get('/profiles', HTML, onOf())).status).toBe(404);
    });
    let unbuilt: TestApp;
    beforeAll(async () => {
      unbuilt = await startApp();
    });
    afterAll(() => unbuilt?.close());
  });
}
