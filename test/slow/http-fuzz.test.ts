import { Agent, request } from 'node:http';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { oneOf as anyOf, seeded } from '../../tools/seeded.ts';
import { startApp, type TestApp } from '../support/app.ts';
import { INSIDE } from '../support/inside.ts';
import { SEED } from '../support/seed.ts';

// Ten thousand valid requests to both APIs, each damaged at random, with a seed. Each gets an answer that is not an
// internal error and reveals nothing internal.

const REQUESTS = Number(process.env.FUZZ_REQUESTS ?? 10_000);
const AT_ONCE = 8;

let app: TestApp;
const agent = new Agent({ keepAlive: true, maxSockets: AT_ONCE });
beforeAll(async () => {
  app = await startApp();
});
afterAll(async () => {
  agent.destroy();
  await app?.close();
});

const chance = seeded(SEED);
const random = (below: number): number => Math.floor(chance() * below);
const oneOf = <T>(list: readonly T[]): T => anyOf(chance, list);

interface Sent {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

const profile = JSON.stringify({
  title: 'Another',
  script_id: 35,
  username: 'root',
  time_limit: 60,
  tags: ['web'],
  all_computers: false,
  access_group: 'global',
  trigger: { trigger_type: 'recurring', interval: '0 8 * * 1-5', start_after: '2030-01-01T00:00:00' },
});
const documents = [
  '{ scriptProfiles(first: 3, after: null, filter: { search: "a", status: ALL }, orderBy: { field: TITLE, direction: ASC }) { totalCount nodes { id title trigger { __typename ... on RecurringTrigger { interval nextRun } } } pageInfo { endCursor } } }',
  'query Q($id: ID!) { node(id: $id) { id ... on Script { title code } } scriptProfile(id: $id) { title } }',
  'mutation { createScriptProfile(input: { title: "x", scriptId: "35", username: "root", timeLimit: 60, trigger: { recurring: { interval: "0 8 * * *", startAfter: "2030-01-01T00:00:00Z" } } }) { scriptProfile { id } userErrors { code field found } } }',
  '{ upcomingRuns(from: "2025-04-23T00:00:00Z", to: "2025-04-25T00:00:00Z") { runs { at } conflicts { at } load { runs } } viewer { roles permissions { permission } } }',
  'mutation { login(input: { email: "a@example.com", password: "b", expiryMinutes: 5 }) { session { token } userErrors { code } } }',
];
const good: readonly Sent[] = [
  ...[
    '?limit=2&offset=1&archived=all&search=a&names=b,c',
    '/5',
    '/5/activities?limit=1',
    '/1/computers?offset=3',
  ].map((path) => ({ method: 'GET', path: `/api/v2/script-profiles${path}`, headers: {}, body: '' })),
  { method: 'POST', path: '/api/v2/script-profiles', headers: {}, body: profile },
  { method: 'PATCH', path: '/api/v2/script-profiles/4', headers: {}, body: profile },
  { method: 'POST', path: '/api/script-profiles/1:archive', headers: {}, body: '' },
  { method: 'GET', path: '/api/v2/me', headers: { cookie: 'gateway_token=a.b.c; x=y' }, body: '' },
  { method: 'GET', path: '/session', headers: { 'x-gateway-console': '1' }, body: '' },
  { method: 'POST', path: '/session', headers: { 'x-gateway-console': '1' }, body: '{}' },
  { method: 'POST', path: '/api/v2/login', headers: {}, body: '{"email": "a@example.com", "password": "b"}' },
  ...documents.map((query) => ({
    method: 'POST',
    path: '/graphql',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query, variables: { id: 'djE6U2NyaXB0OjM1' }, operationName: null }),
  })),
  {
    method: 'GET',
    path: `/graphql?query=${encodeURIComponent(documents[0]!)}`,
    headers: { 'content-type': 'application/json' },
    body: '',
  },
];

const strange = [
  ...[
    '\0',
    '\u202e',
    '\ud800',
    '%00',
    '%',
    '"',
    "'",
    '\\',
    '{',
    '}',
    '[',
    ']',
    '$',
    '@',
    '..',
    '...',
    '//',
    '#',
  ],
  ...['null', 'true', '-1', '1e999', '99999999999999999999', '0x10', 'NaN', '[]', '{}', '""', '[[[[[[[['],
  ...[
    '__proto__',
    'constructor',
    '"__proto__":{"a":1},',
    "'; drop table person; --",
    '\u0024{jndi:x}',
    '\r\nX-Evil: 1',
  ],
  ...[
    'é',
    '漢字',
    '🦊',
    'x'.repeat(5000),
    '{"a":'.repeat(500),
    '../../etc/passwd',
    '<script>',
    '__schema',
    '@skip(if:',
  ],
];

