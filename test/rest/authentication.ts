import { beforeAll, describe, expect, test } from '@jest/globals';
import jwt from 'jsonwebtoken';
import { createAuthenticator } from '../../src/http/auth/authenticate.ts';
import { signToken } from '../../src/http/auth/tokens.ts';
import type { TestApp } from '../support/app.ts';
import { sharedApp } from '../support/shared-app.ts';
import { expectError, send } from './raw.ts';

export function authentication() {
  let app: TestApp;
  let jane: string;
  beforeAll(async () => {
    app = await sharedApp();
    await app.addAccount('other', 'jane@example.com');
    jane = app.token('jane@example.com', 'other');
  });

  const OTHER_SECRET = 'another secret, thirty-two bytes or more';

  /** A token of this app with changed claims, signed with another secret. */
  const altered = (claims: object) =>
    jwt.sign({ ...(jwt.decode(app.token()) as object), ...claims }, OTHER_SECRET);

  describe('without a valid token, both APIs answer 401 in their own form', () => {
    test.each([
      ['no header', () => undefined, /Authorization header is missing/],
      ['an empty header', () => '', /Authorization header is missing/],
      ['another scheme', () => 'Digest username="john"', /another form/],
      ['an invalid registration key', () => `Basic ${btoa('standalone:secret')}`, /registration key/],
      ['NUL in an account’s name', () => `Basic ${btoa('stand\0alone:secret')}`, /registration key/],
      ['NUL in a registration key', () => `Basic ${btoa('standalone:sec\0ret')}`, /registration key/],
      ['no token', () => 'Bearer', /another form/],
      ['a token without its scheme', () => app.token(), /another form/],
      ['two tokens', () => `Bearer ${app.token()} ${app.token()}`, /another form/],
      ['a token that is not a JWT', () => 'Bearer abc', /not a JWT/],
      ['another secret', () => `Bearer ${altered({})}`, /not signed by this server/],
      [
        'an unknown person',
        () => `Bearer ${app.token('nobody@example.com')}`,
        /person is not in this account/,
      ],
      [
        'an unknown account',
        () => `Bearer ${app.token(undefined, 'nowhere')}`,
        /person is not in this account/,
      ],
      [
        'a person of another account',
        () => `Bearer ${app.token('jane@example.com')}`,
        /person is not in this account/,
      ],
      [
        'NUL in the e-mail',
        () => `Bearer ${app.token('john@example.com\0')}`,
        /person is not in this account/,
      ],
      [
        'half of a surrogate pair in the account',
        () => `Bearer ${app.token(undefined, '\ud800')}`,
        /person is not in this account/,
      ],
      ['an additional letter', () => `Bearer ${app.token()}x`, /not signed by this server/],
      ['9 KiB', () => `Bearer ${'x'.repeat(9000)}`, /longer/],
    ])('%s', async (_what, authorization, why) => {
      const value = authorization();
      const headers: Record<string, string> = value === undefined ? {} : { authorization: value };
      for (const [method, path] of [
        ['GET', '/api/v2/script-profiles'],
        ['POST', '/api/v2/script-profiles/5:archive'],
        ['PATCH', '/api/script-profiles/5'],
      ] as const) {
        const answer = await send(app, method, path, { token: null, headers });
        expectError(answer, 401, 'Unauthorized');
        expect(answer.headers['www-authenticate']).toBe('Bearer');
        expect(answer.body.message).toMatch(why);
      }

      const body = JSON.stringify({ query: '{ viewer { id } }' });
      const json = { ...headers, 'content-type': 'application/json' };
      for (const answer of [
        await send(app, 'POST', '/graphql', { token: null, headers: json, body }),
        await send(app, 'GET', '/graphql?query={viewer{id}}', { token: null, headers: json }),
      ]) {
        expect(answer.status).toBe(401);
        expect(answer.headers['www-authenticate']).toBe('Bearer');
        expect(answer.body).toEqual({
          errors: [{ message: expect.stringMatching(why), extensions: { code: 'UNAUTHENTICATED' } }],
          extensions: { requestId: answer.headers['x-request-id'] },
        });
      }
    });

    test('none of these requests changed anything', async () => {
      expect((await app.rest('GET', '/script-profiles')).body.count).toBe(3);
    });
  });

  describe('with the token of another account,', () => {
    const as = (token: string, method: string, path: string, body?: string) =>
      send(app, method, `/api/v2${path}`, { token, body });

    test('the lists are empty, and the limits are its own', async () => {
      expect((await as(jane, 'GET', '/script-profiles?archived=all')).body).toMatchObject({
        count: 0,
        results: [],
      });
      await app.graphql(
        'mutation { updateLimits(input: { maxNumProfiles: 3 }) { limits { maxNumProfiles } } }',
        {},
        jane,
      );
      expect((await as(jane, 'GET', '/script-profile-limits')).body.max_num_profiles).toBe(3);
      expect((await app.rest('GET', '/script-profile-limits')).body.max_num_profiles).toBe(10);
    });

    test.each([
      ['GET', '/script-profiles/5'],
      ['PATCH', '/script-profiles/5'],
      ['POST', '/script-profiles/5:archive'],
      ['GET', '/script-profiles/5/activities'],
      ['POST', '/script-profiles/1/activities'],
      ['GET', '/script-profiles/5/computers'],
    ])('%s %s is 404, with the same message as for an unknown profile', async (method, path) => {
      const body = method === 'PATCH' ? '{"title": "Taken over"}' : undefined;
      const theirs = await as(jane, method, path, body);
      expectError(theirs, 404, 'NotFound');
      const nobodys = await as(jane, method, path.replace(/\d+/, '4242'), body);
      const textOf = ({ body: { request_id, ...rest } }: typeof theirs) => JSON.stringify(rest);
      const text = textOf(theirs).replace(/"\\"\d\\""|"\d"/, 'x');
      expect(text).toBe(textOf(nobodys).replace(/"\\"4242\\""|"4242"/, 'x'));
      expect((await app.rest('GET', '/script-profiles')).body.results[0]).toMatchObject({
        title: 'Recurring Script Profile',
        archived: false,
      });
    });

    test('a title that is used there is free here', async () => {
      const script =
        'mutation { createScript(input: { title: "S", interpreter: "/bin/sh", code: "true" }) { script { databaseId } } }';
      const { data } = await app.graphql(script, {}, jane);
      const trigger = { trigger_type: 'event', event_type: 'post_enrollment' };
      const body = {
        ...{ title: 'Recurring Script Profile', username: 'root', time_limit: 60, trigger },
        script_id: data.createScript.script.databaseId,
      };
      const made = await as(jane, 'POST', '/script-profiles', JSON.stringify(body));
      expect([made.status, made.body?.title]).toEqual([201, 'Recurring Script Profile']);
      expect((await app.rest('GET', '/script-profiles')).body.count).toBe(3);
    });
  });

  test('while a secret is being replaced, tokens of both are accepted, and of no third', async () => {
    const [current, previous, third] = ['current', 'previous', 'third'].map((name) => `${name} `.repeat(10));
    const john = { email: 'john@example.com', account: 'standalone' };
    const caller = {
      accountId: 1,
      accountName: 'standalone',
      personId: 1,
      name: 'John Smith',
      email: john.email,
      roles: [],
      grants: {},
    };
    const { authenticate } = createAuthenticator({
      secrets: [current!, previous!],
      callerOf: async (account, email) =>
        account === john.account && email === john.email ? caller : undefined,
      isComputerToken: () => false,
      computerOf: async () => undefined,
      accountOfKey: async () => undefined,
    });
    const origin = { address: '192.0.2.1', requestId: 'request' };
    for (const secret of [current!, previous!]) {
      expect(await authenticate(`Bearer ${signToken(john, { secret, minutes: 1 })}`, origin)).toMatchObject({
        kind: 'person',
        caller,
      });
    }
    const token = signToken(john, { secret: third!, minutes: 1 });
    await expect(authenticate(`Bearer ${token}`, origin)).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
  });
}
