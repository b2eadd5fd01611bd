import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { instantOf } from '../../src/domain/time.ts';
import { startApp, type TestApp } from '../support/app.ts';

// The event log of an account contains log-ins and changes of tokens.
export function logInEvents(): void {
  const EMAIL = 'john@example.com';
  const PASSWORD = 'correct horse battery staple';

  let app: TestApp;
  beforeAll(async () => {
    app = await startApp({
      now: () => instantOf(Math.floor(Date.now() / 1000)),
      environment: { TRUSTED_PROXIES: '127.0.0.1' },
    });
    await app.addAccount('acme', EMAIL);
    await app.setPassword(PASSWORD);
  });
  afterAll(() => app?.close());
  beforeEach(() => app.database.prisma.logInAttempts.deleteMany());

  const EVENTS = `{ events(first: 50) { nodes {
  action person { email } address requestId entityType entityTitle changes { field to } } } }`;

  /** Runs the work, and returns the new entries, oldest first. */
  async function entered(work: () => Promise<unknown>, account = 'standalone') {
    // biome-ignore lint/suspicious/noExplicitAny: a test reads answers of any shape
    const events = async (): Promise<any[]> =>
      (await app.graphql(EVENTS, {}, app.token(EMAIL, account))).data.events.nodes;
    const before = (await events()).length;
    await work();
    const after = await events();
    return after.slice(0, after.length - before).reverse();
  }
  const from = { 'x-forwarded-for': '192.0.2.7', 'x-request-id': 'from-here', authorization: '' };
  const logIn = (json: object) => app.rest('POST', '/login', { email: EMAIL, ...json }, from);
  const mutate = async (mutation: string, token = app.token()) =>
    (await app.graphql(`mutation { done: ${mutation} }`, {}, token)).data.done;
  const madeKey = () => mutate('createAccessKey(input: { title: "CI" }) { secretKey accessKey { key } }');
  const logInWithKey = (access_key: string, secret_key: string) =>
    app.rest('POST', '/login/access-key', { access_key, secret_key }, from);

  describe('the event log has', () => {
    test('wrong registration keys of the account by address, until they are refused unchecked', async () => {
      const enrol = (key: string, address = '192.0.2.7') =>
        fetch(`${app.url}/graphql`, {
          method: 'POST',
          headers: {
            authorization: `Basic ${Buffer.from(`acme:${key}`).toString('base64')}`,
            'content-type': 'application/json',
            'x-forwarded-for': address,
          },
          body: JSON.stringify({
            query: 'mutation { enrolComputer(input: { hostname: "web-1" }) { userErrors { code } } }',
          }),
        });
      const key = 'open sesame';
      const set = `mutation { updatePreferences(input: { registrationKey: "${key}" }) { userErrors { code } } }`;
      await app.graphql(set, {}, app.token(EMAIL, 'acme'));

      const wrong = await entered(
        async () => expect((await enrol('a wrong guess')).status).toBe(401),
        'acme',
      );
      expect(wrong).toEqual([
        expect.objectContaining({
          action: 'LOG_IN_REFUSED',
          person: null,
          address: '192.0.2.7',
          entityType: 'Account',
          entityTitle: 'acme',
          changes: [{ field: 'registrationKey', to: '"wrong"' }],
        }),
      ]);
      expect(JSON.stringify(wrong)).not.toContain('guess');

      const { count } = await app.database.prisma.logInAttempts.updateMany({
        where: { subject: { startsWith: 'registrationKey:' } },
        data: { failures: 1000 },
      });
      expect(count).toBe(1);
      const refused = await entered(async () => {
        const statuses = [];
        for (const guess of ['another guess', key]) statuses.push((await enrol(guess)).status);
        expect(statuses).toEqual([429, 429]);
        // Other addresses are not delayed.
        expect((await enrol(key, '192.0.2.8')).status).toBe(200);
        expect((await logIn({ password: PASSWORD })).status).toBe(200);
      }, 'acme');
      expect(refused.map(({ action }) => action)).toEqual(['COMPUTER_ENROLLED']);
    });

    test('who logged in, from which address and by which request', async () => {
      expect(await entered(() => logIn({ password: PASSWORD }))).toEqual([
        {
          action: 'LOGGED_IN',
          person: { email: EMAIL },
          address: '192.0.2.7',
          requestId: 'from-here',
          entityType: null,
          entityTitle: null,
          changes: [],
        },
      ]);
    });

    test('whose log-in was refused, but not who tried, because that is unknown', async () => {
      expect(await entered(() => logIn({ password: 'wrong' }))).toEqual([
        expect.objectContaining({
          action: 'LOG_IN_REFUSED',
          person: null,
          address: '192.0.2.7',
          entityType: 'Person',
          entityTitle: EMAIL,
        }),
      ]);
      const elsewhere = await entered(() => logIn({ password: 'wrong', account: 'acme' }), 'acme');
      expect(elsewhere.map(({ action }) => action)).toEqual(['LOG_IN_REFUSED']);
    });

    test('nothing about unknown people, and nothing about attempts during the delay', async () => {
      expect(await entered(() => logIn({ email: 'nobody@example.com', password: 'wrong' }))).toEqual([]);
      await logIn({ password: 'wrong' });
      // So many failures that the delay outlasts the slowest machine.
      await app.database.prisma.logInAttempts.updateMany({ data: { failures: 1000 } });
      const status = async () => expect((await logIn({ password: 'wrong' })).status).toBe(429);
      expect(await entered(status)).toEqual([]);
    });

    test('which access keys were created, used, refused and revoked', async () => {
      const events = await entered(async () => {
        const { accessKey, secretKey } = await madeKey();
        await logInWithKey(accessKey.key, secretKey);
        await logInWithKey(accessKey.key, 'wrong');
        await logInWithKey('NOSUCHKEY', 'wrong');
        await mutate(`revokeAccessKey(input: { key: "${accessKey.key}" }) { revokedKey }`);
      });
      const name = expect.stringMatching(/^CI \([A-Z2-9]{20}\)$/);
      const byKey = [{ field: 'accessKey', to: expect.stringMatching(/^"[A-Z2-9]{20}"$/) }];
      expect(events.map(({ action, entityTitle, changes }) => [action, entityTitle, changes])).toEqual([
        ['TOKEN_MADE', name, []],
        ['LOGGED_IN', null, byKey],
        ['LOG_IN_REFUSED', EMAIL, byKey],
        ['TOKEN_REVOKED', name, []],
      ]);
    });

    test('who switched to an account, logged out and revoked tokens', async () => {
      const { body } = await logIn({ password: PASSWORD });
      const as = { authorization: `Bearer ${body.token}` };
      const made = await entered(
        () => app.rest('POST', '/switch-account', { account_name: 'acme' }, as),
        'acme',
      );
      expect(made.map(({ action, person }) => [action, person.email])).toEqual([['TOKEN_MADE', EMAIL]]);
      const out = await entered(() => app.rest('POST', '/logout', undefined, as));
      expect(out.map(({ action }) => action)).toEqual(['LOGGED_OUT']);
    });
  });

  describe('an administrator who revokes the tokens of another person', () => {
    const personId = async () => {
      const { id } = await app.database.prisma.person.create({
        data: { accountId: 1, email: 'leaver@example.com', name: 'Leaver', createdAt: new Date() },
      });
      return Number(id);
    };
    const takeBack = (id: number | string, token?: string) =>
      mutate(
        `invalidatePersonTokens(input: { id: "${id}" }) { tokensValidFrom userErrors { code field } }`,
        token,
      );

    test('also revokes their access keys, and the event log names the person', async () => {
      const id = await personId();
      const leaver = app.token('leaver@example.com');
      const key = await mutate(
        'createAccessKey(input: { title: "CI" }) { secretKey accessKey { key } }',
        leaver,
      );
      const { body } = await logInWithKey(key.accessKey.key, key.secretKey);
      const events = await entered(async () => {
        expect(await takeBack(id)).toEqual({ tokensValidFrom: expect.any(String), userErrors: [] });
      });
      expect(events.map(({ action, entityTitle, person }) => [action, entityTitle, person.email])).toEqual([
        ['TOKEN_REVOKED', 'leaver@example.com', EMAIL],
      ]);
      for (const token of [leaver, body.token])
        expect((await app.graphql('{ tags }', {}, token)).errors?.[0].extensions.code).toBe(
          'UNAUTHENTICATED',
        );
      expect((await logInWithKey(key.accessKey.key, key.secretKey)).status).toBe(401);
      expect((await app.graphql('{ viewer { accountName } }')).errors).toBeUndefined();
    });

    test('is refused for a person of another account', async () => {
      expect((await takeBack(999_999)).userErrors).toEqual([{ code: 'NOT_FOUND', field: 'id' }]);
    });
  });
}
