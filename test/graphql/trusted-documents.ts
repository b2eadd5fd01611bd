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
  /** Runs the documents of its manifest only. */
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

  /** As a client does that wants its queries cached on the way; the header is one that no other page could send. */
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

  describe('a document that was sent in full once', () => {
    test('is asked for by its hash from then on, by POST and by GET', async () => {
      const extensions = persisted(hashOf(VIEWER));
      expect(await post(open, { extensions })).toMatchObject({ code: 'PERSISTED_QUERY_NOT_FOUND' });
      expect(await post(open, { query: VIEWER, extensions })).toMatchObject({ status: 200, data: viewer });
      expect(await post(open, { extensions })).toMatchObject({ status: 200, data: viewer });
      expect(await get(open, { extensions: JSON.stringify(extensions) })).toMatchObject({ data: viewer });
    });

    test('with another’s hash is refused with 400, and is not kept', async () => {
      const extensions = persisted(hashOf(OTHER));
      expect(await post(open, { query: VIEWER, extensions })).toMatchObject({
        status: 400,
        code: 'PERSISTED_QUERY_HASH_MISMATCH',
      });
      expect(await post(open, { extensions })).toMatchObject({ code: 'PERSISTED_QUERY_NOT_FOUND' });
    });

    test('that has faults is refused for them, and is not kept', async () => {
      const faulty = '{ nothing }';
      const extensions = persisted(hashOf(faulty));
      expect(await post(open, { query: faulty, extensions })).toMatchObject({
        status: 400,
        code: 'GRAPHQL_VALIDATION_FAILED',
      });
      expect(await post(open, { extensions })).toMatchObject({ code: 'PERSISTED_QUERY_NOT_FOUND' });
    });

    test('is not done by GET where it is a mutation, kept or not', async () => {
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
      ['no version', { persistedQuery: { sha256Hash: hashOf(VIEWER) } }],
      ['a text', { persistedQuery: 'x' }],
    ])('is asked for with %s in vain: 400', async (_, extensions) => {
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
    test('a document of it is requested by its id, without having been sent', async () => {
      expect(await post(open, { extensions: persisted('viewer') })).toMatchObject({ data: viewer });
      const asked = { extensions: JSON.stringify(persisted('viewer')) };
      expect(await get(open, asked)).toMatchObject({ data: viewer });
    });

    test('other documents run too, and a mutation of it does nothing by GET', async () => {
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

    test('those run, by id, in full, and both', async () => {
      const extensions = persisted(hashOf(VIEWER));
      for (const body of [{ extensions }, { query: VIEWER }, { query: VIEWER, extensions }])
        expect(await post(closed, body)).toMatchObject({ status: 200, data: viewer });
    });

    test.each([
      ['another one', OTHER],
      ['the same with another space in it', VIEWER.replace(' {', '  {')],
      ['the schema', '{ __schema { queryType { name } } }'],
      ['a faulty one, of whose faults nothing is said', '{ nothing viewr }'],
      ['no document at all', '{ viewer {'],
    ])('%s does not', async (_, query) => {
      expect(await post(closed, { query })).toEqual(refused);
      expect(await post(closed, { query, extensions: persisted(hashOf(query)) })).toEqual(refused);
      expect(await post(closed, { extensions: persisted(hashOf(query)) })).toMatchObject({
        code: 'PERSISTED_QUERY_NOT_FOUND',
      });
    });

    // The protocol of either transport wants a query: whoever says the id alone leaves it empty.
    test.each(transports)(
      'those are followed over %s, by id and in full, and no other',
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

    test('the legacy API is served as ever', async () => {
      expect((await closed.rest('GET', '/script-profiles')).status).toBe(200);
    });
  });

  describe('a manifest stops the start', () => {
    const schema = createSchema();

    test.each([
      ['an object from id to document', { viewer: VIEWER, archive: ARCHIVE }],
      ['Apollo’s manifest', APOLLO_MANIFEST],
    ])('unless it is well formed, as %s', (_, manifest) => {
      const documents = new Map(Object.entries({ viewer: VIEWER, archive: ARCHIVE }));
      expect(readManifest(JSON.stringify(manifest), schema, LIMITS)).toEqual(documents);
    });

    test.each([
      ['that is no JSON', '{', /^it is not JSON: /],
      ['that is a list', '[]', /^it is neither an object that maps ids to documents nor/],
      [
        'of another version of Apollo’s',
        '{"format":"apollo-persisted-query-manifest","version":2,"operations":[]}',
        /^it is neither/,
      ],
      ['with an empty id', JSON.stringify({ '': VIEWER }), /^it is neither/],
      ['with a document that is a number', '{"a": 5}', /^it is neither/],
      [
        'with a document that is none',
        '{"a": "{"}',
        /^the document "a" does not fit the schema: Syntax Error/,
      ],
      [
        'with a document that is larger than a request’s may be',
        JSON.stringify({ a: `{ ${'a: tags '.repeat(30)} }` }),
        /^the document "a" is too large: The document must have at most 20 duplicate fields or fragments/,
      ],
      ['with a document of another schema', '{"a": "{ nothing }"}', /Cannot query field "nothing"/],
    ])('%s', (_, text, message) => {
      expect(() => readManifest(text, schema, LIMITS)).toThrow(message);
    });

    test('with the variable, the path and the reason', async () => {
      await expect(started('faulty', { a: '{ nothing }' })).rejects.toThrow(
        /^TRUSTED_DOCUMENTS must be the path of a manifest of documents in JSON; found ".*\.json": the document "a"/,
      );
      const TRUSTED_DOCUMENTS = join(folder, 'nowhere.json');
      await expect(startApp({ environment: { TRUSTED_DOCUMENTS } })).rejects.toThrow(/ENOENT/);
    });
  });
}
