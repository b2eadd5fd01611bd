import { beforeAll, describe, expect, test } from '@jest/globals';
import type { TestApp } from '../support/app.ts';
import { sharedApp } from '../support/shared-app.ts';
import { expectError, type RawRequest, send } from './raw.ts';

export function bodies() {
  let app: TestApp;
  beforeAll(async () => {
    app = await sharedApp();
  });

  /** An edit without a change, because only the parsing of the body matters here. */
  const same = '{"title": "Recurring Script Profile"}';
  const patch = (body: RawRequest['body'], headers = {}, more: RawRequest = {}) =>
    send(app, 'PATCH', '/api/v2/script-profiles/5', { body, headers, ...more });

  describe('a JSON body is accepted', () => {
    test.each([
      ['without a content type', {}],
      ['with an empty one', { 'content-type': '' }],
      ['with the one of curl -d', { 'content-type': 'application/x-www-form-urlencoded' }],
      ['as text/plain', { 'content-type': 'text/plain;charset=UTF-8' }],
      ['as application/json', { 'content-type': 'application/json' }],
      ['as application/json with a charset', { 'content-type': 'application/json; charset=utf-8' }],
      ['as Application/JSON', { 'content-type': ' Application/JSON ;charset=' }],
      ['as application/merge-patch+json', { 'content-type': 'application/merge-patch+json' }],
    ])('%s', async (_what, headers) => {
      for (const chunked of [false, true]) {
        const answer = await patch(same, headers, { chunked });
        expect([answer.status, answer.body?.id]).toEqual([200, 5]);
      }
    });

    test('with a byte order mark, surrounding spaces, or characters of several bytes', async () => {
      expect((await patch(`\ufeff \r\n${same}\n`)).status).toBe(200);
      const { body } = await patch('{"title": "Größe 😀"}');
      expect(body.title).toBe('Größe 😀');
      expect((await patch('{"title": "Recurring Script \\u0050rofile"}')).body.title).toBe(
        'Recurring Script Profile',
      );
    });
  });

  describe('a body that is declared as another type is refused with 415, and the message names the type', () => {
    test.each([
      'multipart/form-data; boundary=x',
      'text/xml',
      'application/xml',
      'text/html',
      'application/octet-stream',
      'json',
      'garbage',
      'a/b/c',
      'application/jsonx',
      '*/*',
    ])('%s', async (type) => {
      const answer = await patch(same, { 'content-type': type });
      expectError(answer, 415, 'UnsupportedMediaType');
      const found = type.split(';')[0] || 'nothing';
      expect(answer.body.detail).toEqual({ field: 'Content-Type', found, allowed: 'application/json' });
    });

    test.each(['GET', 'POST'])('a route without a body requires no content type: %s', async (method) => {
      const headers = { 'content-type': 'text/xml' };
      const answer = await send(app, method, '/api/v2/script-profile-limits', { body: '<a/>', headers });
      expect(answer.status).toBe(200);
    });
  });

  describe('a body that is not JSON is refused with 400 and the position of the error', () => {
    test.each([
      ['an unclosed object', '{"title": "a"', 'line 1, column 14'],
      ['the end of a later line', '{\n  "title": "a",\n  "tags": ["server"', 'line 3, column 20'],
      ['a quote for a brace', '{\n "all_computers": false\'\n}', 'line 2, column 24'],
      ['a trailing comma', '{"a": 1,}', 'line 1, column 9'],
      ['two values', '{} {}', 'line 1, column 4'],
      ['a missing comma', '{"a": [1 2]}', 'line 1, column 10'],
      ['a missing colon', '{"a" 1}', 'line 1, column 6'],
      ['a key without quotes', '{"a": 1, b: 2}', 'line 1, column 10'],
      ['a leading zero', '{"a": 01}', 'line 1, column 8'],
      ['an unknown escape', '{"a": "\\x"}', 'line 1, column 8'],
      ['a comment', '// a\n{}', 'line 1, column 1'],
      ['single quotes', "{'a': 1}", 'line 1, column 2'],
      ['NaN', '{"a": NaN}', 'line 1, column 7'],
      ['a newline in a text', '{"a": "b\nc"}', 'line 1, column 9'],
      ['NUL', '\0', 'line 1, column 1'],
      ['a form', 'title=a&tags=b', 'line 1, column 2'],
      ['a truncated word', '{"a": tru', 'line 1, column 10'],
      ['an unclosed text', '{"a": "b', 'line 1, column 9'],
    ])('%s', async (_what, body, place) => {
      const answer = await patch(body);
      expectError(answer, 400, 'InvalidInput');
      expect(answer.body.message).toContain(place);
      expect(answer.body.detail).toMatchObject({ field: 'body', found: expect.stringContaining(place) });
    });

    test.each([
      ['nothing', ''],
      ['spaces', ' \n\t'],
    ])('%s: the body is empty', async (_what, body) => {
      for (const method of ['PATCH', 'POST'] as const) {
        const path = method === 'PATCH' ? '/script-profiles/5' : '/script-profiles';
        const answer = await send(app, method, `/api/v2${path}`, { body });
        expectError(answer, 400, 'InvalidInput');
        expect(answer.body.message).toMatch(/empty/);
      }
    });

    test.each([
      ['Latin 1', Buffer.from('{"title": "Größe"}', 'latin1')],
      ['UTF-16', Buffer.from(same, 'utf16le')],
      ['half of a surrogate pair', Buffer.from('{"title": "€"}').subarray(0, -3)],
      ['gzip', Buffer.from([0x1f, 0x8b, 0x08, 0x00])],
    ])('%s is not UTF-8, or not JSON', async (_what, body) => {
      expectError(await patch(body), 400, 'InvalidInput');
    });

    test.each(['[]', '[{"title": "a"}]', '"text"', 'null', 'true', '5', '1e999'])(
      '%s is JSON, but not an object',
      async (body) => {
        const answer = await patch(body);
        expectError(answer, 400, 'InvalidInput');
        expect(answer.body.detail).toMatchObject({ field: 'body', allowed: 'a JSON object' });
      },
    );
  });

  describe('the size of a body', () => {
    const LIMIT = 2 ** 20;
    const sized = (bytes: number) =>
      `${same.slice(0, -1)}, "unknown": "${'x'.repeat(bytes - same.length - 15)}"}`;

    test.each([[false], [true]])('of exactly 1 MiB is accepted; chunked: %s', async (chunked) => {
      const body = sized(LIMIT);
      expect(Buffer.byteLength(body)).toBe(LIMIT);
      expect((await patch(body, {}, { chunked })).status).toBe(200);
    });

    test.each([
      [1, false],
      [1, true],
      [9 * LIMIT, false],
      [9 * LIMIT, true],
      [20 * LIMIT, true],
    ])('of %d bytes more is refused with 413, whatever was declared; chunked: %s', async (more, chunked) => {
      const answer = await patch(sized(LIMIT + more), {}, { chunked });
      expectError(answer, 413, 'PayloadTooLarge');
      expect(answer.headers.connection).toBe('close');
    });
  });

  describe('keys with a special meaning', () => {
    test('the last of two equal keys counts', async () => {
      const { body } = await patch('{"time_limit": 0, "time_limit": 77}');
      expect(body.time_limit).toBe(77);
    });

    test.each([
      '{"__proto__": {"title": "Polluted", "trigger": 5}}',
      '{"constructor": {"prototype": {"title": "Polluted"}}}',
      '{"trigger": {"trigger_type": "recurring", "__proto__": {"interval": "@daily"}}}',
      '{"toString": 5, "hasOwnProperty": null, "valueOf": "x"}',
    ])('%s changes nothing, in this request and in the next', async (body) => {
      const { body: before } = await app.rest('GET', '/script-profiles/5');
      expect((await patch(body)).body).toEqual(before);
      expect((await patch('{}')).body).toEqual(before);
      expect({}).not.toHaveProperty('title');
    });

    test('a trigger whose type is only in its prototype has no type', async () => {
      const answer = await patch('{"trigger": {"__proto__": {"trigger_type": "recurring"}}}');
      expectError(answer, 400, 'InvalidInput');
      expect(answer.body.detail.field).toBe('trigger.trigger_type');
    });

    test('a body of 100,000 nested lists is parsed, and refused as a title with the position of the error', async () => {
      const deep = '['.repeat(100_000) + ']'.repeat(100_000);
      expect((await patch(`{"unknown": ${deep}}`)).status).toBe(200);
      expectError(await patch(`{"title": ${deep}}`), 400, 'InvalidInput');
      const answer = await patch(`{"unknown": ${deep.slice(0, -1)}}`);
      expectError(answer, 400, 'InvalidInput');
      expect(answer.body.message).toContain('column 200012');
    });
  });
}
