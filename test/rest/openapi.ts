import { beforeAll, describe, expect, test } from '@jest/globals';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import { legacyActions } from '../../src/rest/actions/actions.ts';
import { routes } from '../../src/rest/rest-api.ts';
import type { TestApp } from '../support/app.ts';
import { sharedApp } from '../support/shared-app.ts';
import { type RawAnswer, send } from './raw.ts';

export function openapiDescription() {
  // biome-ignore lint/suspicious/noExplicitAny: a test reads a document of any shape
  let document: any;
  let app: TestApp;
  let ajv: Ajv2020;

  beforeAll(async () => {
    app = await sharedApp({ seed: 'demo', now: '2026-11-23T23:45:12.123456Z' });
    const attachment = { scriptId: 35, filename: 'a.txt', content: Buffer.from('a') };
    const account = await app.database.prisma.account.findFirstOrThrow();
    await app.database.prisma.scriptAttachment.create({
      data: { ...attachment, accountId: account.id, createdAt: account.createdAt },
    });
    document = (await send(app, 'GET', '/api/v2/openapi.json', { token: null })).body;
    ajv = new Ajv2020({ strict: true, allErrors: true, allowUnionTypes: false });
    ajv.addVocabulary(['components']);
    ajv.addSchema({ $id: 'openapi', components: document.components });
  });

  const methods = ['get', 'post', 'patch', 'put', 'delete'] as const;
  type Operation = {
    parameters?: Parameter[];
    responses: Record<string, Response>;
    requestBody?: Content;
    summary?: string;
    security?: object[];
  };
  type Parameter = { name: string; in: string; required?: boolean; schema?: object };
  type Content = { content?: Record<string, { schema?: object }> };
  type Response = Content & { description?: string };

  const operations = (): [path: string, method: string, Operation][] =>
    Object.entries(document.paths).flatMap(([path, item]) =>
      Object.entries(item as object).map(([method, operation]): [string, string, Operation] => [
        path,
        method,
        operation,
      ]),
    );

  /** Collects every `$ref`, at any depth. */
  function refsIn(value: unknown): string[] {
    if (typeof value !== 'object' || value === null) return [];
    return Object.entries(value).flatMap(([key, inner]) =>
      key === '$ref' ? [String(inner)] : refsIn(inner),
    );
  }

  describe('the document', () => {
    test('is the same JSON under both prefixes, with and without a token', async () => {
      for (const [path, token] of [
        ['/api/openapi.json', null],
        ['/api/v2/openapi.json', app.token()],
        ['/api/v2/openapi.json', 'no token'],
      ] as const) {
        const { status, headers, body } = await send(app, 'GET', path, { token });
        expect([status, headers['content-type']]).toEqual([200, 'application/json; charset=utf-8']);
        expect(body).toEqual(document);
      }
    });

    test('has the structure of OpenAPI 3.1, with all required keys and no meaningless ones', () => {
      expect(document.openapi).toMatch(/^3\.1\.\d+$/);
      expect(document.info).toMatchObject({ title: expect.any(String), version: expect.any(String) });
      expect(Object.keys(document).sort()).toEqual([
        'components',
        'info',
        'openapi',
        'paths',
        'security',
        'servers',
        'tags',
      ]);
      expect(document.servers).toEqual([{ url: '/api/v2' }, { url: '/api' }]);
      for (const requirement of document.security) {
        for (const name of Object.keys(requirement))
          expect(document.components.securitySchemes).toHaveProperty(name);
      }
      for (const name of Object.keys(document.components.schemas)) expect(name).toMatch(/^[\w.-]+$/);
    });

    test('lists exactly the routes of the table, each with all its methods', () => {
      const listed = operations().map(([path, method]) => `${method.toUpperCase()} ${path}`);
      const table = routes.flatMap(({ path, method, alsoBy = [] }) =>
        [method, ...alsoBy].map((each) => `${each} ${path}`),
      );
      expect(listed.sort()).toEqual([...table, 'GET /', 'POST /'].sort());
      expect(new Set(listed).size).toBe(listed.length);
    });

    test('describes for each operation the path’s parameters, which are unique and required, and the answers', () => {
      for (const [path, method, { parameters = [], responses, requestBody, summary }] of operations()) {
        expect(methods).toContain(method);
        expect(path).toMatch(/^\//);
        expect(summary).toMatch(/\w/);
        const inPath = parameters.filter((parameter) => parameter.in === 'path');
        expect(inPath.map(({ name }) => `{${name}}`)).toEqual(path.match(/\{\w+\}/g) ?? []);
        expect(inPath.every(({ required }) => required)).toBe(true);
        const names = parameters.map((parameter) => `${parameter.in} ${parameter.name}`);
        expect(new Set(names).size).toBe(names.length);
        for (const { in: place, schema } of parameters) {
          expect(['path', 'query']).toContain(place);
          expect(ajv.validateSchema(schema!)).toBe(true);
        }
        expect(Object.keys(responses)).toContainEqual(expect.stringMatching(/^2\d\d$/));
        for (const [status, { description }] of Object.entries(responses)) {
          expect(status).toMatch(/^([1-5]\d\d|default)$/);
          expect(description).toMatch(/\w/);
        }
        const form = path === '/' && 'application/x-www-form-urlencoded';
        if (requestBody) expect(Object.keys(requestBody.content!)).toContain(form || 'application/json');
        const route = routes.find((one) => one.path === path && one.method.toLowerCase() === method);
        const takesBody = path === '/' ? method === 'post' : (route?.takesBody ?? false);
        expect(requestBody !== undefined).toBe(takesBody);
      }
    });

    test('has schemas of JSON Schema 2020-12, in which every reference is valid and every schema is used', () => {
      const { schemas } = document.components;
      const refs = new Set(refsIn(document));
      for (const ref of refs) expect(schemas).toHaveProperty(ref.replace('#/components/schemas/', ''));
      for (const [name, schema] of Object.entries(schemas)) {
        expect(refs).toContain(`#/components/schemas/${name}`);
        expect(ajv.validateSchema(schema as object)).toBe(true);
        expect(() => schemaNamed(name)).not.toThrow();
      }
    });
  });

  function schemaNamed(name: string): ValidateFunction {
    const validate = ajv.getSchema(`openapi#/components/schemas/${name}`);
    if (!validate) throw new Error(`The document has no schema ${name}.`);
    return validate;
  }

  /** Checks that the document describes a real answer. */
  function expectDescribed(path: string, method: string, { status, headers, body, text }: RawAnswer): void {
    const described: Response | undefined = document.paths[path]?.[method.toLowerCase()]?.responses[status];
    if (!described)
      throw new Error(`${method} ${path} answers ${status}, which the document does not describe.`);
    if (!described.content) {
      expect(text).toBe('');
      return;
    }
    const [type, { schema }] = Object.entries(described.content)[0]!;
    expect(headers['content-type']).toContain(type);
    if (!schema) return;
    const validate = schemaNamed(refsIn(schema)[0]!.replace('#/components/schemas/', ''));
    validate(body);
    expect(validate.errors ?? []).toEqual([]);
  }

  const profile = {
    ...{
      title: 'Described',
      script_id: 35,
      username: 'root',
      time_limit: 60,
      tags: ['web'],
      all_computers: true,
    },
    trigger: { trigger_type: 'recurring', interval: '0 8 * * *', start_after: '2030-01-01T00:00' },
  };
  const p = '/script-profiles';
  const s = '/scripts';

  /** Requests to every route, each with the expected status. */
  const requests: readonly (readonly [
    method: string,
    path: string,
    of: string,
    status: number,
    body?: unknown,
  ])[] = [
    ['GET', `${p}?archived=all`, p, 200],
    ['GET', `${p}?limit=1&offset=1`, p, 200],
    ['GET', `${p}?limit=x`, p, 400],
    ['POST', p, p, 201, profile],
    ['POST', p, p, 409, profile],
    [
      'POST',
      p,
      p,
      201,
      { ...profile, title: 'Once', trigger: { trigger_type: 'one_time', timestamp: '2030-01-01T00:00' } },
    ],
    ['POST', p, p, 400, {}],
    ['POST', p, p, 404, { ...profile, title: 'Without a script', script_id: 4242 }],
    ['POST', p, p, 400, '{'],
    ['POST', p, p, 413, ' '.repeat(2 ** 20 + 1)],
    ['GET', `${p}/1`, `${p}/{id}`, 200],
    ['GET', `${p}/4242`, `${p}/{id}`, 404],
    ['PATCH', `${p}/4`, `${p}/{id}`, 200, { tags: ['db'] }],
    ['PATCH', `${p}/4`, `${p}/{id}`, 400, { tags: ['-'] }],
    ['PATCH', `${p}/4`, `${p}/{id}`, 409, { title: 'Described' }],
    ['PATCH', `${p}/4242`, `${p}/{id}`, 404, {}],
    ['PATCH', `${p}/4`, `${p}/{id}`, 413, ' '.repeat(2 ** 20 + 1)],
    ['POST', `${p}/4:archive`, `${p}/{id}:archive`, 204],
    ['POST', `${p}/4242:archive`, `${p}/{id}:archive`, 404],
    ['PATCH', `${p}/4`, `${p}/{id}`, 400, { title: 'Too late' }],
    ['GET', `${p}/1/activities`, `${p}/{id}/activities`, 200],
    ['POST', `${p}/5/activities`, `${p}/{id}/activities`, 200],
    ['GET', `${p}/6/activities?limit=2`, `${p}/{id}/activities`, 200],
    ['GET', `${p}/1/activities?limit=x`, `${p}/{id}/activities`, 400],
    ['POST', `${p}/4242/activities`, `${p}/{id}/activities`, 404],
    ['GET', `${p}/5/computers`, `${p}/{id}/computers`, 200],
    ['GET', `${p}/5/computers?offset=x`, `${p}/{id}/computers`, 400],
    ['GET', `${p}/4242/computers`, `${p}/{id}/computers`, 404],
    ['GET', '/script-profile-limits', '/script-profile-limits', 200],
    ['POST', '/script-profile-limits', '/script-profile-limits', 200],
    ['GET', `${s}?script_type=all`, s, 200],
    ['GET', `${s}?script_type=v1`, s, 200],
    ['GET', `${s}?script_type=v3`, s, 400],
    ['GET', `${s}/35`, `${s}/{id}`, 200],
    ['GET', `${s}/4242`, `${s}/{id}`, 404],
    ['GET', `${s}/35/versions`, `${s}/{id}/versions`, 200],
    ['GET', `${s}/4242/versions`, `${s}/{id}/versions`, 404],
    ['GET', `${s}/35/versions?limit=x`, `${s}/{id}/versions`, 400],
    ['GET', `${s}/35/versions/1`, `${s}/{id}/versions/{number}`, 200],
    ['GET', `${s}/35/versions/99`, `${s}/{id}/versions/{number}`, 404],
    ['GET', `${s}/35/attachments/1`, `${s}/{id}/attachments/{attachment}`, 200],
    ['GET', `${s}/35/attachments/99`, `${s}/{id}/attachments/{attachment}`, 404],
    ['GET', `${s}/31/script-profiles?archived=all`, `${s}/{id}/script-profiles`, 200],
    ['GET', `${s}/31/script-profiles?archived=x`, `${s}/{id}/script-profiles`, 400],
    ['GET', `${s}/4242/script-profiles`, `${s}/{id}/script-profiles`, 404],
    ['POST', `${s}/34:archive`, `${s}/{id}:archive`, 204],
    ['POST', `${s}/4242:archive`, `${s}/{id}:archive`, 404],
    ['POST', `${s}/34:redact`, `${s}/{id}:redact`, 204],
    ['POST', `${s}/34:archive`, `${s}/{id}:archive`, 400],
    ['POST', `${s}/4242:redact`, `${s}/{id}:redact`, 404],
    ['GET', '/computers?with_profiles=true&with_alerts=true&limit=3', '/computers', 200],
    ['GET', '/computers?query=tag:', '/computers', 400],
    ['GET', '/computers/1?with_profiles=true&with_upgrades=1', '/computers/{id}', 200],
    ['GET', '/computers/1?with_profiles=maybe', '/computers/{id}', 400],
    ['GET', '/computers/4242', '/computers/{id}', 404],
    ['GET', '/tags', '/tags', 200],
    ['GET', '/tags?offset=-1', '/tags', 400],
    ['GET', '/tags/profile-diff?tags=server,web&instance_ids=1,2', '/tags/profile-diff', 200],
    ['GET', '/tags/profile-diff?tags=-&instance_ids=1', '/tags/profile-diff', 400],
    ['GET', '/tags/profile-diff?tags=web&instance_ids=4242', '/tags/profile-diff', 404],
    ['GET', '/activities?limit=500', '/activities', 200],
    ['GET', '/activities?query=status:done', '/activities', 400],
    ['GET', '/activities/2396', '/activities/{id}', 200],
    ['GET', '/activities/4', '/activities/{id}', 404],
    ['POST', '/activities/reapply', '/activities/reapply', 200, { activity_ids: [] }],
    ['POST', '/activities/reapply', '/activities/reapply', 400, { activity_ids: [2396] }],
    ['POST', '/activities/reapply', '/activities/reapply', 404, { activity_ids: [4] }],
    ...[
      '/about',
      '/features',
      '/standalone-account',
      '/login/methods',
      '/alerts/summary',
      '/preferences',
    ].map((path) => ['GET', path, path, 200] as const),
    ['GET', '/classic_dashboard_url', '/classic_dashboard_url', 200],
    ...[
      '/alerts',
      '/packageprofiles',
      '/rebootprofiles',
      '/repositoryprofiles',
      '/computers/availability-zones',
    ].map((path) => ['GET', path, path, 200] as const),
    ['PUT', '/computers/1', '/computers/{id}', 200, { comment: 'a note', title: 'Web', tags: ['web'] }],
    ['PUT', '/computers/1', '/computers/{id}', 400, { tags: ['-'] }],
    ['PUT', '/computers/4242', '/computers/{id}', 404, {}],
    ['GET', '/computers/1/recovery-key', '/computers/{id}/recovery-key', 200],
    ['GET', '/computers/4242/recovery-key', '/computers/{id}/recovery-key', 404],
    ['GET', '/usns', '/usns', 200],
    ['GET', '/users', '/users', 200],
    ...['packages', 'snaps/installed', 'processes', 'livepatch/info', 'livepatch/kernel'].flatMap((part) => [
      ['GET', `/computers/1/${part}`, `/computers/{id}/${part}`, 200] as const,
      ['GET', `/computers/4242/${part}`, `/computers/{id}/${part}`, 404] as const,
    ]),
    [
      'PATCH',
      '/preferences',
      '/preferences',
      200,
      { auto_register_new_computers: true, title: 'Standalone' },
    ],
    ['PATCH', '/preferences', '/preferences', 400, { registration_password: 'short' }],
    ['GET', '/person', '/person', 200],
    ['POST', '/person', '/person', 200, { name: 'John Smith', timezone: 'UTC' }],
    ['POST', '/person', '/person', 400, { timezone: 'Nowhere' }],
    ['PUT', '/password', '/password', 400, { password: 'wrong', new_password: 'a long password' }],
    ['GET', '/credentials', '/credentials', 200],
    ['POST', '/credentials', '/credentials', 200, {}],
    ['POST', '/credentials', '/credentials', 400, { account: 'nowhere' }],
    ['PUT', '/administrators/1', '/administrators/{id}', 200, { roles: ['GlobalAdmin'] }],
    ['PUT', '/administrators/1', '/administrators/{id}', 400, { roles: [] }],
    ['PUT', '/administrators/4242', '/administrators/{id}', 404, {}],
    ['GET', '/invitations', '/invitations', 200],
    ['POST', '/invitations/1', '/invitations/{id}', 404],
    ['DELETE', '/invitations/1', '/invitations/{id}', 404],
    ['GET', '/events?days=7&search=person&limit=5', '/events', 200],
    ['GET', '/events?days=0', '/events', 400],
    [
      ...(['POST', '/standalone-account', '/standalone-account', 415] as const),
      { name: 'Ada', email: 'ada@example.com', password: 'a long password' },
    ],
    ['POST', '/login', '/login', 401, { email: 'john@example.com', password: 'wrong' }],
    ['POST', '/login', '/login', 400, { email: 'john@example.com' }],
    ['POST', '/login', '/login', 400, { email: 'john@example.com', identity: 'john', password: 'x' }],
    ['POST', '/login/access-key', '/login/access-key', 401, { access_key: 'A', secret_key: 'B' }],
    ['POST', '/login/access-key', '/login/access-key', 400, { access_key: 'A' }],
    ['GET', '/me', '/me', 200],
    ['POST', '/switch-account', '/switch-account', 200, { account_name: 'standalone' }],
    ['POST', '/switch-account', '/switch-account', 400, { account_name: 'nowhere' }],
  ];

  describe('a real answer matches its description', () => {
    test.each(requests)('%s %s, described as %s: %d', async (...[method, path, of, status, body]) => {
      const text = body === undefined || typeof body === 'string' ? (body as string) : JSON.stringify(body);
      const answer = await send(app, method, `/api/v2${path}`, { body: text });
      expect(answer.status).toBe(status);
      expectDescribed(of, method, answer);
    });

    test('without a token, and with a wrong content type, on every route', async () => {
      for (const [path, method, { requestBody, security }] of operations()) {
        if (path === '/') continue;
        const url = `/api/v2${path.replace(/\{\w+\}/g, '5')}`;
        const anonymous = await send(app, method.toUpperCase(), url, { token: null });
        // One of them must be declared as JSON.
        const withoutBody = path === '/standalone-account' && method === 'post' ? 415 : 400;
        expect([path, anonymous.status]).toEqual([path, security ? (requestBody ? withoutBody : 200) : 401]);
        expectDescribed(path, method, anonymous);
        if (!requestBody) continue;
        const typed = await send(app, method.toUpperCase(), url, {
          body: '<a/>',
          headers: { 'content-type': 'text/xml' },
        });
        expect(typed.status).toBe(415);
        expectDescribed(path, method, typed);
      }
    });
  });

  describe('a body that the document allows is accepted, and any other is refused', () => {
    const { title: _title, ...untitled } = profile;
    const { tags: _tags, all_computers: _all, ...least } = profile;
    test.each([
      [least, true],
      [{ ...profile, unknown: 1, trigger: { ...profile.trigger, last_run: '', next_run: '' } }, true],
      [untitled, false],
      [{ ...profile, title: '' }, false],
      [{ ...profile, time_limit: 0 }, false],
      [{ ...profile, time_limit: 2 ** 31 }, false],
      [{ ...profile, tags: 'web' }, false],
      [{ ...profile, trigger: { trigger_type: 'recurring', interval: '0 8 * * *' } }, false],
      [{ ...profile, trigger: { trigger_type: 'hourly' } }, false],
    ] as const)('create %j: %s', async (body, allowed) => {
      expect(schemaNamed('ScriptProfileCreate')(body)).toBe(allowed);
      const named = 'title' in body && body.title ? { ...body, title: `Body ${JSON.stringify(body)}` } : body;
      const { status, body: made } = await app.rest('POST', '/script-profiles', named);
      expect(status).toBe(allowed ? 201 : 400);
      if (allowed) await app.rest('POST', `/script-profiles/${made.id}:archive`);
    });

    test.each([
      [{}, true],
      [
        { title: null, username: null, time_limit: null, tags: null, all_computers: null, trigger: null },
        true,
      ],
      [{ trigger: { trigger_type: 'recurring' } }, true],
      [{ trigger: { trigger_type: 'recurring', interval: null, start_after: null } }, true],
      [{ trigger: {} }, false],
      [{ trigger: { trigger_type: 'recurring', interval: 5 } }, false],
      [{ username: '' }, false],
      [{ time_limit: 1.5 }, false],
      [{ tags: [5] }, false],
      [[], false],
    ])('update %j: %s', async (body, allowed) => {
      expect(schemaNamed('ScriptProfileUpdate')(body)).toBe(allowed);
      expect((await app.rest('PATCH', '/script-profiles/5', body)).status).toBe(allowed ? 200 : 400);
    });
  });

  describe('a legacy action', () => {
    const code = Buffer.from('#!/bin/sh\ntrue\n').toString('base64');
    test.each([
      ['GetAccessGroups', ''],
      ['GetActivityTypes', ''],
      ['ApproveActivities', 'query=status:unapproved'],
      ['CancelActivities', 'query=id:1'],
      ['GetPendingComputers', ''],
      ['CreateScript', `title=Made&code=${code}&script_type=V2`],
      ['EditScript', 'script_id=31&title=Edited'],
      ['CreateSavedSearch', 'title=Web&search=tag:web'],
      ['EditSavedSearch', 'name=web&search=tag:db'],
      ['GetSavedSearches', ''],
      ['RemoveSavedSearch', 'name=web'],
      ['AcceptPendingComputers', 'computer_ids.1=1'],
      ['AddTagsToComputers', 'query=id:1&tags.1=a'],
      ['RemoveTagsFromComputers', 'query=id:1&tags.1=a'],
      ['ChangeComputersAccessGroup', 'query=id:1&access_group=server'],
      ['RemoveComputers', 'computer_ids.1=20'],
      ['ExecuteScript', 'script_id=31&query=id:1&username=root'],
      ['CreateScriptAttachment', 'script_id=31&file=a$$'],
      ['RemoveScriptAttachment', 'script_id=31&filename=a'],
      ['GetRemovalProfiles', ''],
      ['GetUpgradeProfiles', ''],
    ])('%s returns the described answer', async (name, parameters) => {
      const { parameters: described, responses } = document.paths['/'].get;
      expect(described[0].schema.enum).toContain(name);
      const { status, body } = await send(
        app,
        'GET',
        `/api/?action=${name}&version=2011-08-01&${parameters}`,
      );
      expect([status, body]).toEqual([200, body]);
      const { schema } = legacyActions.find((action) => action.name === name)!.openapi;
      expect(refsIn(responses[200])).toContain(`#/components/schemas/${schema}`);
      const validate = schemaNamed(schema);
      validate(body);
      expect(validate.errors ?? []).toEqual([]);
    });
  });
}
