import { beforeAll, describe, expect, test } from '@jest/globals';
import type { TestApp } from '../support/app.ts';
import { sharedApp } from '../support/shared-app.ts';
import { clientOf, ok } from './client.ts';
import { send } from './raw.ts';

const PASSWORD = 'Old password 1';
const CHANGED = 'New password 2';

// Requests of the people, settings and event pages of the real system's dashboard, in the form of its own types.
export function people() {
  let app: TestApp;
  let now = '2025-04-23T00:00:00.000000Z';
  beforeAll(async () => {
    app = await sharedApp({ now: () => now });
    await app.setPassword(PASSWORD);
  });

  const { get, write, legacy, form } = clientOf(() => app);
  const listed = async () => ok(await legacy('GetAdministrators'));
  const invited = async () => ok(await get('/invitations')).results;
  const logIn = (email: string, password: string) =>
    send(app, 'POST', '/api/v2/login', { token: null, body: JSON.stringify({ email, password }) });
  const setPassword = async (url: string) => {
    const { data } = await app.graphql(
      'mutation ($input: SetPasswordInput!) { setPassword(input: $input) { userErrors { message } } }',
      { input: { token: new URL(url).hash.replace('#token=', ''), password: PASSWORD } },
    );
    expect(data.setPassword.userErrors).toEqual([]);
  };

  describe('administrators', () => {
    const john = { email: 'john@example.com', id: 1, name: 'John Smith', roles: ['GlobalAdmin'] };

    test('set their password with the link of their invitation, and can be removed', async () => {
      ok(await legacy('CreateRole', 'name=Auditor'));
      const sent = ok(
        await legacy('InviteAdministrator', 'name=Grace&email=grace@example.com&roles.1=Auditor'),
      );
      const grace = {
        id: expect.any(Number),
        secure_id: '',
        name: 'Grace',
        email: 'grace@example.com',
        creation_time: '2025-04-23T00:00:00Z',
      };
      expect(sent).toEqual({
        ...grace,
        url: expect.stringMatching(/\/set-password#token=/),
        expiration_time: '2025-04-26T00:00:00Z',
      });
      expect(await invited()).toEqual([{ ...grace, id: sent.id, account: 'Standalone' }]);
      expect(await listed()).toEqual([
        { email: 'grace@example.com', id: sent.id, name: 'Grace', roles: ['Auditor'] },
        john,
      ]);
      await setPassword(sent.url);
      expect(await invited()).toEqual([]);
      expect((await logIn('grace@example.com', PASSWORD)).status).toBe(200);
      expect(ok(await form('DisableAdministrator', { email: 'GRACE@example.com' }))).toBeNull();
      expect(await listed()).toEqual([john]);
      expect((await logIn('grace@example.com', PASSWORD)).status).toBe(401);
    });

    test('have the role GlobalAdmin if the invitation names none, and can get other roles', async () => {
      const sent = ok(await legacy('InviteAdministrator', 'name=Ada&email=ada@example.com'));
      expect((await listed())[0]).toMatchObject({ name: 'Ada', roles: ['GlobalAdmin'] });
      const edited = ok(await write('PUT', `/administrators/${sent.id}`, { roles: ['Auditor'] }));
      expect(edited).toEqual({ email: 'ada@example.com', id: sent.id, name: 'Ada', roles: ['Auditor'] });
      expect((await listed())[0]).toEqual(edited);
    });

    test('get a new link even after the first link expired, until the invitation is revoked', async () => {
      const [{ id }] = await invited();
      now = '2025-05-01T00:00:00.000000Z';
      expect(await invited()).toMatchObject([{ id, creation_time: '2025-04-23T00:00:00Z' }]);
      const again = ok(await write('POST', `/invitations/${id}`));
      expect(again).toMatchObject({ id, name: 'Ada', expiration_time: '2025-05-04T00:00:00Z' });
      const { status, text } = await send(app, 'DELETE', `/api/v2/invitations/${id}`);
      expect([status, text]).toEqual([204, '']);
      expect([await invited(), await listed()]).toEqual([[], [john]]);
    });

    test('have no invitation after they set a password', async () => {
      for (const method of ['POST', 'DELETE']) {
        const { status, body } = await send(app, method, '/api/v2/invitations/1');
        expect([status, body.message]).toEqual([404, 'The specified invitation does not exist.']);
      }
    });

    test.each([
      ['InviteAdministrator', 'name=A', 400, 'email'],
      ['InviteAdministrator', 'email=a@example.com', 400, 'name'],
      ['InviteAdministrator', 'name=A&email=a', 400, 'email'],
      ['InviteAdministrator', 'name=A&email=john@example.com', 409, 'email'],
      ['InviteAdministrator', 'name=A&email=a@example.com&roles.1=Nothing', 400, 'roles'],
      ['DisableAdministrator', '', 400, 'email'],
      ['DisableAdministrator', 'email=a@example.com', 404, 'email'],
      ['DisableAdministrator', 'email=john@example.com', 400, 'email'],
    ])(
      'are not changed by %s?%s, which is answered with %d and names %s',
      async (action, parameters, status, field) => {
        const answer = await legacy(action, parameters);
        expect([answer.status, answer.body.detail.field]).toEqual([status, field]);
        expect(await listed()).toEqual([john]);
      },
    );

    test('cannot lose their last GlobalAdmin', async () => {
      const { status, body } = await write('PUT', '/administrators/1', { roles: ['Auditor'] });
      expect([status, body.detail.field]).toEqual([400, 'roles']);
      expect((await write('PUT', '/administrators/4242', { roles: [] })).status).toBe(404);
    });
  });

  describe('the caller', () => {
    const john = {
      allowable_emails: null,
      name: 'John Smith',
      email: 'john@example.com',
      identity: 'john@example.com',
      timezone: 'UTC',
      last_login_time: null,
      last_login_host: null,
      preferred_account: null,
    };
    const accounts = [{ name: 'standalone', title: 'Standalone', roles: ['GlobalAdmin'] }];

    test('reads their own details, and edits them in the form that the page sends', async () => {
      expect(ok(await get('/person'))).toEqual({ ...john, accounts, oidc_identities: [] });
      const sent = {
        name: 'John Allen Smith',
        email: 'john@example.com',
        timezone: 'Europe/Berlin',
        preferred_account: '',
      };
      const edited = { ...john, name: sent.name, timezone: sent.timezone };
      expect(ok(await write('POST', '/person', sent))).toEqual(edited);
      expect(ok(await get('/person'))).toEqual({ ...edited, accounts, oidc_identities: [] });
      ok(await write('POST', '/person', { name: 'John Smith', timezone: 'UTC' }));
    });

    test('edits their own name without ManageRole, although the form also sends the address', async () => {
      ok(await legacy('CreateRole', 'name=Nobody'));
      ok(await legacy('InviteAdministrator', 'name=Tom&email=tom@example.com&roles.1=Nobody'));
      const post = (email: string) =>
        send(app, 'POST', '/api/v2/person', {
          token: app.token('tom@example.com'),
          body: JSON.stringify({ name: 'Thomas', email, timezone: 'UTC' }),
        });
      expect((await post('tom@example.com')).body).toMatchObject({ name: 'Thomas' });
      expect((await post('other@example.com')).status).toBe(403);
      ok(await legacy('DisableAdministrator', 'email=tom@example.com'));
    });

    test.each([
      [{ name: '' }, 400, 'name'],
      [{ email: 'nothing' }, 400, 'email'],
      [{ timezone: 'Nowhere' }, 400, 'timezone'],
      [{ preferred_account: 'other' }, 400, 'preferred_account'],
    ])('is not changed by %j, which is answered with %d and names %s', async (body, status, field) => {
      const answer = await write('POST', '/person', body);
      expect([answer.status, answer.body.detail.field]).toEqual([status, field]);
    });

    test('changes their password, and continues with the token in the cookie', async () => {
      ok(await legacy('CreateRole', 'name=Reader'));
      const { url } = ok(
        await legacy('InviteAdministrator', 'name=Ken&email=ken@example.com&roles.1=Reader'),
      );
      await setPassword(url);
      const session = (await logIn('ken@example.com', PASSWORD)).body.token;
      const change = (password: string, new_password: string) =>
        send(app, 'PUT', '/api/v2/password', {
          token: session,
          body: JSON.stringify({ password, new_password }),
        });
      const wrong = await change('wrong', CHANGED);
      expect([wrong.status, wrong.body.detail.field]).toEqual([400, 'password']);
      const short = await change(PASSWORD, 'short');
      expect([short.status, short.body.detail.field]).toEqual([400, 'new_password']);
      const { status, body, headers } = await change(PASSWORD, CHANGED);
      expect([status, Object.keys(body)]).toEqual([200, ['token']]);
      const [cookie] = headers['set-cookie']![0]!.split(';');
      const me = await send(app, 'GET', '/api/v2/me', { token: null, headers: { cookie: cookie! } });
      expect(me.body).toMatchObject({ email: 'ken@example.com', token: body.token });
      expect((await send(app, 'GET', '/api/v2/person', { token: session })).status).toBe(401);
      expect((await logIn('ken@example.com', PASSWORD)).status).toBe(401);
      expect((await logIn('ken@example.com', CHANGED)).status).toBe(200);
    });
  });

  describe('API credentials', () => {
    const none = { access_key: '', account_name: 'standalone', account_title: 'Standalone', secret_key: '' };
    const credentials = async (token: string) =>
      (await send(app, 'GET', '/api/v2/credentials', { token })).body.credentials;
    const generate = async (token: string) => {
      const body = '{"account": "standalone"}';
      const { status, body: made } = await send(app, 'POST', '/api/v2/credentials', { token, body });
      expect(status).toBe(200);
      return made;
    };
    const enter = ({ access_key, secret_key }: Record<string, string>) =>
      send(app, 'POST', '/api/v2/login/access-key', {
        token: null,
        body: JSON.stringify({ access_key, secret_key }),
      });

    test('are shown only to the session that created them, and replace the earlier ones', async () => {
      const [one, other] = [
        (await logIn('john@example.com', PASSWORD)).body.token,
        (await logIn('john@example.com', PASSWORD)).body.token,
      ];
      expect(await credentials(one)).toMatchObject([none]);
      const made = await generate(one);
      const endpoint = `${app.url}/api/`;
      expect(made).toEqual({
        ...none,
        access_key: expect.stringMatching(/^[A-Z2-9]{20}$/),
        secret_key: expect.stringMatching(/^[\w-]{43}$/),
        endpoint,
        exports: [
          `export LANDSCAPE_API_URI='${endpoint}'`,
          `export LANDSCAPE_API_KEY='${made.access_key}'`,
          `export LANDSCAPE_API_SECRET='${made.secret_key}'`,
        ].join('\n'),
      });
      expect(await credentials(one)).toEqual([made]);
      expect(await credentials(other)).toEqual([
        {
          ...made,
          secret_key: '',
          exports: `export LANDSCAPE_API_URI='${endpoint}'\nexport LANDSCAPE_API_KEY='${made.access_key}'`,
        },
      ]);
      const { token } = (await enter(made)).body;
      expect(await credentials(token)).toMatchObject([{ access_key: made.access_key, secret_key: '' }]);

      const again = await generate(other);
      expect(again.access_key).not.toBe(made.access_key);
      expect((await enter(made)).status).toBe(401);
      expect((await send(app, 'GET', '/api/v2/person', { token })).status).toBe(401);
      expect((await enter(again)).status).toBe(200);
      expect(await credentials(other)).toEqual([again]);
      expect(await credentials(one)).toMatchObject([{ access_key: again.access_key, secret_key: '' }]);
      const day = 24 * 60 * 60 * 1000;
      const before = now;
      now = new Date(Date.parse(now) + day).toISOString().replace('Z', '000Z');
      expect(await credentials(other)).toMatchObject([{ access_key: again.access_key, secret_key: '' }]);
      now = before;
    });

    test('do not replace the caller’s other access keys', async () => {
      const { data } = await app.graphql(
        'mutation { createAccessKey(input: { title: "Mine" }) { accessKey { key } } }',
      );
      await generate(app.token());
      const { viewer } = (await app.graphql('{ viewer { accessKeys { key title } } }')).data;
      const mine = { key: data.createAccessKey.accessKey.key, title: 'Mine' };
      expect(viewer.accessKeys).toHaveLength(2);
      expect(viewer.accessKeys).toContainEqual(mine);
    });

    test('are refused for another account', async () => {
      const { status, body } = await write('POST', '/credentials', { account: 'other' });
      expect([status, body.detail.field]).toEqual([400, 'account']);
    });
  });

  describe('the event log', () => {
    const events = async (query: string) => ok(await get(`/events?${query}`));

    test('is listed in pages, newest first, with messages that name the person and the action', async () => {
      ok(await legacy('CreateRole', 'name=Logged'));
      ok(await legacy('AddPermissionsToRole', 'name=Logged&permissions.1=ViewRole'));
      const page = await events('days=30&limit=2&offset=0');
      const [edited, created] = page.results;
      expect(page).toMatchObject({ next: '/api/v2/events?days=30&limit=2&offset=2', previous: null });
      expect(edited).toEqual({
        id: expect.any(Number),
        creation_time: '2025-05-01T00:00:00Z',
        person_id: 1,
        person_name: 'John Smith',
        entity_type: 'Role',
        entity_id: expect.any(Number),
        entity_name: 'Logged',
        message: 'Role edited: Logged (account permissions), by John Smith <john@example.com>',
      });
      expect(created.message).toBe('Role created: Logged, by John Smith <john@example.com>');
    });

    test.each([
      ['role+created', 'Role created'],
      ['LOGGED', 'Logged'],
      ['JOHN+SM', 'John Smith'],
      ['john@', 'john@example.com'],
      ['password+changed', 'Password changed'],
    ])('searched for %s has that text in each message', async (search, found) => {
      const { results, count } = await events(`days=30&search=${search}`);
      expect(count).toBeGreaterThan(0);
      for (const { message } of results) expect(message.toLowerCase()).toContain(found.toLowerCase());
    });

    test('is empty for an unknown text, and can be limited to the last days', async () => {
      expect(await events('days=365&search=nothing+of+the+kind')).toMatchObject({ results: [], count: 0 });
      const [all, newest] = [(await events('limit=0')).count, (await events('days=3&limit=0')).count];
      expect(newest).toBeLessThan(all);
      expect((await events('days=365&limit=0')).count).toBe(all);
    });

    test.each(['0', '3651', 'week'])('is refused for %s days', async (days) => {
      const { status, body } = await get(`/events?days=${days}`);
      expect([status, body.detail.field]).toEqual([400, 'days']);
    });
  });
}
