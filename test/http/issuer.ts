import { createHmac, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { instantOf } from '../../src/domain/time.ts';
import { createIssuer, type IssuerSettings } from '../../src/http/auth/issuer.ts';
import { startApp } from '../support/app.ts';

const newPair = {
  RS256: () => generateKeyPairSync('rsa', { modulusLength: 2048 }),
  ES256: () => generateKeyPairSync('ec', { namedCurve: 'P-256' }),
  EdDSA: () => generateKeyPairSync('ed25519'),
};

export function issuer(): void {
  const NOW = 1_740_000_000;
  const ISSUER = 'https://id.example.com/realms/fleet';
  const AUDIENCE = 'gateway';

  const pairs = {
    RS256: newPair.RS256(),
    ES256: newPair.ES256(),
    EdDSA: newPair.EdDSA(),
    weak: generateKeyPairSync('rsa', { modulusLength: 1024 }),
  };
  type Alg = 'RS256' | 'ES256' | 'EdDSA';
  const pemOf = (key: KeyObject) => key.export({ type: 'spki', format: 'pem' }).toString();
  const jwkOf = (kid: string, key: KeyObject, more: object = {}) => ({
    kid,
    use: 'sig',
    ...key.export({ format: 'jwk' }),
    ...more,
  });

  const encode = (part: unknown) => Buffer.from(JSON.stringify(part)).toString('base64url');
  const claims = {
    iss: ISSUER,
    aud: AUDIENCE,
    exp: NOW + 600,
    iat: NOW,
    email: 'john@example.com',
    acc: 'standalone',
  };

  interface Forgery {
    readonly header?: object;
    readonly key?: KeyObject;
  }

  function forge(
    alg: Alg,
    change: object = {},
    { header = {}, key = pairs[alg].privateKey }: Forgery = {},
  ): string {
    const text = `${encode({ alg, typ: 'JWT', kid: alg, ...header })}.${encode({ ...claims, ...change })}`;
    const hash = alg === 'EdDSA' ? null : 'sha256';
    return `${text}.${sign(hash, Buffer.from(text), { key, dsaEncoding: 'ieee-p1363' }).toString('base64url')}`;
  }

  /** Serves a JWKS, and counts its requests. */
  let server: Server;
  let url: string;
  let asked: string[];
  let answer: { status: number; body: string };
  let trap: number;
  const all = () => ({
    keys: [
      ...(['RS256', 'ES256', 'EdDSA'] as const).map((alg) => jwkOf(alg, pairs[alg].publicKey)),
      jwkOf('weak', pairs.weak.publicKey),
    ],
  });
  beforeAll(async () => {
    server = createServer((request, response) => {
      if (request.url !== '/jwks') trap += 1;
      asked.push(request.url!);
      response
        .writeHead(answer.status, { location: '/elsewhere', 'content-type': 'application/json' })
        .end(answer.body);
    });
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(() => new Promise((closed) => server.close(closed)));
  let now: number;
  let reported: unknown[];
  beforeEach(() => {
    [asked, trap, now, reported] = [[], 0, NOW, []];
    answer = { status: 200, body: JSON.stringify(all()) };
  });

  const settings = (keys: IssuerSettings['keys'] = { url: `${url}/jwks` }): IssuerSettings => ({
    issuer: ISSUER,
    audience: AUDIENCE,
    keys,
    emailClaim: 'email',
    accountClaim: 'acc',
  });
  const issuer = (change: Partial<IssuerSettings> = {}) =>
    createIssuer(
      { ...settings(), ...change },
      { report: (reason) => reported.push(reason), now: () => now * 1000 },
    );
  const john = {
    email: 'john@example.com',
    account: 'standalone',
    shown: {
      id: expect.stringMatching(/^[\w-]{43}$/),
      issuedAt: instantOf(NOW),
      expiresAt: instantOf(NOW + 600),
      recoveryHash: expect.stringMatching(/^[\w-]{43}$/),
    },
  };
  const expectRefused = (verified: Promise<unknown>, message: RegExp, code = 'UNAUTHENTICATED') =>
    expect(verified).rejects.toMatchObject({ code, message: expect.stringMatching(message) });

  describe.each(['RS256', 'ES256', 'EdDSA'] as const)('a token of the issuer, signed with %s', (alg) => {
    test('is accepted with the JWKS, and with the key alone', async () => {
      expect(await issuer().verify(forge(alg))).toEqual(john);
      const publicKey = pemOf(pairs[alg].publicKey);
      expect(await issuer({ keys: { publicKey } }).verify(forge(alg))).toEqual(john);
    });

    test('is accepted for several audiences, with each type of access tokens, and without a kid', async () => {
      const one = issuer();
      expect(await one.verify(forge(alg, { aud: ['other', AUDIENCE] }))).toEqual(john);
      for (const typ of ['at+jwt', 'application/at+jwt', 'jwt', undefined])
        expect(await one.verify(forge(alg, {}, { header: { typ } }))).toEqual(john);
      expect(
        await one.verify(forge(alg, {}, { header: { kid: undefined } })).catch((error) => error.code),
      ).toEqual(
        // Two RSA keys are published, so without a kid the key is ambiguous.
        alg === 'RS256' ? 'UNAUTHENTICATED' : john,
      );
    });

    test.each([
      ['another issuer', { iss: 'https://evil.example' }, /from the issuer/],
      ['no issuer', { iss: undefined }, /from the issuer/],
      ['a list of issuers', { iss: [ISSUER] }, /from the issuer/],
      ['another audience', { aud: 'other' }, /for the audience/],
      ['no audience', { aud: undefined }, /for the audience/],
      ['other audiences', { aud: ['a', 'b'] }, /for the audience/],
      ['no expiry', { exp: undefined }, /no expiry time/],
      ['an expiry in the past', { exp: NOW - 30 }, /expired/],
      ['a distant expiry', { exp: NOW + 400 * 86_400 }, /within 366 days/],
      ['a start in the future', { nbf: NOW + 31 }, /not valid before/],
      ['a time of issue in the future', { iat: NOW + 31 }, /in the future/],
      ['no person', { email: undefined }, /name its person \(email\)/],
      ['a list of people', { email: ['john@example.com'] }, /name its person/],
      ...[false, 'false', 'TRUE', 1, 0, null, 'yes', [true]].map(
        (email_verified) => ['an address that nobody verified', { email_verified }, /not verified/] as const,
      ),
      ['no account', { acc: '' }, /name its account \(acc\)/],
      ['an ID token’s nonce', { nonce: 'x' }, /ID token/],
      ['an ID token’s hash', { at_hash: 'x' }, /ID token/],
      ['an ID token’s hash, although its typ is Bearer', { c_hash: 'x', typ: 'Bearer' }, /ID token/],
      ['Keycloak’s type of ID tokens', { typ: 'ID' }, /ID token/],
    ])('is refused with %s', (_what, change, why) => expectRefused(issuer().verify(forge(alg, change)), why));

    test.each([true, 'true', undefined])('is accepted with email_verified %j', async (email_verified) => {
      expect(await issuer().verify(forge(alg, { email_verified }))).toEqual(john);
    });

    test('is accepted with a nonce if its type is that of an access token', async () => {
      const one = issuer();
      for (const typ of ['at+jwt', 'AT+JWT', 'application/at+jwt'])
        expect(await one.verify(forge(alg, { nonce: 'x' }, { header: { typ } }))).toEqual(john);
      // Tokens of Keycloak before version 25.
      expect(await one.verify(forge(alg, { nonce: 'x', typ: 'Bearer' }))).toEqual(john);
      const elsewhere = forge(alg, { nonce: 'x', aud: 'dashboard' }, { header: { typ: 'at+jwt' } });
      await expectRefused(one.verify(elsewhere), /for the audience/);
    });

    test('is refused if it is of another type, tampered with, or signed with another key', async () => {
      const one = issuer();
      for (const typ of ['dpop+jwt', 'logout+jwt', 'secevent+jwt', 5, null])
        await expectRefused(one.verify(forge(alg, {}, { header: { typ } })), /access token/);
      const [header, , signature] = forge(alg).split('.');
      await expectRefused(
        one.verify(`${header}.${encode({ ...claims, email: 'jane@example.com' })}.${signature}`),
        /wrong/,
      );
      await expectRefused(one.verify(`${header}.${encode(claims)}.`), /wrong/);
      const { privateKey } = newPair[alg]();
      await expectRefused(one.verify(forge(alg, {}, { key: privateKey })), /wrong/);
      await expectRefused(one.verify(forge(alg, {}, { header: { crit: ['x'], x: 1 } })), /wrong/);
    });

    test('that contains its own key or a URL of one is refused, without a request to that URL', async () => {
      const { publicKey, privateKey } =
        alg === 'RS256'
          ? generateKeyPairSync('rsa', { modulusLength: 2048 })
          : alg === 'ES256'
            ? generateKeyPairSync('ec', { namedCurve: 'P-256' })
            : generateKeyPairSync('ed25519');
      const header = { jwk: jwkOf(alg, publicKey), jku: `${url}/trap`, x5u: `${url}/trap`, x5c: ['AAAA'] };
      await expectRefused(issuer().verify(forge(alg, {}, { header, key: privateKey })), /wrong/);
      expect([asked, trap]).toEqual([['/jwks'], 0]);
    });
  });

  describe('the algorithm', () => {
    test('of a public key depends on the kind of the key, whatever the token claims', async () => {
      for (const alg of ['RS256', 'ES256', 'EdDSA'] as const) {
        const one = issuer({ keys: { publicKey: pemOf(pairs[alg].publicKey) } });
        for (const other of ['RS256', 'ES256', 'EdDSA', 'HS256', 'none', 'PS256', 'RS512'] as const)
          expect(one.isOf(forge(alg, {}, { header: { alg: other } }))).toBe(other === alg);
      }
    });

    test('is never symmetric, so the public key is not accepted as a secret', async () => {
      const pem = pemOf(pairs.RS256.publicKey);
      const text = `${encode({ alg: 'HS256', typ: 'JWT' })}.${encode(claims)}`;
      const token = `${text}.${createHmac('sha256', pem).update(text).digest('base64url')}`;
      const one = issuer({ keys: { publicKey: pem } });
      expect(one.isOf(token)).toBe(false);
      await expectRefused(one.verify(token), /wrong/);
    });

    test('of a weak key is refused', () =>
      expectRefused(
        issuer().verify(forge('RS256', {}, { header: { kid: 'weak' }, key: pairs.weak.privateKey })),
        /wrong/,
      ));
  });

  describe('the keys', () => {
    test('are fetched once for concurrent requests, and then cached', async () => {
      const one = issuer();
      await Promise.all(Array.from({ length: 20 }, () => one.verify(forge('ES256'))));
      await one.verify(forge('RS256'));
      expect(asked).toEqual(['/jwks']);
    });

    test('remain usable while the issuer is unreachable, and are fetched again at most every half minute', async () => {
      const one = issuer();
      await one.verify(forge('ES256'));
      answer = { status: 500, body: '' };
      now = NOW + 599;
      expect(await one.verify(forge('ES256'))).toEqual(john);
      now = NOW + 620;
      for (let ask = 0; ask < 50; ask++)
        expect(await one.verify(forge('ES256', { exp: NOW + 9000 }))).toBeTruthy();
      for (let ask = 0; ask < 50; ask++)
        await expectRefused(
          one.verify(forge('ES256', { exp: NOW + 9000 }, { header: { kid: `new-${ask}` } })),
          /key is unknown/,
        );
      expect(asked).toHaveLength(2);
      expect(reported).toHaveLength(1);
    });

    test('are refreshed: new ones are found, and withdrawn ones are no longer accepted', async () => {
      const rotated = generateKeyPairSync('ed25519');
      const one = issuer();
      await one.verify(forge('EdDSA'));
      answer = { status: 200, body: JSON.stringify({ keys: [jwkOf('rotated', rotated.publicKey)] }) };
      const renewed = forge('EdDSA', {}, { header: { kid: 'rotated' }, key: rotated.privateKey });
      await expectRefused(one.verify(renewed), /key is unknown/);
      now = NOW + 30;
      expect(await one.verify(renewed)).toEqual(john);
      await expectRefused(one.verify(forge('EdDSA')), /key is unknown/);
    });

    test.each([
      ['an error', 500, '{}'],
      ['a redirect', 302, ''],
      ['an answer that is not JSON', 200, '<html>'],
      ['no keys', 200, '{"keys": 5}'],
    ])(
      'that could never be fetched because of %s are no fault of the token, so the refusal is UNAVAILABLE',
      async (_what, status, body) => {
        answer = { status, body };
        const one = issuer();
        await expectRefused(one.verify(forge('ES256')), /not available/, 'UNAVAILABLE');
        await expectRefused(one.verify(forge('ES256')), /not available/, 'UNAVAILABLE');
        expect(asked.length).toBe(1);
        expect(trap).toBe(0);
        answer = { status: 200, body: JSON.stringify(all()) };
        now = NOW + 30;
        expect(await one.verify(forge('ES256'))).toEqual(john);
      },
    );

    test.each(['../../dev/null', "' OR 1=1 --", 'x'.repeat(4096), '', 5, null, ['RS256']])(
      'are not fetched for an invalid kid such as %j',
      async (kid) => {
        await expectRefused(issuer().verify(forge('RS256', {}, { header: { kid } })), /wrong/);
        expect(asked.every((path) => path === '/jwks')).toBe(true);
      },
    );
  });

  test('a server with an issuer accepts the issuer’s tokens and its own in both APIs, and can revoke both', async () => {
    const app = await startApp({
      environment: {
        JWT_ISSUER: ISSUER,
        JWT_AUDIENCE: AUDIENCE,
        JWT_JWKS_URL: `${url}/jwks`,
        JWT_CLAIM_EMAIL: 'upn',
        JWT_CLAIM_ACCOUNT: 'https://example.com/account',
      },
    });
    try {
      const iat = Math.floor(Date.now() / 1000);
      const theirs = {
        iat,
        exp: iat + 600,
        upn: 'john@example.com',
        'https://example.com/account': 'standalone',
      };
      const token = forge('ES256', theirs);
      const status = async (one: string) => (await app.graphql('{ viewer { accountName } }', {}, one)).status;
      const rest = async (one: string) =>
        (await app.rest('GET', '/script-profiles', undefined, { authorization: `Bearer ${one}` })).status;
      expect([await status(token), await rest(token), await status(app.token())]).toEqual([200, 200, 200]);
      expect(await status(forge('ES256', { ...theirs, upn: 'nobody@example.com' }))).toBe(401);
      expect(await status(forge('ES256', { ...theirs, iss: 'other' }))).toBe(401);
      await app.graphql('mutation { logout(input: {}) { userErrors { code } } }', {}, token);
      expect([await status(token), await rest(token)]).toEqual([401, 401]);
      expect(await status(forge('ES256', { ...theirs, jti: '2' }))).toBe(200);
    } finally {
      await app.close();
    }
  });
}
