import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { startApp, type TestApp } from '../support/app.ts';
import { resetDatabase } from '../support/database.ts';
import { send } from './raw.ts';

// An empty installation, as the log-in page of the real system's dashboard finds it. Behind a trusted proxy, the proxy's
// headers say whether the request was encrypted.

const ADA = { name: 'Ada Lovelace', email: 'ada@example.com', password: 'Difference 1' };
const JSON_TYPE = { 'content-type': 'application/json' };

let app: TestApp;
beforeAll(async () => {
  app = await startApp({ seed: 'none', environment: { TRUSTED_PROXIES: '127.0.0.2/32' } });
});
afterAll(async () => {
  expect(app?.faults()).toEqual([]);
  await app?.close();
});
const reset = () => resetDatabase(app.database);

const create = (body: object = ADA, headers: Record<string, string> = {}) =>
  send(app, 'POST', '/api/v2/standalone-account', {
    token: null,
    headers: { ...JSON_TYPE, ...headers },
    body: JSON.stringify(body),
  });
const exists = async () =>
  (await send(app, 'GET', '/api/v2/standalone-account', { token: null })).body.exists as boolean;
const logIn = () =>
  send(app, 'POST', '/api/v2/login', {
    token: null,
    headers: JSON_TYPE,
    body: JSON.stringify({ email: ADA.email, password: ADA.password }),
  });
const numAccounts = () => app.database.prisma.account.count();

test('the account and its administrator are created once, and then the administrator can log in', async () => {
  expect(await exists()).toBe(false);
  expect((await logIn()).status).toBe(401);
  const { status, body } = await create();
  expect([status, body]).toEqual([
    201,
    {
      account: 'standalone',
      creation_time: expect.stringMatching(/^\d{4}-.*Z$/),
      administrators: [{ name: ADA.name, email: ADA.email, openid: null }],
      company: 'Standalone',
      computers: 0,
      disabled: false,
      disabled_reason: null,
      enabled_features: [],
      last_login_time: null,
      licenses: [],
      salesforce_account_key: null,
      subdomain: null,
    },
  ]);
  expect(await exists()).toBe(true);
  const { body: session } = await logIn();
  expect(session).toMatchObject({ email: ADA.email, current_account: 'standalone', attach_code: null });

  const again = await create({ ...ADA, email: 'eve@example.com' });
  expect([again.status, again.body.message]).toEqual([
    400,
    'An account already exists. Log in, or ask an administrator for an invitation.',
  ]);
  const { token } = session;
  const administrators = '/api/?action=GetAdministrators&version=2011-08-01';
  expect((await send(app, 'GET', administrators, { token })).body).toMatchObject([
    { email: ADA.email, name: ADA.name, roles: ['GlobalAdmin'] },
  ]);
  const { results } = (await send(app, 'GET', '/api/v2/events?search=account+created', { token })).body;
  expect(results).toMatchObject([
    {
      entity_type: 'Account',
      entity_name: 'standalone',
      person_name: ADA.name,
      message: `Account created: standalone, by ${ADA.name} <${ADA.email}>`,
    },
  ]);
});

test('if many requests arrive at the same time, one creates the account', async () => {
  await reset();
  const emails = Array.from({ length: 6 }, (_, index) => `person${index}@example.com`);
  const answers = await Promise.all(emails.map((email) => create({ ...ADA, email })));
  expect(answers.map(({ status }) => status).sort()).toEqual([201, 400, 400, 400, 400, 400]);
  expect([await numAccounts(), await app.database.prisma.person.count()]).toEqual([1, 1]);
});

test.each([
  [{ ...ADA, name: '' }, 'name'],
  [{ ...ADA, email: 'nothing' }, 'email'],
  [{ ...ADA, password: 'short' }, 'password'],
  [{ name: ADA.name, email: ADA.email }, 'password'],
])('%j creates no account, and the refusal names %s', async (body, field) => {
  await reset();
  const answer = await create(body);
  expect([answer.status, answer.body.detail.field]).toEqual([400, field]);
  expect(await exists()).toBe(false);
});

test('if the administrator cannot be stored, no account is created, and a retry succeeds', async () => {
  await reset();
  const { prisma } = app.database;
  await prisma.$executeRawUnsafe(
    `create function refuse_person() returns trigger language plpgsql as $$ begin raise 'no'; end $$`,
  );
  await prisma.$executeRawUnsafe(
    'create trigger refuse_person before insert on person for each row execute function refuse_person()',
  );
  expect((await create()).status).toBe(500);
  expect(app.faults().length).toBe(1);
  app.logged().length = 0;
  await prisma.$executeRawUnsafe('drop trigger refuse_person on person');
  await prisma.$executeRawUnsafe('drop function refuse_person()');
  expect(await exists()).toBe(false);
  expect((await create()).status).toBe(201);
});

test.each([
  ['an untrusted proxy reports a local client', { 'x-forwarded-for': '127.0.0.1' }],
  ['an untrusted proxy reports HTTPS', { 'x-forwarded-proto': 'https' }],
  ['the name of another site resolves to this server', { host: 'evil.example.com' }],
])('if %s, the request is refused', async (_what, headers) => {
  await reset();
  const { status, body } = await create(ADA, headers);
  expect([status, body.error, await exists()]).toEqual([403, 'Forbidden', false]);
});

test('a request whose content type is not JSON is refused, because the page of another site can send it', async () => {
  for (const type of ['text/plain', 'application/x-www-form-urlencoded'])
    expect((await create(ADA, { 'content-type': type })).status).toBe(415);
  expect(await exists()).toBe(false);
});

test.each([
  ['https', 201],
  ['http', 403],
])('a request that reached a trusted proxy over %s is answered with %d', async (protocol, expected) => {
  const proxied = await startApp({ seed: 'none', environment: { TRUSTED_PROXIES: '127.0.0.1/32' } });
  try {
    const { status } = await send(proxied, 'POST', '/api/v2/standalone-account', {
      token: null,
      headers: {
        ...JSON_TYPE,
        host: 'landscape.example.com',
        'x-forwarded-for': '203.0.113.9',
        'x-forwarded-proto': protocol,
      },
      body: JSON.stringify(ADA),
    });
    expect(status).toBe(expected);
  } finally {
    await proxied.close();
  }
});

test('the graph creates the account without a token, once', async () => {
  await reset();
  const query = `mutation ($input: CreateFirstAccountInput!) {
    createFirstAccount(input: $input) { accountName person { email } userErrors { field code } }
  }`;
  const ask = async () =>
    (
      await send(app, 'POST', '/graphql', {
        token: null,
        headers: JSON_TYPE,
        body: JSON.stringify({ query, variables: { input: ADA } }),
      })
    ).body.data.createFirstAccount;
  expect(await ask()).toEqual({ accountName: 'standalone', person: { email: ADA.email }, userErrors: [] });
  expect(await ask()).toEqual({
    accountName: null,
    person: null,
    userErrors: [{ field: null, code: 'INVALID_INPUT' }],
  });
});
