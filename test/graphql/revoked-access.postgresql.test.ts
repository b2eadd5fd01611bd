import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { instantOf } from '../../src/domain/time.ts';
import { makeAdministrator } from '../../src/repositories/accounts/administrators.ts';
import { startApp, type TestApp } from '../support/app.ts';
import { anotherConnection } from '../support/database.ts';
import { follow, transports } from '../support/following.ts';
import { mutate } from './mutate.ts';

// Two servers with one database. If a person's access is revoked on one server, their streams end on the other.

let one: TestApp;
let other: TestApp;
let accounts = 0;
/** Tokens have the current time, so the revocation must use it, too. */
const now = () => instantOf(Math.floor(Date.now() / 1000));
beforeAll(async () => {
  one = await startApp({ seed: 'none', now });
  other = await startApp({ seed: 'none', now, database: anotherConnection(one.database) });
});
afterAll(async () => {
  await other.close();
  await one.close();
});

const FEED = 'subscription { activityFeed { isSnapshot } }';

/** Creates a person in a new account, with a token that a program of theirs uses, and another token. */
async function somebody() {
  accounts += 1;
  const [account, email] = [`account${accounts}`, `person${accounts}@example.com`];
  await one.addAccount(account, email);
  // Another account of the person. Resetting a password revokes access in both, because either password opens all
  // accounts.
  const elsewhere = `${account}-elsewhere`;
  await one.addAccount(elsewhere, email);
  const own = one.token(email, account);
  const made = await mutate(one, 'createAccessKey', { title: 'it' }, 'accessKey { key } secretKey', own);
  const credentials = { access_key: made.accessKey.key, secret_key: made.secretKey };
  const { body } = await one.rest('POST', '/login/access-key', credentials);
  return { account, elsewhere, email, own, key: made.accessKey.key as string, token: body.token as string };
}
type Somebody = Awaited<ReturnType<typeof somebody>>;

const act = (name: string, input: object, token: string) =>
  mutate(one, name, input, 'userErrors { code }', token);

const waysOut: [string, (person: Somebody) => Promise<unknown>][] = [
  ['they log out', ({ token }) => act('logout', {}, token)],
  ['they revoke all their tokens', ({ own }) => act('logout', { everywhere: true }, own)],
  ['they revoke the access key', ({ own, key }) => act('revokeAccessKey', { key }, own)],
  ['all tokens of the account are revoked', ({ own }) => act('invalidateAccountTokens', {}, own)],
  [
    'an administrator revokes all their tokens',
    async (person) => {
      const { data } = await one.graphql('{ viewer { person { id } } }', {}, person.own);
      await act('invalidatePersonTokens', { id: data.viewer.person.id }, person.own);
    },
  ],
  [
    'the command resets their password in another of their accounts',
    ({ elsewhere: account, email }) =>
      makeAdministrator(one.database.prisma, { account, email, name: 'Anew', passwordHash: 'x' }),
  ],
  [
    'the command resets their password',
    ({ account, email }) =>
      makeAdministrator(one.database.prisma, { account, email, name: 'Anew', passwordHash: 'x' }),
  ],
];

describe.each(transports)('a stream over %s', (transport) => {
  test.each(waysOut)('ends if %s', async (_what, takeBack) => {
    const person = await somebody();
    const following = follow(other, transport, FEED, {}, person.token);
    await following.next();
    await takeBack(person);
    // Ends without a completion, so that the client reconnects and receives the reason.
    await expect(following.ended()).rejects.toMatchObject(
      transport === 'WebSocket' ? { code: 4403 } : { message: expect.stringMatching(/closed/) },
    );
    const { errors } = await other.graphql('{ tags }', {}, person.token);
    expect(errors?.[0].extensions.code).toBe('UNAUTHENTICATED');
    await following.stop();
  });

  test('continues if another token of the same person is revoked', async () => {
    const person = await somebody();
    const following = follow(
      other,
      transport,
      'subscription { scriptProfileChanged { changes } }',
      {},
      person.own,
    );
    await following.next();
    await act('logout', {}, person.token);
    const script = { title: 'it', code: 'true', interpreter: '/bin/sh' };
    const { script: made } = await mutate(one, 'createScript', script, 'script { id }', person.own);
    const profile = {
      title: 'it',
      scriptId: made.id,
      username: 'root',
      timeLimit: 60,
      trigger: { event: { eventType: 'POST_ENROLLMENT' } },
    };
    await mutate(one, 'createScriptProfile', profile, 'scriptProfile { id }', person.own);
    expect((await following.next()).scriptProfileChanged.changes).toEqual(['CREATED']);
    await following.stop();
  });
});
