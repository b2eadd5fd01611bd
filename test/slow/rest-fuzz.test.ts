import { afterAll, beforeAll, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { legacyActions } from '../../src/rest/actions/actions.ts';
import { routes } from '../../src/rest/rest-api.ts';
import { expectError, type RawAnswer, send } from '../rest/raw.ts';
import { startApp, type TestApp } from '../support/app.ts';

// Any request to any route is answered or refused, and never causes an internal error.

let app: TestApp;
beforeAll(async () => {
  app = await startApp();
});
afterAll(() => app?.close());

const text = fc.oneof(
  fc.constantFrom(...['0', '1', '-1', '5', '35', '2396', '1e3', '00', '999999999999999', '9'.repeat(30)]),
  fc.constantFrom(
    ...['true', 'maybe', 'all', 'active', 'v2', 'web', '%', '_', '\\', "'", '"', '()', 'a,b,,1'],
  ),
  fc.constantFrom(
    ...['\0', '\ud800', '🐧', 'ä', ' ', '+', '&', '=', '../x', 'constructor', '__proto__', 'null'],
  ),
  fc.constantFrom(
    ...['tag:a OR', 'id:1 NOT', 'profile:script:5', 'computer:"tag:a"', 'created-after:2025-0'],
  ),
  fc.string({ unit: 'binary', maxLength: 12 }),
);
const encoded = text.map((value) => encodeURIComponent(value.replaceAll(/\p{Cs}/gu, '\ufffd')));
/** Bytes that are not UTF-8, and invalid escapes. */
const raw = fc.constantFrom('%', '%zz', '%00', '%ff%fe', '%ed%a0%80', '%c3');
const written = fc.oneof({ weight: 5, arbitrary: encoded }, { weight: 1, arbitrary: raw });

const names = [
  ...new Set([
    ...routes.flatMap(({ openapi }) => openapi.query ?? []),
    ...legacyActions.flatMap(({ openapi }) => openapi.parameters ?? []),
    ...['existing_ids.1', 'computer_ids.2', 'version', 'interpreter'],
  ]),
];
const parameters = (own: readonly string[]) =>
  fc
    .array(fc.tuple(fc.constantFrom(...own, ...names), written), { maxLength: 5 })
    .map((pairs) => pairs.map(([name, value]) => `${name}=${value}`).join('&'));

const json = fc.oneof(
  { weight: 3, arbitrary: fc.object({ maxDepth: 2 }).map((value) => JSON.stringify(value)) },
  {
    weight: 3,
    arbitrary: fc
      .dictionary(
        fc.constantFrom(
          'title',
          'script_id',
          'trigger',
          'tags',
          'registration_password',
          'auto_register_new_computers',
        ),
        fc.oneof(fc.jsonValue({ maxDepth: 1 }), text),
      )
      .map((value) => JSON.stringify(value)),
  },
  { weight: 1, arbitrary: fc.string({ maxLength: 20 }) },
);

const statuses = new Map<number, number>();
function expectNoFault(answer: RawAnswer): void {
  statuses.set(answer.status, (statuses.get(answer.status) ?? 0) + 1);
  expect(answer.status).toBeLessThan(500);
  if (answer.status >= 400) expectError(answer, answer.status, answer.body?.error);
}

test.each(routes.map((route) => [`${route.method} ${route.path}`, route] as const))(
  '%s: any path, query and body is answered or refused',
  async (_name, { method, path, takesBody, openapi }) => {
    const filled = path
      .split(/(\{\w+\})/)
      .map((part) => (part.startsWith('{') ? written.filter((value) => value !== '') : fc.constant(part)));
    await fc.assert(
      fc.asyncProperty(
        fc.tuple(...filled).map((parts) => parts.join('')),
        parameters(openapi.query ?? names.slice(0, 1)),
        takesBody ? json : fc.constant(undefined),
        async (target, query, body) => {
          expectNoFault(await send(app, method, `/api/v2${target}?${query}`, { body }));
        },
      ),
      { numRuns: Number(process.env.FUZZ_RUNS ?? 25) },
    );
  },
);

test.each(legacyActions.map((action) => [action.name, action] as const))(
  '%s: any parameters, by GET and in a form, are answered or refused',
  async (name, { openapi }) => {
    await fc.assert(
      fc.asyncProperty(parameters(openapi.parameters ?? names.slice(0, 1)), async (query) => {
        const headers = { 'content-type': 'application/x-www-form-urlencoded' };
        expectNoFault(await send(app, 'GET', `/api/?action=${name}&${query}`));
        expectNoFault(await send(app, 'POST', `/api/?action=${name}`, { body: query, headers }));
      }),
      { numRuns: Number(process.env.FUZZ_RUNS ?? 25) },
    );
  },
);

/** Texts of parts of queries in any order. */
const nearlyQueries = fc
  .array(
    fc.oneof(
      { weight: 4, arbitrary: fc.constantFrom(...['AND', 'OR', 'NOT', '(', ')', '"', '\\', ':', ' ', '\t']) },
      {
        weight: 6,
        arbitrary: fc.constantFrom(
          ...[
            'id:1',
            'tag:a',
            'title:"a b"',
            'profile:script:5',
            'profile:',
            'access-group: server',
            'alert:x',
          ],
          ...[
            'access-group-recursive:global',
            'status:failed',
            'created-after:2025',
            'created-before:0000-00',
          ],
          ...[
            'creator:a@b',
            'computer:"tag:a OR id:1"',
            'parent-id:9',
            'type:',
            'web',
            'id:99999999999999999',
          ],
        ),
      },
      { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 5 }) },
    ),
    { maxLength: 12 },
  )
  .chain((parts) => fc.constantFrom('', ' ').map((between) => parts.join(between)))
  .map((query) => encodeURIComponent(query.replaceAll(/\p{Cs}/gu, '\ufffd')));

test.each([
  ['computers', (query: string) => send(app, 'GET', `/api/v2/computers?limit=1&query=${query}`)],
  ['activities', (query: string) => send(app, 'GET', `/api/v2/activities?limit=1&query=${query}`)],
  [
    'activities to cancel',
    (query: string) => send(app, 'GET', `/api/?action=CancelActivities&query=${query}`),
  ],
])('any search query for %s is answered or refused', async (_what, ask) => {
  await fc.assert(
    fc.asyncProperty(nearlyQueries, async (query) => {
      const { status, body } = await ask(query);
      // The message names each activity that has ended on its own line.
      expect({ status, error: body.error ?? 'none' }).toEqual(
        status === 200 ? { status, error: 'none' } : { status: 400, error: 'InvalidInput' },
      );
    }),
    { numRuns: Number(process.env.FUZZ_RUNS ?? 150) },
  );
});

test('many of these requests were answered, and many refused', () => {
  for (const status of [200, 400, 404]) expect(statuses.get(status) ?? 0).toBeGreaterThan(20);
});
