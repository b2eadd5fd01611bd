import { afterAll, afterEach, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { startApp, type TestApp } from '../support/app.ts';
import { expireTokens } from '../support/expiry.ts';

// The bytes of a stream. Its contents are tested in test/graphql/subscriptions.ts.
export function eventStreams(): void {
  let app: TestApp;
  beforeAll(async () => {
    app = await startApp({ environment: { CORS_ORIGINS: 'https://dashboard.example.com' } });
  });
  afterAll(() => app.close());
  afterEach(() => {
    jest.useRealTimers();
  });

  const FEED = 'subscription { activityFeed { isSnapshot } }';
  const stream = (init: RequestInit & { query?: string } = {}, token: string | null = app.token()) =>
    fetch(`${app.url}/graphql/stream${init.query ?? ''}`, {
      method: 'POST',
      body: init.method === 'GET' ? undefined : JSON.stringify({ query: FEED }),
      ...init,
      headers: {
        ...(init.method !== 'GET' && { 'content-type': 'application/json' }),
        ...(token !== null && { authorization: `Bearer ${token}` }),
        ...init.headers,
      },
    });
  const readerOf = (response: Response) => response.body!.pipeThrough(new TextDecoderStream()).getReader();
  type Reader = ReturnType<typeof readerOf>;
  /** Reads until the text occurs or the stream ends, and returns everything that was read. */
  async function read(reader: Reader, until: string): Promise<string> {
    let seen = '';
    while (!seen.includes(until)) {
      const { value, done } = await reader.read();
      if (done) break;
      seen += value;
    }
    return seen;
  }
  const toTheEnd = (reader: Reader) => read(reader, 'no event is like this');

  const FIRST = 'event: next\ndata: {"data":{"activityFeed":{"isSnapshot":true}}}\n\n';

  test.each([
    ['with POST', {}],
    ['with GET', { method: 'GET', query: `?query=${encodeURIComponent(FEED)}` }],
  ])('a stream that is requested %s has events, which are not buffered', async (_, init) => {
    const response = await stream(init);
    expect(response.status).toBe(200);
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': expect.stringContaining('no-'),
      'x-accel-buffering': 'no',
      'x-request-id': expect.any(String),
    });
    const reader = readerOf(response);
    expect(await read(reader, '\n\nevent')).toContain(FIRST.slice(0, -2));
    await reader.cancel();
  });

  test('a page of an origin in CORS_ORIGINS may read it', async () => {
    const response = await stream({ headers: { origin: 'https://dashboard.example.com' } });
    expect(response.headers.get('access-control-allow-origin')).toBe('https://dashboard.example.com');
    await response.body!.cancel();
  });

  describe('a stream is refused', () => {
    test.each([
      ['without a token', null],
      ['with an expired one', () => app.expiredToken()],
    ])('%s', async (_, token) => {
      for (const init of [{}, { method: 'GET', headers: { accept: 'text/html' } }]) {
        const response = await stream(init, token === null ? null : token());
        expect(response.status).toBe(401);
        expect(await response.json()).toMatchObject({
          errors: [{ extensions: { code: 'UNAUTHENTICATED' } }],
        });
      }
    });

    test.each([
      ['a body that is not JSON', { body: '{' }, 400],
      ['a body of another type', { headers: { 'content-type': 'text/plain' } }, 415],
      ['no document', { body: '{}' }, 400],
      ['a document that is not text', { body: '{"query": 7}' }, 400],
      ['invalid variables', { body: JSON.stringify({ query: FEED, variables: [] }) }, 400],
    ])('for %s', async (_, init, status) => {
      const response = await stream(init);
      expect(response.status).toBe(status);
      await response.body?.cancel();
    });
  });

  test('a stream ends when its token expires, without the event that would keep a client from reconnecting', async () => {
    const reader = readerOf(await stream());
    expect(await read(reader, FIRST)).toContain(FIRST);
    await expireTokens(app);
    expect(await toTheEnd(reader)).not.toContain('event: complete');
  });
}
