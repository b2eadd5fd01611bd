import { gzipSync } from 'node:zlib';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { expectError, type RawAnswer, type RawRequest, send } from '../rest/raw.ts';
import type { TestApp } from '../support/app.ts';
import { sharedApp } from '../support/shared-app.ts';
import { exchange } from './raw-bytes.ts';
import { openSocket } from './raw-socket.ts';

export function encodings(): void {
  let app: TestApp;
  beforeAll(async () => {
    app = await sharedApp();
  });

  const JSON_TYPE = { 'content-type': 'application/json' };
  const FORM_TYPE = { 'content-type': 'application/x-www-form-urlencoded' };
  const SCRIPT = Buffer.from('#!/bin/sh\necho').toString('base64');

  const createScript = (title: string) => `mutation {
  createScript(input: { title: "${title}", interpreter: "/bin/sh", code: "echo" }) { userErrors { message } }
}`;
  const profile = (title: string) =>
    JSON.stringify({
      title,
      script_id: 31,
      username: 'root',
      time_limit: 60,
      trigger: { trigger_type: 'event', event_type: 'post_enrollment' },
    });

  /** Every way to send a title in a body. */
  const bodies: Readonly<
    Record<string, readonly [path: string, headers: object, body: (title: string) => string]>
  > = {
    'the graph': ['/graphql', JSON_TYPE, (title) => JSON.stringify({ query: createScript(title) })],
    'a stream': ['/graphql/stream', JSON_TYPE, (title) => JSON.stringify({ query: createScript(title) })],
    REST: ['/api/v2/script-profiles', JSON_TYPE, profile],
    'a legacy form': [
      '/api/?action=CreateScript',
      FORM_TYPE,
      (title) => `title=${title}&code=${encodeURIComponent(SCRIPT)}`,
    ],
  };
  const post = (where: string, body: Uint8Array, headers = {}): Promise<RawAnswer> => {
    const [path, type] = bodies[where]!;
    return send(app, 'POST', path, { body, headers: { ...type, ...headers } } as RawRequest);
  };
  const bodyOf = (where: string, title: string) => bodies[where]![2](title);
  const titles = async () => {
    const { data } = await app.graphql(
      '{ scripts(first: 1000) { nodes { title } } scriptProfiles(first: 1000) { nodes { title } } }',
    );
    return [...data.scripts.nodes, ...data.scriptProfiles.nodes].map(({ title }: { title: string }) => title);
  };

  describe('a title in Latin-1, whose bytes are not UTF-8,', () => {
    test.each(Object.keys(bodies))('is refused in the body of %s, and not stored', async (where) => {
      const before = await titles();
      const answer = await post(where, Buffer.from(bodyOf(where, 'Müller'), 'latin1'));
      expect(answer.status).toBe(400);
      expect(answer.text).toMatch(/UTF-8/);
      expect(await titles()).toEqual(before);
    });

    test.each([
      ['percent-encoded in a form', 'POST', '/api/?action=CreateScript', 'title'],
      [
        'percent-encoded in the query of an action',
        'GET',
        '/api/?action=CreateScript&title=M%FCller',
        'title',
      ],
      ['percent-encoded in a query of REST', 'GET', '/api/v2/script-profiles?search=M%FCller', 'search'],
      ['percent-encoded in a name', 'GET', '/api/v2/script-profiles?%FC=1', 'query'],
    ])('is refused %s', async (_what, method, path, field) => {
      const body = method === 'POST' ? `title=M%FCller&code=${encodeURIComponent(SCRIPT)}` : undefined;
      const answer = await send(app, method, path, { body, headers: body ? FORM_TYPE : {} });
      expectError(answer, 400, 'InvalidInput');
      expect(answer.body.detail).toMatchObject({ field, allowed: 'percent-encoded UTF-8' });
    });

    test('is refused in a query without percent-encoding, while UTF-8 is accepted', async () => {
      await app.graphql(createScript('Жук'));
      const search = await send(app, 'GET', '/api/v2/scripts?search=%D0%96%D1%83%D0%BA');
      expect(search.body.count).toBe(1);
      const bytes = await exchange(app.url, 'GET /api/v2/scripts?search=Жук HTTP/1.1\r\nHost: a\r\n\r\n');
      expect(bytes).toMatch(/^HTTP\/1\.1 400 .*percent-encoded/s);
    });

    test('closes a WebSocket', async () => {
      const { socket, closed } = await openSocket(app.url);
      socket.send(Buffer.from('{"type":"connection_init","payload":{"a":"ü"}}', 'latin1'), { binary: true });
      expect((await closed)[0]).toBe(4400);
    });
  });

  describe('a body with a Content-Encoding', () => {
    test.each(Object.keys(bodies))('is refused by %s with 415, and the message names it', async (where) => {
      const before = await titles();
      const plain = Buffer.from(bodyOf(where, 'Zipped'));
      for (const [coding, body] of [
        ['gzip', gzipSync(plain)],
        ['gzip', plain],
        ['br', plain],
        ['GZIP, identity', plain],
      ] as const) {
        const answer = await post(where, body, { 'content-encoding': coding });
        expect(answer.status).toBe(415);
        expect(answer.text).toContain(`found \\"${coding.toLowerCase()}\\"`);
      }
      expect(await titles()).toEqual(before);
    });

    test.each(Object.keys(bodies))('of `identity` is accepted by %s', async (where) => {
      const body = Buffer.from(bodyOf(where, `Plain ${where}`));
      const { status } = await post(where, body, { 'content-encoding': 'identity' });
      expect(status).toBeLessThan(300);
    });

    test('is not mentioned to a caller without a token', async () => {
      const headers = { ...JSON_TYPE, 'content-encoding': 'gzip' };
      const answer = await send(app, 'POST', '/graphql', { token: null, body: 'x', headers });
      expect(answer.status).toBe(401);
    });
  });
}
