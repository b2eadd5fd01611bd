import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { instantOf } from '../../src/domain/time.ts';
import { send } from '../rest/raw.ts';
import { startApp, type TestApp } from '../support/app.ts';
import { follow } from '../support/following.ts';
import { openSocket } from './raw-socket.ts';

// Sends known secrets through every API, also in wrong places. None of them may occur in the log at any level, in the
// database or in an error.
export function canary(): void {
  const PASSWORD = 'canary-password-0001';
  const WRONG = 'canary-wrong-password-0002';
  const REGISTRATION = 'canary-registration-0003';
  const SET = 'canary-set-password-0004';
  const CHANGED = 'canary-changed-password-0005';
  const EMAIL = 'john@example.com';

  let app: TestApp;
  const secrets = new Set([PASSWORD, WRONG, REGISTRATION, SET, CHANGED]);
  /** The errors of refused requests. */
  const refused: string[] = [];

  beforeAll(async () => {
    app = await startApp({
      now: () => instantOf(Math.floor(Date.now() / 1000)),
      environment: { LOG_LEVEL: 'trace' },
      logLevel: 'trace',
    });
    await app.setPassword(PASSWORD);
  });
  afterAll(() => app?.close());

  const JSON_BODY = { 'content-type': 'application/json' };
  const rest = async (path: string, json: object | string, headers: Record<string, string> = {}) => {
    const body = typeof json === 'string' ? json : JSON.stringify(json);
    const answer = await send(app, 'POST', path, { token: null, body, headers });
    if (answer.status >= 400) refused.push(answer.text);
    return answer;
  };
  const graph = async (query: string, variables: object = {}, authorization?: string) => {
    const headers = { ...JSON_BODY, ...(authorization && { authorization }) };
    return rest('/graphql', { query, variables }, headers);
  };
  const IN =
    'mutation ($input: LoginInput!) { login(input: $input) { session { token } userErrors { message found } } }';

  async function whateverBearsSecrets(): Promise<void> {
    for (const password of [PASSWORD, WRONG]) {
      await rest('/api/v2/login', { email: EMAIL, password });
      await rest('/api/v2/login', { email: EMAIL, password, account: 'nowhere' });
      await rest('/api/v2/login', { email: EMAIL, password: password.repeat(100) });
      await rest('/api/v2/login', `{"email": "${EMAIL}", "password": "${password}"`);
      await rest(`/api/v2/login?password=${password}`, { email: EMAIL, password }, { 'content-type': 'x/y' });
      await send(app, 'GET', `/api/v2/login?email=${EMAIL}&password=${password}`, { token: null });
      await graph(IN, { input: { email: EMAIL, password } });
      await graph(IN, { input: { email: EMAIL, password: password.repeat(100) } });
      await graph(`mutation { login(input: { email: "${EMAIL}", password: "${password}" }) { nothing } }`);
      await graph(`{ viewer { accountName } } # ${password}`, {}, `Bearer ${password}`);
      await send(app, 'GET', `/graphql?query={viewer{accountName}}&variables={"p":"${password}"}`);
    }
    const { token } = (await rest('/api/v2/login', { email: EMAIL, password: PASSWORD })).body;
    secrets.add(token).add(token.split('.')[2]!);
    const bearer = `Bearer ${token}`;
    await send(app, 'GET', '/api/v2/me', { token: null, headers: { cookie: `gateway_token=${token}` } });
    await send(app, 'GET', `/api/v2/script-profiles?token=${token}`, { token });
    await graph('{ viewer { accountName } }', {}, bearer);
    await graph('{ viewer { accountName } }', {}, `${bearer}x`);
    const following = follow(app, 'WebSocket', 'subscription { activityFeed { isSnapshot } }', {}, token);
    await following.next();
    await following.stop();
    const raw = await openSocket(app.url);
    raw.say({ type: 'connection_init', payload: { authorization: `Bearer ${WRONG}` } });
    await raw.closed;

    const made = (
      await graph(
        'mutation { createAccessKey(input: { title: "it" }) { secretKey accessKey { key } } }',
        {},
        bearer,
      )
    ).body.data.createAccessKey;
    secrets.add(made.secretKey);
    const access_key = made.accessKey.key;
    for (const secret_key of [made.secretKey, WRONG])
      await rest('/api/v2/login/access-key', { access_key, secret_key });
    await graph(`mutation { revokeAccessKey(input: { key: "${access_key}" }) { revokedKey } }`, {}, bearer);

    const people = (mutation: string, input: object, as?: string) => {
      const type = `${mutation[0]!.toUpperCase()}${mutation.slice(1)}Input`;
      const answer = { createPerson: 'passwordLink { token }' }[mutation] ?? 'session { token }';
      const document = `mutation ($input: ${type}!) { ${mutation}(input: $input) { ${answer} userErrors { message found } } }`;
      return graph(document, { input }, as);
    };
    const created = await people('createPerson', { name: 'Grace', email: 'grace@example.com' }, bearer);
    const link = created.body.data.createPerson.passwordLink.token;
    secrets.add(link);
    await people('setPassword', { token: link, password: 'x' });
    await people('setPassword', { token: link, password: `${WRONG}\n` });
    await people('setPassword', { token: WRONG, password: PASSWORD });
    const set = (await people('setPassword', { token: link, password: SET })).body.data.setPassword;
    secrets.add(set.session.token);
    await people('setPassword', { token: link, password: SET });
    const herself = `Bearer ${set.session.token}`;
    for (const [currentPassword, newPassword] of [
      [WRONG, CHANGED],
      [SET, `${CHANGED}\n`],
      [SET, CHANGED],
    ])
      await people('changePassword', { currentPassword, newPassword }, herself);

    const preferences =
      'mutation ($input: UpdatePreferencesInput!) { updatePreferences(input: $input) { userErrors { message } } }';
    await graph(
      preferences,
      { input: { registrationKey: REGISTRATION, autoRegisterNewComputers: true } },
      bearer,
    );
    const basic = (key: string) => Buffer.from(`standalone:${key}`).toString('base64');
    secrets.add(basic(REGISTRATION));
    const enrol = 'mutation { enrolComputer(input: { hostname: "web-99" }) { token } }';
    await graph(enrol, {}, `Basic ${basic(WRONG)}`);
    const enrolled = (await graph(enrol, {}, `Basic ${basic(REGISTRATION)}`)).body.data.enrolComputer;
    secrets.add(enrolled.token);
    await graph(
      'mutation { takeExecutions(input: {}) { executions { id } } }',
      {},
      `Bearer ${enrolled.token}`,
    );
    await graph('{ viewer { accountName } }', {}, `Bearer ${enrolled.token}`);
  }

  /** Repeats the requests while statements fail, because errors of the database are logged with their details. */
  async function whileBroken(table: string): Promise<void> {
    const { prisma } = app.database;
    await prisma.logInAttempts.deleteMany();
    await prisma.$executeRawUnsafe(`alter table "${table}" rename to gone`);
    await rest('/api/v2/login', { email: EMAIL, password: PASSWORD });
    await graph(IN, { input: { email: EMAIL, password: PASSWORD } });
    await graph('{ viewer { accountName } }', {}, `Bearer ${app.token()}`);
    await rest('/api/v2/login/access-key', { access_key: 'KEY', secret_key: WRONG });
    await prisma.$executeRawUnsafe(`alter table gone rename to "${table}"`);
  }

  test('no password, token or key is in the log, in the database or in an error', async () => {
    await whateverBearsSecrets();
    const before = app.faults().length;
    for (const table of ['log_in_attempts', 'person', 'event']) await whileBroken(table);
    expect(app.faults().length).toBeGreaterThan(before + 5);

    const { prisma } = app.database;
    const tables = await prisma.$queryRaw<{ name: string }[]>`
    select table_name::text as name from information_schema.tables where table_schema = current_schema()`;
    const stored = await Promise.all(
      tables.map(({ name }) =>
        prisma.$queryRawUnsafe<{ row: string }[]>(`select t::text as row from "${name}" t`),
      ),
    );
    const everything = {
      log: app.logged().join(''),
      database: stored
        .flat()
        .map(({ row }) => row)
        .join('\n'),
      errors: refused.join('\n'),
    };
    expect(app.logged().length).toBeGreaterThan(40);
    expect(refused.length).toBeGreaterThan(20);
    expect(everything.database).toContain(EMAIL);
    for (const [where, text] of Object.entries(everything))
      for (const secret of secrets)
        expect({ where, secret, found: text.includes(secret) }).toMatchObject({ found: false });
  });
}
