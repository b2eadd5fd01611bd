import { createHash } from 'node:crypto';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { type GraphQLObjectType, getIntrospectionQuery, isObjectType } from 'graphql';
import { createSchema } from '../../src/graphql/schema.ts';
import { send } from '../rest/raw.ts';
import { startApp, type TestApp } from '../support/app.ts';
import { follow, transports } from '../support/following.ts';
import { sharedApp } from '../support/shared-app.ts';

export function abuse(): void {
  let app: TestApp;
  beforeAll(async () => {
    app = await sharedApp();
  });

  const many = (number: number, each: (index: number) => string) =>
    Array.from({ length: number }, (_, i) => each(i)).join(' ');
  /** `parent` leads from a group to a group, so a query may have any depth. */
  const groups = (depth: number) =>
    `{ accessGroups ${'{ parent '.repeat(depth - 2)}{ name }${' }'.repeat(depth - 2)} }`;

  async function expectTooComplex(
    query: string,
    what: string,
    found: string | RegExp,
    allowed: number,
    variables = {},
  ) {
    const { status, data, errors } = await app.graphql(query, variables);
    expect({ status, data }).toEqual({ status: 400, data: undefined });
    expect(errors).toHaveLength(1);
    expect(errors![0].extensions).toEqual({
      code: 'QUERY_TOO_COMPLEX',
      field: what,
      found: typeof found === 'string' ? found : expect.stringMatching(found),
      allowed: `at most ${allowed}`,
    });
    expect(errors![0].message).toContain(`at most ${allowed} ${what}`);
  }

  describe('a document is refused for', () => {
    test.each([
      [
        '10,000 aliases',
        `{ ${many(10_000, (i) => `a${i}: __typename`)} }`,
        'tokens',
        /^more than 4000$/,
        4000,
      ],
      ['51 aliases of __typename', `{ ${many(51, (i) => `a${i}: __typename`)} }`, 'aliases', '51', 50],
      [
        '51 aliases in fragments',
        `{ ...A ...B } fragment A on Query { limits { ${many(25, (i) => `a${i}: minInterval`)} } } fragment B on Query { limits { ${many(26, (i) => `b${i}: minInterval`)} } }`,
        'aliases',
        '51',
        50,
      ],
      ['a depth of 1,000', groups(1000), 'levels', '1000', 15],
      ['a depth of 16', groups(16), 'levels', '16', 15],
      [
        'a depth of 16 by fragments',
        `{ accessGroups { ...A } } ${many(7, (i) => `fragment ${'ABCDEFG'[i]} on AccessGroup { parent { parent { ...${'BCDEFGH'[i]} } } }`)} fragment H on AccessGroup { name }`,
        'levels',
        '16',
        15,
      ],
      [
        'a depth of 16 by inline fragments',
        groups(16)
          .replaceAll('parent', '... on AccessGroup { parent')
          .replace('{ name }', `{ name }${' }'.repeat(14)}`),
        'levels',
        '16',
        15,
      ],
      [
        '21 root fields',
        `{ limits { minInterval } tags viewer { accountName } preferences { hasRegistrationKey } ${many(17, (i) => `a${i}: tags`)} }`,
        'root fields',
        '21',
        20,
      ],
      [
        '21 mutations',
        `mutation { ${many(21, (i) => `m${i}: archiveScriptProfile(input: { id: "4242" }) { userErrors { code } }`)} }`,
        'root fields',
        '21',
        20,
      ],
      [
        '21 root fields in fragments',
        `{ ...A ...B } fragment A on Query { ${many(10, (i) => `a${i}: tags`)} } fragment B on Query { ${many(11, (i) => `b${i}: tags`)} }`,
        'root fields',
        '21',
        20,
      ],
      ['51 directives', `{ tags ${'@aa '.repeat(51)} }`, 'directives', '51', 50],
      [
        '51 directives on a variable',
        `query ($a: Int ${'@aa '.repeat(51)}) { tags }`,
        'directives',
        '51',
        50,
      ],
      [
        'a field 3,000 times',
        `{ limits { ${'minInterval '.repeat(3000)} } }`,
        'duplicate fields or fragments in a selection set',
        '2999',
        20,
      ],
      [
        'an inline fragment 150 times',
        `{ limits { ${'... on Limits { minInterval maxNumProfiles } '.repeat(150)} } }`,
        'duplicate fields or fragments in a selection set',
        '149',
        20,
      ],
      [
        '440 fragments',
        `{ scriptProfiles { nodes { ...F0 } } } ${many(440, (i) => `fragment F${i} on ScriptProfile { id ...F${i + 1} }`)}`,
        'fragments',
        '440',
        100,
      ],
      [
        '102 spreads of few fragments',
        `{ limits { ${many(51, (i) => `...F${i}`)} } viewer { person { ...G } } a: limits { ${many(50, (i) => `...F${i}`)} } } ${many(51, (i) => `fragment F${i} on Limits { minInterval }`)} fragment G on Person { name }`,
        'fragment spreads',
        '102',
        100,
      ],
    ] as const)('%s', async (_what, query, what, found, allowed) => {
      // Refused a second time as well, because only admitted documents are stored.
      await expectTooComplex(query, what, found, allowed);
      await expectTooComplex(query, what, found, allowed);
    });

    test('a text that would take long to validate, whatever else is wrong with it', () =>
      expectTooComplex(`{ nothing ${groups(40).slice(1)}`, 'levels', '40', 15));

    test('fragments that contain themselves, which the engine rejects immediately', async () => {
      for (const query of [
        '{ ...A } fragment A on Query { ...A }',
        '{ ...A } fragment A on Query { ...B } fragment B on Query { ...A }',
        '{ accessGroups { ...A } } fragment A on AccessGroup { parent { ...A } }',
        '{ ...__schema } fragment __schema on Query { ...__schema tags }',
      ]) {
        const { status, errors } = await app.graphql(query);
        expect([status, errors![0].extensions.code]).toEqual([400, 'GRAPHQL_VALIDATION_FAILED']);
        expect(errors![0].message).toMatch(/within itself/);
      }
    });

    test('fragments that double themselves, whose fields count as often as they are expanded', () => {
      const query = `{ accessGroups { ...A0 } } ${many(12, (i) => `fragment A${i} on AccessGroup { ... on AccessGroup { ...A${i + 1} } ... on Node { ...A${i + 1} } ... { ...A${i + 1} } }`)} fragment A12 on AccessGroup { name }`;
      return expectTooComplex(query, 'fields after its fragments are expanded', /more than/, 10_000);
    });

    test('the objects that it would fetch, such as pages within pages', async () => {
      const what = 'units of query cost';
      const pages = (size: string) =>
        `${size === '$n' ? 'query ($n: Int = 1000) ' : ''}{ scriptProfiles(first: ${size}) { nodes { activities(first: ${size}) { nodes { id } } } } }`;
      // 1 + 1000 × (1 + (1 + 1000 × 1))
      await expectTooComplex(pages('1000'), what, '1002001', 20_000);
      await expectTooComplex(pages('$n'), what, '1002001', 20_000);
      await expectTooComplex(pages('$n'), what, '40401', 20_000, { n: 200 });
      expect((await app.graphql(pages('$n'), { n: 100 })).errors).toBeUndefined();
      await expectTooComplex(pages('1000').replaceAll('first', 'last'), what, '1002001', 20_000);
    });

    test('types that form a cycle', async () => {
      const circle = `{ __schema { types { ${'fields { type { '.repeat(5)} name ${'} } '.repeat(5)} } } }`;
      const { status, errors } = await app.graphql(circle);
      expect([status, errors![0].extensions.code]).toEqual([400, 'GRAPHQL_VALIDATION_FAILED']);
    });

    test('nothing if it is the usual introspection query of tools', async () => {
      const { errors } = await app.graphql(
        getIntrospectionQuery({ inputValueDeprecation: true, specifiedByUrl: true, oneOf: true }),
      );
      expect(errors).toBeUndefined();
    });
  });

  describe('the cost of an operation', () => {
    const ask = async (
      query: string,
      headers: Record<string, string> = { 'x-query-cost': '1' },
      variables = {},
    ) =>
      (
        await send(app, 'POST', '/graphql', {
          headers: { 'content-type': 'application/json', ...headers },
          body: JSON.stringify({ query, variables }),
        })
      ).body;

    test.each([
      ['{ limits { minInterval } }', 1],
      ['{ limits { minInterval maxNumProfiles } tags }', 1],
      ['{ scriptProfiles { totalCount } }', 1],
      ['{ scriptProfiles { nodes { id title } } }', 51],
      ['{ scriptProfiles(first: 3) { nodes { script { id } } pageInfo { endCursor } } }', 1 + 3 * 3],
      ['{ scriptProfiles(first: 0) { nodes { id } } }', 1],
      ['{ accessGroups { name } }', 1],
      ['{ accessGroups { parent { name } } }', 11],
      [
        '{ nodes(ids: ["a", "b", "c"]) { ... on Script { createdBy { name } } ... on Computer { accessGroup { name } } } }',
        4,
      ],
      ['query ($on: Boolean = false) { limits @include(if: $on) { minInterval } viewer { accountName } }', 1],
      ['query A { viewer { accountName } }', 1],
    ])('%s: the answer has it on request: %d', async (query, requested) => {
      expect((await ask(query)).extensions).toEqual({ cost: { requested, allowed: 20_000 } });
      expect(await ask(query, {})).not.toHaveProperty('extensions');
    });

    test('does not affect a page that is too large, which has a rule of its own', async () => {
      for (const first of [1001, 2 ** 31 - 1, -1]) {
        const { errors } = await ask(`{ scriptProfiles(first: ${first}) { nodes { id } } }`);
        expect(errors[0].extensions).toMatchObject({ code: 'INVALID_INPUT', field: 'first' });
      }
    });

    test('does not limit the legacy API’s own documents', async () => {
      expect((await app.rest('GET', '/script-profiles?limit=10000')).status).toBe(200);
    });
  });

  test('an operator can set the limits', async () => {
    const strict = await startApp({
      environment: { GRAPH_MAX_DEPTH: '2', GRAPH_MAX_COST: '60', GRAPH_MAX_TOKENS: '30' },
    });
    try {
      const code = async (query: string) => (await strict.graphql(query)).errors?.[0].extensions;
      expect(await code('{ limits { minInterval } }')).toBeUndefined();
      expect(await code('{ viewer { person { name } } }')).toMatchObject({
        field: 'levels',
        allowed: 'at most 2',
      });
      expect(
        await code('{ a: scriptProfiles { totalCount } scripts(first: 60) { totalCount } }'),
      ).toBeUndefined();
      expect(await code(`{ ${'a '.repeat(30)} }`)).toMatchObject({ field: 'tokens', allowed: 'at most 30' });
    } finally {
      await strict.close();
    }
  });

  describe('other shapes of abuse', () => {
    test('variables with a list of a hundred thousand items, a text of a quarter of a megabyte, or deep nesting are refused', async () => {
      const query = 'query ($ids: [ID!]!) { nodes(ids: $ids) { id } }';
      const long = await app.graphql(query, { ids: Array(60_000).fill('1') });
      expect(long.errors![0].extensions.code).toMatch(/INVALID_INPUT|QUERY_TOO_COMPLEX/);
      const deep = `${'{"a":'.repeat(10_000)}1${'}'.repeat(10_000)}`;
      const headers = { 'content-type': 'application/json' };
      const document = JSON.stringify(
        'query ($filter: ScriptProfileFilter) { scriptProfiles(filter: $filter) { totalCount } }',
      );
      const answer = await send(app, 'POST', '/graphql', {
        headers,
        body: `{"query": ${document}, "variables": {"filter": ${deep}}}`,
      });
      expect([answer.status, answer.body.errors[0].extensions.code]).toEqual([400, 'INVALID_INPUT']);
      const text = await app.graphql(
        'query ($search: String) { scripts(filter: { search: $search }) { totalCount } }',
        { search: 'x'.repeat(200_000) },
      );
      expect(text.errors![0].extensions).toMatchObject({ code: 'INVALID_INPUT', field: 'filter.search' });
      const whole = await app.graphql(query, { ids: Array(200_000).fill('1') });
      expect(whole.status).toBe(413);
    });

    test('batches are refused, and no operation of them runs', async () => {
      const headers = { 'content-type': 'application/json' };
      const one = { query: '{ tags }' };
      const batch = await send(app, 'POST', '/graphql', { headers, body: JSON.stringify([one, one]) });
      expect(batch.status).toBe(400);
    });

    test('a document over the limits is not stored under its hash, and costs the same by hash as in full', async () => {
      const ask = async (query: string, { sent = true, limit = {} } = {}) => {
        const sha256Hash = createHash('sha256').update(query).digest('hex');
        const extensions = { persistedQuery: { version: 1, sha256Hash } };
        const { body } = await send(app, 'POST', '/graphql', {
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({ ...(sent && { query }), variables: limit, extensions }),
        });
        return body.errors?.[0].extensions.code;
      };
      const deep = groups(16);
      expect(await ask(deep)).toBe('QUERY_TOO_COMPLEX');
      expect(await ask(deep, { sent: false })).toBe('PERSISTED_QUERY_NOT_FOUND');
      const costly =
        'query ($first: Int) { scriptProfiles(first: $first) { nodes { computers(first: $first) { nodes { id } } } } }';
      expect(await ask(costly, { limit: { first: 1 } })).toBeUndefined();
      expect(await ask(costly, { sent: false, limit: { first: 1 } })).toBeUndefined();
      expect(await ask(costly, { sent: false, limit: { first: 1000 } })).toBe('QUERY_TOO_COMPLEX');
    });

    test.each(transports)(
      'a subscription over %s has the same limits as other documents',
      async (transport) => {
        const feed = (selection: string) => `subscription { activityFeed { ${selection} } }`;
        const codeOf = async (query: string) => {
          const following = follow(app, transport, query);
          try {
            return (await following.errors())[0]?.extensions.code;
          } finally {
            await following.stop();
          }
        };
        const group = `${'parent { '.repeat(20)} name ${'}'.repeat(20)}`;
        const pages = 'computers(first: 1000) { nodes { id } }';
        for (const selection of [
          many(51, (i) => `a${i}: __typename`),
          `activities { scriptProfile { accessGroup { ${group} } } }`,
          many(25, () => 'isSnapshot'),
          // A negative number does not reduce the cost of the rest.
          `activities { failures(first: -100000000) { parent { id } } scriptProfile { activities(first: 1000) { nodes { scriptProfile { ${pages} } } } } }`,
          `activities { scriptProfile { activities(first: 1000) { nodes { scriptProfile { ${pages} } } } } }`,
        ])
          expect({ selection, code: await codeOf(feed(selection)) }).toEqual({
            selection,
            code: 'QUERY_TOO_COMPLEX',
          });
        expect(await codeOf(feed('isSnapshot'))).toBeUndefined();
      },
    );

    test('invented cursors and ids are refused or not found, and never cause an internal error', async () => {
      const schema = createSchema();
      const encode = (text: string) => Buffer.from(text).toString('base64url');
      const cursors = [
        '',
        'x',
        encode('[]'),
        encode('{}'),
        encode('null'),
        encode('["ScriptProfile"]'),
        encode('["ScriptProfile","CREATED_AT","2025-01-01",1]'),
        encode('["ScriptProfile","CREATED_AT","\'; drop table person; --",1]'),
        encode('["ScriptProfile","CREATED_AT",null,1e99]'),
        encode('["Account","CREATED_AT","2025-01-01T00:00:00.000000Z",1]'),
        encode('["ScriptProfile","CREATED_AT","2025-01-01T00:00:00.000000Z",-1.5]'),
      ];
      const ids = [
        '',
        '0',
        '-1',
        '1e3',
        '9'.repeat(30),
        'x',
        '\0',
        encode('v1:Person:1:2'),
        encode('v1:Account:1'),
        encode('v2:Person:1'),
        encode('v1:Person:1; drop table person'),
        encode('v1:__proto__:1'),
        encode('v1:Script:9007199254740993'),
      ];
      const query: GraphQLObjectType = schema.getQueryType()!;
      for (const field of Object.values(query.getFields())) {
        const takes = (name: string) => field.args.some((argument) => argument.name === name);
        const type = String(field.type).replace(/[![\]]/g, '');
        const selection = isObjectType(schema.getType(type)) || type === 'Node' ? '{ __typename }' : '';
        for (const after of takes('after') ? cursors : []) {
          const { errors } = await app.graphql(
            `query ($after: String) { ${field.name}(after: $after) ${selection} }`,
            { after },
          );
          expect({ after, code: errors?.[0].extensions.code }).toEqual({ after, code: 'INVALID_INPUT' });
        }
        for (const id of takes('id') ? ids : []) {
          const { errors } = await app.graphql(`query ($id: ID!) { ${field.name}(id: $id) ${selection} }`, {
            id,
          });
          expect({ field: field.name, id, code: errors?.[0].extensions.code }).toEqual({
            field: field.name,
            id,
            code: 'NOT_FOUND',
          });
        }
      }
    });
  });
}
