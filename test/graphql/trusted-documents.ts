import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { readConfig } from '../../src/config.ts';
import { readManifest } from '../../src/graphql/limits/trusted-documents.ts';
import { createSchema } from '../../src/graphql/schema.ts';
import { startApp, type TestApp } from '../support/app.ts';
import { follow, transports } from '../support/following.ts';

export function trustedDocuments(): void {
  const LIMITS = readConfig({ DATABASE_URL: 'pglite:memory', JWT_SECRET: 'x'.repeat(32) }).documentLimits;
  const hashOf = (document: string) => createHash('sha256').update(document).digest('hex');
  const VIEWER = 'query Viewer { viewer { accountName } }';
  const viewer = { viewer: { accountName: 'standalone' } };
  const ARCHIVE = 'mutation Archive { archiveScriptProfile(input: { id: "5" }) { userErrors { code } } }';
  const OTHER = '{ limits { minInterval } }';
  const FEED = 'subscription Feed { activityFeed { isSnapshot } }';

  const APOLLO_MANIFEST = {
    format: 'apollo-persisted-query-manifest',
    version: 1,
    operations: [
      { id: 'viewer', name: 'Viewer', type: 'query', body: VIEWER },
      { id: 'archive', name: 'Archive', type: 'mutation', body: ARCHIVE },
    ],
  };

  let folder: string;
  /** Runs any document. */
  let open: TestApp;
  /** Runs only the documents of its manifest. */
  let closed: TestApp;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'trusted-'));
    open = await started('open', APOLLO_MANIFEST);
    closed = await started('closed', { [hashOf(VIEWER)]: VIEWER, [hashOf(FEED)]: FEED }, true);
  });
  afterAll(async () => {
    await open?.close();
    await closed?.close();
    await rm(folder, { recursive: true });
  });

  async function started(name: string, manifest: object, only = false): Promise<TestApp> {
    const path = join(folder, `${name}.json`);
    await writeFile(path, JSON.stringify(manifest));
    return startApp({ environment: { TRUSTED_DOCUMENTS: path, TRUSTED_DOCUMENTS_ONLY: String(only) } });
  }

  const persisted = (sha256Hash: unknown, version = 1) => ({ persistedQuery: { version, sha256Hash } });

  async function post(app: TestApp, body: object) {
    const answer = await fetch(`${app.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${app.token()}` },
      body: JSON.stringify(body),
    });
    return read(answer);
  }

  /**
   * Sends a GET request, as a client does whose queries are cached by proxies. Another page could not send the header.
   */
  async function get(app: TestApp, parameters: Record<string, string>) {
    const headers = { 'apollo-require-preflight': 'true', authorization: `Bearer ${app.token()}` };
    return read(await fetch(`${app.url}/graphql?${new URLSearchParams(parameters)}`, { headers }));
  }

  async function read(answer: Response) {
    const { data, errors } = (await answer.json()) as {
      data?: unknown;
      errors?: { message: string; extensions: { code: string } }[];
    };
    return { status: answer.status, data, code: errors?.[0]?.extensions.code, message: errors?.[0]?.message };
  }

  describe('a document that was sent once in full', () => {
    test('can then be requested by its hash, with POST and GET', async () => {
      const extensions = persisted(hashOf(VIEWER));
      expect(await post(open, { extensions })).toMatchObject({ code: 'PERSISTED_QUERY_NOT_FOUND' });
      expect(await post(open, { query: VIEWER, extensions })).toMatchObject({ status: 200, data: viewer });
      expect(await post(open, { extensions })).toMatchObject({ status: 200, data: viewer });
      expect(await get(open, { extensions: JSON.stringify(extensions) })).toMatchObject({ data: viewer });
    });

    test('with the hash of another document is refused with 400, and not stored', async () => {
      const extensions = persisted(hashOf(OTHER));
      expect(await post(open, { query: VIEWER, extensions })).toMatchObject({
        status: 400,
        code: 'PERSISTED_QUERY_HASH_MISMATCH',
      });
      expect(await post(open, { extensions })).toMatchObject({ code: 'PERSISTED_QUERY_NOT_FOUND' });
    });

    test('that is invalid is refused with its faults, and not stored', async () => {
      const faulty = '{ nothing }';
      const extensions = persisted(hashOf(faulty));
      expect(await post(open, { query: faulty, extensions })).toMatchObject({
        status: 400,
        code: 'GRAPHQL_VALIDATION_FAILED',
      });
      expect(await post(open, { extensions })).toMatchObject({ code: 'PERSISTED_QUERY_NOT_FOUND' });
    });

    test('does not run over GET if it is a mutation, stored or not', async () => {
      const title = 'Made once';
      const input = `{ title: "${title}" }`;
      const create = `mutation { createAccessGroup(input: ${input}) { userErrors { code } } }`;
      const extensions = persisted(hashOf(create));
      const byGet = { extensions: JSON.stringify(extensions) };
      expect(await get(open, { query: create, ...byGet })).toMatchObject({ status: 405, data: undefined });
      expect(await post(open, { query: create, extensions })).toMatchObject({ status: 200 });
      expect(await get(open, byGet)).toMatchObject({ status: 405, code: 'BAD_REQUEST', data: undefined });
      expect(await post(open, { extensions })).toMatchObject({
        data: { createAccessGroup: { userErrors: [{ code: 'TITLE_TAKEN' }] } },
      });
    });

    test.each([
      ['another version', persisted(hashOf(VIEWER), 2)],
      ['without a version', { persistedQuery: { sha256Hash: hashOf(VIEWER) } }],
      ['a text as the version', { persistedQuery: 'x' }],
    ])('is refused with 400 if requested with %s', async (_, extensions) => {
      expect(await post(open, { extensions })).toMatchObject({ status: 400, code: 'BAD_REQUEST' });
    });

    test.each([[5], [null], [{ a: 1 }], ['__proto__'], ['x'.repeat(10_000)]])(
      'is not found under %j',
      async (hash) => {
        expect(await post(open, { extensions: persisted(hash) })).toMatchObject({
          code: 'PERSISTED_QUERY_NOT_FOUND',
        });
      },
    );
  });

  describe('with a manifest', () => {
    test('a document of it can be requested by its id without having been sent', async () => {
      expect(await post(open, { extensions: persisted('viewer') })).toMatchObject({ data: viewer });
      const asked = { extensions: JSON.stringify(persisted('viewer')) };
      expect(await get(open, asked)).toMatchObject({ data: viewer });
    });

    test('other documents run too, and a mutation of it does not run over GET', async () => {
      expect(await post(open, { query: OTHER })).toMatchObject({ status: 200, code: undefined });
      const archive = { extensions: JSON.stringify(persisted('archive')) };
      expect(await get(open, archive)).toMatchObject({ status: 405 });
      expect((await open.rest('GET', '/script-profiles/5')).body.archived).toBe(false);
    });
  });

  describe('with trusted documents only', () => {
    const refused = {
      status: 400,
      code: 'PERSISTED_QUERY_NOT_IN_LIST',
      message: 'This server runs only the documents of its manifest, and this document is not in it.',
      data: undefined,
    };

    test('they run by id, in full, and with both', async () => {
      const extensions = persisted(hashOf(VIEWER));
      for (const body of [{ extensions }, { query: VIEWER }, { query: VIEWER, extensions }])
        expect(await post(closed, body)).toMatchObject({ status: 200, data: viewer });
    });

    test.each([
      ['another one', OTHER],
      ['the same document with another space', VIEWER.replace(' {', '  {')],
      ['introspection', '{ __schema { queryType { name } } }'],
      ['an invalid document, whose faults are not revealed', '{ nothing viewr }'],
      ['a request without a document', '{ viewer {'],
    ])('%s does not run', async (_, query) => {
      expect(await post(closed, { query })).toEqual(refused);
      expect(await post(closed, { query, extensions: persisted(hashOf(query)) })).toEqual(refused);
      expect(await post(closed, { extensions: persisted(hashOf(query)) })).toMatchObject({
        code: 'PERSISTED_QUERY_NOT_FOUND',
      });
    });

    // Both transports' protocols require a query, so a client that sends only the id leaves it empty.
    test.each(transports)(
      'they can be subscribed to over %s, by id and in full, and no others can',
      async (transport) => {
        const events = (query: string, extensions?: Record<string, unknown>) =>
          follow(closed, transport, query, {}, closed.token(), extensions);
        for (const following of [events(FEED), events('', persisted(hashOf(FEED)))]) {
          expect(await following.next()).toEqual({ activityFeed: { isSnapshot: true } });
          await following.stop();
        }
        const another = FEED.replace('Feed', 'Another');
        for (const [query, extensions, code] of [
          [another, undefined, 'PERSISTED_QUERY_NOT_IN_LIST'],
          ['', persisted(hashOf(another)), 'PERSISTED_QUERY_NOT_FOUND'],
        ] as const) {
          const following = events(query, extensions);
          expect((await following.errors())[0].extensions.code).toBe(code);
          await following.stop();
        }
      },
    );

    test('the legacy API works as usual', async () => {
      expect((await closed.rest('GET', '/script-profiles')).status).toBe(200);
    });
  });

  describe('a manifest', () => {
    const schema = createSchema();

    test.each([
      ['an object from id to document', { viewer: VIEWER, archive: ARCHIVE }],
      ['Apollo’s manifest', APOLLO_MANIFEST],
    ])('is accepted in the form of %s', (_, manifest) => {
      const documents = new Map(Object.entries({ viewer: VIEWER, archive: ARCHIVE }));
      expect(readManifest(JSON.stringify(manifest), schema, LIMITS)).toEqual(documents);
    });

    test.each([
      ['is not JSON', '{', /^it is not JSON: /],
      ['is a list', '[]', /^it is neither an object that maps ids to documents nor/],
      [
        'has another version of Apollo’s format',
        '{"format":"apollo-persisted-query-manifest","version":2,"operations":[]}',
        /^it is neither/,
      ],
      ['has an empty id', JSON.stringify({ '': VIEWER }), /^it is neither/],
      ['has a number as a document', '{"a": 5}', /^it is neither/],
      ['has an invalid document', '{"a": "{"}', /^the document "a" does not fit the schema: Syntax Error/],
      [
        'has a document larger than the limit of requests',
        JSON.stringify({ a: `{ ${'a: tags '.repeat(30)} }` }),
        /^the document "a" is too large: The document must have at most 20 duplicate fields or fragments/,
      ],
      ['has a document of another schema', '{"a": "{ nothing }"}', /Cannot query field "nothing"/],
    ])('stops the start if it %s', (_, text, message) => {
      expect(() => readManifest(text, schema, LIMITS)).toThrow(message);
    });

    test('that stops the start is reported with the variable, the path and the reason', async () => {
      await expect(started('faulty', { a: '{ nothing }' })).rejects.toThrow(
        /^TRUSTED_DOCUMENTS must be the path of a manifest of documents in JSON; found ".*\.json": the document "a"/,
      );
      const TRUSTED_DOCUMENTS = join(folder, 'nowhere.json');
      await expect(startApp({ environment: { TRUSTED_DOCUMENTS } })).rejects.toThrow(/ENOENT/);
    });
  });
}
