import { afterEach, describe, expect, test } from '@jest/globals';
import { getIntrospectionQuery } from 'graphql';
import { send } from '../rest/raw.ts';
import { startApp, type TestApp } from '../support/app.ts';

let app: TestApp;
afterEach(() => app?.close());

const SCHEMA = getIntrospectionQuery();
const post = (
  query: unknown,
  { token = null, ...more }: { token?: string | null; operationName?: string } = {},
) =>
  send(app, 'POST', '/graphql', {
    token,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query, ...more }),
  });
const get = (query: string) =>
  send(app, 'GET', `/graphql?query=${encodeURIComponent(query)}`, {
    token: null,
    headers: { 'content-type': 'application/json' },
  });

describe('INTROSPECTION', () => {
  test('on: whoever asks for the schema alone gets it, and without a token nothing else', async () => {
    app = await startApp({ environment: { INTROSPECTION: 'on' } });
    for (const answer of [
      await post(SCHEMA),
      await get(SCHEMA),
      await post('{ __typename __type(name: "Query") { name } }'),
      await post('query A { __typename } query B { __schema { queryType { name } } }', {
        operationName: 'B',
      }),
    ]) {
      expect(answer.status).toBe(200);
      expect(answer.body.errors).toBeUndefined();
    }
    for (const query of [
      '{ viewer { accountName } }',
      '{ __typename viewer { accountName } }',
      '{ __typename: viewer { accountName } }',
      'query A { __typename } query B { viewer { accountName } }',
      '{ ...a } fragment a on Query { viewer { accountName } }',
      '{ __typename ... { viewer { accountName } } }',
      'mutation { __typename }',
      'fragment a on Query { __typename }',
      'type Query { a: String }',
      '{ __typename',
      '',
      5,
      undefined,
    ]) {
      const answer = await post(query);
      expect({ query, status: answer.status }).toEqual({ query, status: 401 });
      expect(answer.body.errors[0].extensions.code).toBe('UNAUTHENTICATED');
      expect(answer.body.data).toBeUndefined();
    }
    expect((await get('{ viewer { accountName } }')).status).toBe(401);
    // Whoever sends a token means it.
    expect((await post(SCHEMA, { token: 'expired' })).status).toBe(401);
    expect(
      (await post('{ viewer { accountName } }', { token: app.token() })).body.data.viewer.accountName,
    ).toBe('standalone');
  });

  test('on: what nobody asks must be small, a file’s upload as well', async () => {
    app = await startApp({ environment: { INTROSPECTION: 'on' } });
    const padding = '#'.repeat(256 * 1024);
    for (const query of [SCHEMA, 'mutation { addScriptAttachment { userErrors { code } } }']) {
      const { status, body } = await post(`${query}\n${padding}`);
      expect([status, body.errors[0].extensions.code, body.data]).toEqual([
        401,
        'UNAUTHENTICATED',
        undefined,
      ]);
    }
  });

  test('authenticated, as it is unless told: whoever has a token gets the schema, and nobody else', async () => {
    app = await startApp();
    expect((await post(SCHEMA, { token: app.token() })).body.data.__schema.queryType.name).toBe('Query');
    expect((await post(SCHEMA)).status).toBe(401);
  });

  test('off: nobody gets the schema', async () => {
    app = await startApp({ environment: { INTROSPECTION: 'off' } });
    const token = app.token();
    for (const query of [SCHEMA, '{ ...a } fragment a on Query { b: __type(name: "Query") { name } }']) {
      const { status, body } = await post(query, { token });
      expect([status, body.data, body.errors]).toEqual([
        400,
        undefined,
        [
          {
            message: 'This server shows its schema to nobody.',
            locations: expect.anything(),
            extensions: { code: 'GRAPHQL_VALIDATION_FAILED' },
          },
        ],
      ]);
    }
    expect((await post('{ __typename }', { token })).body.data).toEqual({ __typename: 'Query' });
    expect((await post(SCHEMA)).status).toBe(401);
  });
});