/** Damages the text up to four times: removes, inserts, doubles, swaps or truncates a part. */
function spoiled(whole: string): string {
  let result = whole;
  for (let times = random(4) + 1; times > 0; times--) {
    const at = random(result.length + 1);
    const to = Math.min(at + random(20), result.length);
    const put = [
      () => '',
      () => oneOf(strange),
      () => result.slice(at, to).repeat(3),
      () => String.fromCharCode(random(0x250)),
      () => [...result.slice(at, to)].reverse().join(''),
    ];
    result = result.slice(0, at) + oneOf(put)() + (random(12) === 0 ? '' : result.slice(to));
  }
  return result;
}

const headers: readonly Readonly<Record<string, string>>[] = [
  { authorization: '' },
  { authorization: 'Bearer a.b.c' },
  { authorization: 'Basic Og==' },
  { 'content-type': 'text/plain' },
  { 'content-type': 'application/json; charset=utf-7' },
  { 'content-type': 'multipart/form-data; boundary=x' },
  { accept: 'text/html' },
  { accept: 'multipart/mixed; deferSpec=20220824, */*' },
  { 'content-encoding': 'gzip' },
  { 'x-query-cost': '1' },
  { 'x-request-id': 'a b;c' },
  { cookie: 'gateway_token=;;;=;gateway_token' },
  { cookie: 'gateway_token=a.b.c', 'x-gateway-console': '1' },
  { origin: 'null', 'access-control-request-method': 'DELETE' },
  { 'apollo-require-preflight': 'x', 'x-http-method-override': 'DELETE' },
];

function malformed(): Sent {
  const { method, path, headers: own, body } = oneOf(good);
  const what = random(10);
  return {
    method:
      random(15) === 0
        ? oneOf(['GET', 'POST', 'PATCH', 'PUT', 'DELETE', 'OPTIONS', 'HEAD', 'QUERY'])
        : method,
    // A request without a path is not HTTP. attacks.test.ts tests it.
    path: what < 5 ? `/${spoiled(path.slice(1)).replace(/[^\x21-\x7e]/g, encoded)}`.slice(0, 8000) : path,
    headers: { ...own, ...(random(5) === 0 && oneOf(headers)) },
    body: what >= 3 && body ? spoiled(body) : body,
  };
}
const encoded = (char: string) =>
  [...Buffer.from(char)].map((byte) => `%${byte.toString(16).padStart(2, '0')}`).join('');

function answerTo({ method, path, headers: own, body }: Sent): Promise<{ status: number; received: string }> {
  const { hostname, port } = new URL(app.url);
  const all = {
    authorization: `Bearer ${app.token()}`,
    ...(body && { 'content-length': Buffer.byteLength(body) }),
    ...own,
  };
  return new Promise((resolve, reject) => {
    request({ hostname, port, method, path, headers: all, agent }, async (answer) =>
      resolve({ status: answer.statusCode!, received: await text(answer) }),
    )
      .on('error', reject)
      .end(body);
  });
}

test(`ten thousand malformed requests cause no internal error, and reveal nothing internal (seed ${SEED})`, async () => {
  const statuses = new Map<number, number>();
  const bad: object[] = [];
  const sent = Array.from({ length: REQUESTS }, malformed);
  const inTurn = async () => {
    for (let next = sent.pop(); next; next = sent.pop()) {
      const { status, received } = await answerTo(next);
      statuses.set(status, (statuses.get(status) ?? 0) + 1);
      // An answer may quote the request itself.
      const isQuoted = INSIDE.exec(received)?.[0];
      const leaks =
        isQuoted !== undefined && !/text\/html|<!DOCTYPE/i.test(received) && !isOwn(next, isQuoted);
      if (status >= 500 || leaks) bad.push({ ...next, status, received: received.slice(0, 500) });
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, inTurn));
  expect(bad).toEqual([]);
  expect(app.faults()).toEqual([]);
  // The damage has different effects: some requests are still valid, and each step refuses some.
  for (const status of [200, 400, 401, 404, 405]) expect(statuses.get(status)).toBeGreaterThan(20);
  expect((await app.graphql('{ viewer { accountName } }')).data.viewer.accountName).toBe('standalone');
}, 600_000);

const isOwn = ({ path, body }: Sent, words: string) =>
  `${decodeURIComponent(path.replace(/%(?![\da-f]{2})/gi, '%25').replace(/%[89a-f]./gi, ''))} ${body}`.includes(
    words,
  );
