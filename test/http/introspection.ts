import { afterEach, describe, expect, test } from '@jest/globals';
import { getIntrospectionQuery, isEnumType, isInputObjectType, isObjectType } from 'graphql';
import { createSchema } from '../../src/graphql/schema.ts';
import { send } from '../rest/raw.ts';
import { startApp, type TestApp } from '../support/app.ts';

export function introspection(): void {
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
    test('on: an anonymous request may read the schema, and nothing else', async () => {
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
      // A request with a wrong token is refused, not treated as anonymous.
      expect((await post(SCHEMA, { token: 'expired' })).status).toBe(401);
      expect(
        (await post('{ viewer { accountName } }', { token: app.token() })).body.data.viewer.accountName,
      ).toBe('standalone');
    });

    test('on: an anonymous request must be small, also with the name of an upload', async () => {
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

    test('authenticated, which is the default: only a caller with a token may read the schema', async () => {
      app = await startApp();
      expect((await post(SCHEMA, { token: app.token() })).body.data.__schema.queryType.name).toBe('Query');
      expect((await post(SCHEMA)).status).toBe(401);
    });

    test('off: no caller may read the schema', async () => {
      app = await startApp({ environment: { INTROSPECTION: 'off' } });
      const token = app.token();
      for (const query of [SCHEMA, '{ ...a } fragment a on Query { b: __type(name: "Query") { name } }']) {
        const { status, body } = await post(query, { token });
        expect([status, body.data, body.errors]).toEqual([
          400,
          undefined,
          [
            {
              message: 'Introspection is disabled on this server.',
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

  describe('a refusal names no field, argument or enum value that was not sent', () => {
    const names = Object.values(createSchema().getTypeMap()).flatMap((type) => {
      if (isEnumType(type)) return type.getValues().map(({ name }) => name);
      if (isObjectType(type))
        return Object.values(type.getFields()).flatMap(({ name, args }) => [
          name,
          ...args.map((one) => one.name),
        ]);
      return isInputObjectType(type) ? Object.keys(type.getFields()) : [];
    });
    /** Words that occur in the messages anyway are left out. */
    const telling = new Set([
      ...names.filter((name) => /[a-z][A-Z]|^[A-Z_]{4,}$/.test(name)),
      ...['email', 'password', 'session', 'tags', 'interval', 'username', 'trigger', 'viewer'],
    ]);
    // biome-ignore lint/suspicious/noExplicitAny: a test reads answers of any shape
    const named = (sent: string, errors: any[]) =>
      errors
        .flatMap(({ message, extensions: { field, found, allowed } }) => [message, field, found, allowed])
        .flatMap((text: string | undefined) => text?.match(/\w+/g) ?? [])
        .filter((word) => telling.has(word) && !sent.includes(word));
    const ask = async (query: string, variables: object, token: string | null) => {
      const { body } = await send(app, 'POST', '/graphql', {
        token,
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ query, variables }),
      });
      expect(body.data).toBeUndefined();
      expect(body.errors[0].extensions.code).toMatch(
        /GRAPHQL_VALIDATION_FAILED|INVALID_INPUT|BAD_USER_INPUT/,
      );
      return named(query + JSON.stringify(variables), body.errors);
    };

    const withToken: [string, object?][] = [
      ['{ scriptProfile { id } }'],
      ['{ scriptProfilez { totalCount } }'],
      ['{ scriptProfiles(frst: 1) { totalCount } }'],
      ['{ scriptProfiles }'],
      ['{ scriptProfiles(orderBy: { field: CREATED, direction: DSC }) { totalCount } }'],
      ['{ scriptProfiles(orderBy: { fiel: TITLE }) { totalCount } }'],
      ['mutation { createScriptProfile(input: {}) { userErrors { code } } }'],
      ['mutation { createScriptProfile(input: { titel: 1 }) { userErrors { code } } }'],
      ['mutation { createScriptProfile { userErrors { code } } }'],
      ['{ node(id: "1") { titl } }'],
      ['query ($a: ScriptProfileFiltr) { tagz }'],
      ['query ($f: ScriptProfileFilter) { scriptProfiles(filter: $f) { totalCount } }', { f: { titl: 'x' } }],
      ['query ($f: ScriptProfileFilter) { scriptProfiles(filter: $f) { totalCount } }', { f: 5 }],
      ['query ($f: [ActivityStatus!]) { activities(filter: { statuses: $f }) { totalCount } }', { f: ['x'] }],
      ['query ($f: ActivityStatus!) { activities(filter: { statuses: [$f] }) { totalCount } }', { f: 'x' }],
      [
        'mutation ($i: CreateScriptProfileInput!) { createScriptProfile(input: $i) { userErrors { code } } }',
        { i: {} },
      ],
      [
        'mutation ($i: CreateScriptProfileInput!) { createScriptProfile(input: $i) { userErrors { code } } }',
        { i: { title: 'a', scriptId: 1, username: 'a', trigger: {} } },
      ],
    ];
    const logIns: [string, object?][] = [
      ['mutation { login { token } }'],
      ['mutation { login(input: {}) { userErrors { code } } }'],
      ['mutation { login(input: { mail: "a", pass: "b" }) { sesion { tokn } } }'],
      ['mutation { login(inpt: 1) { sesion { token } } }'],
      ['mutation { login(input: { email: "a" }) { userErrors { cod } } }'],
      ['mutation ($i: LoginInput!) { login(input: $i) { userErrors { code } } }', { i: {} }],
      [
        'mutation ($i: LoginInput!) { login(input: $i) { userErrors { code } } }',
        { i: { mail: 'a', email: 5 } },
      ],
      [
        'mutation ($input: LoginInput!) { login(input: $input) { userErrors { code } } }',
        { input: { x: 1 } },
      ],
      ['mutation ($input: LoginInput!) { login(input: $input) { userErrors { code } } }', {}],
    ];

    test('INTROSPECTION off: to a caller with or without a token', async () => {
      app = await startApp({ environment: { INTROSPECTION: 'off' } });
      for (const [query, variables = {}] of [...withToken, ...logIns])
        expect({ query, variables, named: await ask(query, variables, app.token()) }).toEqual({
          query,
          variables,
          named: [],
        });
      for (const [query, variables = {}] of logIns)
        expect({ query, variables, named: await ask(query, variables, null) }).toEqual({
          query,
          variables,
          named: [],
        });
    });

    test('INTROSPECTION authenticated: to an anonymous log-in, while a caller with a token gets suggestions', async () => {
      app = await startApp();
      for (const [query, variables = {}] of logIns)
        expect({ query, variables, named: await ask(query, variables, null) }).toEqual({
          query,
          variables,
          named: [],
        });
      let helped = 0;
      for (const [query, variables = {}] of withToken)
        helped += (await ask(query, variables, app.token())).length > 0 ? 1 : 0;
      expect(helped).toBeGreaterThan(5);
    });
  });
}
