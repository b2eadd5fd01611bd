import { createHmac, generateKeyPairSync, sign } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import fc from 'fast-check';
import { Refusal } from '../../src/domain/errors.ts';
import { instantOf } from '../../src/domain/time.ts';
import {
  bearerToken,
  expiryOf,
  issuedToken,
  signOperatorToken,
  signToken,
  tokenId,
  type VerifiedToken,
  verifyOperatorToken,
  verifyToken,
} from '../../src/http/auth/tokens.ts';

export function tokens(): void {
  const SECRET = 'a secret that is long enough for anybody';
  const PREVIOUS = 'the secret before it, as long as that one';
  const NOW = 1_740_000_000;
  const john = { email: 'john@example.com', account: 'standalone' };
  const claims = { exp: NOW + 3600, iat: NOW, sub: john.email, acc: john.account };

  const encode = (part: unknown) =>
    Buffer.from(typeof part === 'string' ? part : JSON.stringify(part)).toString('base64url');
  const hmac = (text: string, secret: string, hash = 'sha256') =>
    createHmac(hash, secret).update(text).digest('base64url');

  interface Forgery {
    readonly header?: object;
    readonly secret?: string;
    readonly hash?: string;
  }

  /** Builds a token from any payload without checks. */
  function forge(payload: unknown, { header = {}, secret = SECRET, hash = 'sha256' }: Forgery = {}): string {
    const signed = `${encode({ alg: 'HS256', typ: 'JWT', ...header })}.${encode(payload)}`;
    return `${signed}.${hmac(signed, secret, hash)}`;
  }

  function refusalOf(work: () => unknown): Refusal {
    try {
      work();
    } catch (error) {
      if (error instanceof Refusal) return error;
      throw error;
    }
    throw new Error('It was accepted.');
  }

  const verify = (token: string, now = NOW) =>
    subjectOf(verifyToken(token, { secrets: [SECRET, PREVIOUS], now }));
  const subjectOf = ({ shown: _, ...subject }: VerifiedToken) => subject;
  const expectRefused = (token: string, why: RegExp, now = NOW) => {
    const { code, message } = refusalOf(() => verify(token, now));
    expect(code).toBe('UNAUTHENTICATED');
    expect(message).toMatch(why);
  };

  describe('a token that the gateway signed', () => {
    test('has the header and the claims of the legacy API', () => {
      const token = signToken(
        { ...john, personId: 1 },
        { secret: SECRET, minutes: 1440, now: 1_724_952_876 },
      );
      const [header, payload] = token.split('.').map((part) => Buffer.from(part, 'base64url').toString());
      expect(JSON.parse(header!)).toEqual({ alg: 'HS256', typ: 'JWT' });
      expect(JSON.parse(payload!)).toEqual({
        exp: 1_725_039_276,
        iat: 1_724_952_876,
        sub: 'john@example.com',
        acc: 'standalone',
        id: 1,
        jti: expect.stringMatching(/^[\da-f-]{36}$/),
      });
    });

    test('is verified to the same claims, for any claims', () => {
      const text = fc.string({ unit: 'binary', minLength: 1, maxLength: 300 });
      const subject = fc.record(
        { email: text, account: text, personId: fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }) },
        { requiredKeys: ['email', 'account'] },
      );
      fc.assert(
        fc.property(subject, fc.integer({ min: 1, max: 527_040 }), (whom, minutes) => {
          expect(verify(signToken(whom, { secret: SECRET, minutes, now: NOW }))).toEqual(whom);
        }),
      );
    });

    test('is valid at the current time of the machine by default', () => {
      const token = signToken(john, { secret: SECRET, minutes: 1 });
      expect(subjectOf(verifyToken(token, { secrets: [SECRET] }))).toEqual(john);
    });

    test('with the previous secret is valid only while that is configured', () => {
      const token = signToken(john, { secret: PREVIOUS, minutes: 1, now: NOW });
      expect(verify(token)).toEqual(john);
      const alone = refusalOf(() => verifyToken(token, { secrets: [SECRET], now: NOW }));
      expect(alone.message).toContain('signature is wrong');
    });

    test('with a secret that resembles another kind of key is valid, because the secret is plain text', () => {
      const { publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
      const secret = publicKey.export({ type: 'spki', format: 'pem' }).toString();
      const token = signToken(john, { secret, minutes: 1, now: NOW });
      expect(subjectOf(verifyToken(token, { secrets: [secret], now: NOW }))).toEqual(john);
    });

    test('with any one character changed is refused', () => {
      const token = signToken(john, { secret: SECRET, minutes: 60, now: NOW });
      const other = fc.constantFrom(...'ABCXYZabcxyz0189-_');
      fc.assert(
        // The last character of a signature has two unused bits.
        fc.property(fc.integer({ min: 0, max: token.length - 2 }), other, (at, character) => {
          fc.pre(token[at] !== character && token[at] !== '.');
          const changed = token.slice(0, at) + character + token.slice(at + 1);
          expect(refusalOf(() => verify(changed)).code).toBe('UNAUTHENTICATED');
        }),
      );
    });
  });

  describe('an operator’s token', () => {
    const verifyOperator = (token: string, now = NOW) =>
      verifyOperatorToken(token, { secrets: [SECRET, PREVIOUS], now });

    test('is valid for a minute, with either secret, and not with any other', () => {
      const token = signOperatorToken({ secret: PREVIOUS, now: NOW });
      expect(() => verifyOperator(token)).not.toThrow();
      expect(refusalOf(() => verifyOperator(token, NOW + 90)).message).toMatch(/expired/);
      const forged = signOperatorToken({ secret: 'x'.repeat(40), now: NOW });
      expect(refusalOf(() => verifyOperator(forged)).message).toMatch(/signature/);
    });

    test('is not a person’s, and a person’s token is not an operator’s', () => {
      expectRefused(signOperatorToken({ secret: SECRET, now: NOW }), /operator/);
      expectRefused(forge({ ...claims, aud: 'operator' }), /operator/);
      expectRefused(forge({ ...claims, aud: ['other', 'operator'] }), /operator/);
      for (const token of [
        forge(claims),
        forge({ ...claims, aud: 'other' }),
        forge({ ...claims, aud: ['operator'] }),
      ]) {
        expect(refusalOf(() => verifyOperator(token)).code).toBe('UNAUTHENTICATED');
      }
    });
  });

  describe('the signature', () => {
    const unsigned = (alg: string) => `${encode({ alg, typ: 'JWT' })}.${encode(claims)}.`;

    test.each(['none', 'None', 'NONE', 'nOnE'])('with the algorithm %s is refused', (alg) => {
      expectRefused(unsigned(alg), /must be signed with HS256; found "none"/i);
      expectRefused(forge(claims, { header: { alg } }), /must be signed with HS256/);
    });

    test('of an unsupported kind is refused with the supported ones, including those of an issuer', () => {
      const token = forge(claims, { header: { alg: 'RS512' } });
      const verify = () => verifyToken(token, { secrets: [SECRET], otherAlgorithms: ['RS256', 'ES256'] });
      expect(verify).toThrow('The token must be signed with HS256 or RS256 or ES256; found "RS512".');
    });

    test('that is empty or truncated is refused, although the token claims HS256', () => {
      expectRefused(unsigned('HS256'), /not signed by this server/);
      expectRefused(forge(claims).slice(0, -3), /not signed by this server/);
    });

    test('with another secret is refused', () => {
      expectRefused(
        forge(claims, { secret: 'somebody else’s secret, of forty bytes!' }),
        /not signed by this server/,
      );
      expectRefused(forge(claims, { secret: '' }), /not signed by this server/);
    });

    test.each([
      ['HS384', 'sha384'],
      ['HS512', 'sha512'],
    ])('with %s is refused, although the secret is right', (alg, hash) => {
      expectRefused(forge(claims, { header: { alg }, hash }), new RegExp(`found "${alg}"`));
    });

    test('with an RSA key is refused, as is one with the secret that claims RSA', () => {
      const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
      const signed = `${encode({ alg: 'RS256', typ: 'JWT' })}.${encode(claims)}`;
      const signature = sign('sha256', Buffer.from(signed), privateKey).toString('base64url');
      expectRefused(`${signed}.${signature}`, /found "RS256"/);
      expectRefused(forge(claims, { header: { alg: 'RS256' } }), /found "RS256"/);
    });

    test.each([
      ['missing', undefined],
      ['null', null],
      ['a list', ['HS256']],
      ['in lower case', 'hs256'],
      ['followed by a space', 'HS256 '],
    ])('with an algorithm that is %s is refused', (_, alg) => {
      expectRefused(forge(claims, { header: { alg } }), /must be signed with HS256/);
    });

    test('of another payload is refused', () => {
      const [header, , signature] = forge(claims).split('.');
      expectRefused(
        `${header}.${encode({ ...claims, acc: 'another' })}.${signature}`,
        /not signed by this server/,
      );
    });

    test('cannot use a key from the token’s own header', () => {
      const jwk = { kty: 'oct', k: encode('their own') };
      expectRefused(
        forge(claims, { header: { jwk, kid: '../../dev/null' }, secret: 'their own' }),
        /not signed/,
      );
    });
  });

  describe('the time', () => {
    const at = (changes: object) => forge({ ...claims, ...changes });

    test('until which it is valid allows 30 seconds of skew, and the refusal says that it has expired', () => {
      const token = at({ exp: NOW });
      expect(verify(token, NOW + 29)).toEqual(john);
      expectRefused(token, /expired at 2025-02-19T21:20:00\.000Z/, NOW + 30);
    });

    test('from which it is valid allows 30 seconds of skew, and the refusal says that it is not valid yet', () => {
      const token = at({ nbf: NOW + 60 });
      expectRefused(token, /not valid before 2025-02-19T21:21:00\.000Z/, NOW + 29);
      expect(verify(token, NOW + 30)).toEqual(john);
    });

    test.each([
      ['missing', undefined],
      ['null', null],
      ['text', String(NOW + 3600)],
      ['a date in text', '2099-01-01T00:00:00Z'],
      ['in a list', [NOW + 3600]],
      ['an object', { seconds: NOW + 3600 }],
      ['true', true],
      ['negative', -1],
      ['out of range', 1e300],
    ])('of expiry is refused if it is %s', (_, exp) => {
      expectRefused(at({ exp }), /no expiry time/);
    });

    test.each([
      ['null', null],
      ['text', String(NOW - 3600)],
      ['a list', [NOW - 3600]],
      ['out of range', 1e300],
    ])('from which it is valid is refused if it is %s', (_, nbf) => {
      expectRefused(at({ nbf }), /is not a valid time/);
    });

    test('of issue may be missing, and the token then counts as the oldest possible', () => {
      const { shown } = verifyToken(at({ iat: undefined }), { secrets: [SECRET], now: NOW });
      expect(shown.issuedAt).toBe('1970-01-01T00:00:00.000000Z');
    });

    test('of issue must not be in the future, with 30 seconds of skew', () => {
      expect(verify(at({ iat: NOW + 30 }))).toEqual(john);
      expectRefused(at({ iat: NOW + 31 }), /issued at .*, which is in the future/);
      expectRefused(at({ iat: 'yesterday' }), /iat\) is not a valid time/);
    });

    test('of expiry is at most 366 days from now', () => {
      const year = 366 * 86_400;
      expect(verify(at({ exp: NOW + year + 30 }))).toEqual(john);
      expectRefused(at({ exp: NOW + year + 31 }), /must expire within 366 days/);
    });
  });

  describe('the header', () => {
    test.each(['jwt', 'JWT', undefined])('may have the type %j', (typ) => {
      expect(verify(forge(claims, { header: { typ } }))).toEqual(john);
    });

    test.each(['at+jwt', 'dpop+jwt', 'JWE', '', 5, null, ['JWT']])('must not have the type %j', (typ) => {
      expectRefused(forge(claims, { header: { typ } }), /must have the type JWT/);
    });

    test('must not request extensions', () => {
      expectRefused(forge(claims, { header: { crit: ['b64'], b64: false } }), /extensions/);
    });
  });

  describe('the token’s id, by which it is revoked,', () => {
    const idOf = (token: string) => verifyToken(token, { secrets: [SECRET], now: NOW }).shown.id;

    test('differs for each token, even with equal claims', () => {
      const made = () => signToken(john, { secret: SECRET, minutes: 60, now: NOW });
      expect(new Set([made(), made(), made()].map(idOf)).size).toBe(3);
    });

    test('is the same for every spelling of the token', () => {
      const token = signToken(john, { secret: SECRET, minutes: 60, now: NOW });
      const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
      // The last letter of a signature has two unused bits, so three other letters mean the same.
      const last = alphabet.indexOf(token.at(-1)!);
      const spellings = [0, 1, 2, 3].map((bits) => token.slice(0, -1) + alphabet[(last & ~3) | bits]);
      expect(new Set(spellings.map(tokenId)).size).toBe(1);
    });
  });

  describe('an issued token', () => {
    const identity = {
      accountId: 7,
      accountName: 'acme',
      personId: 9,
      email: 'jane@example.com',
      name: 'Jane',
    };
    const claimsOf = (token: string) => JSON.parse(Buffer.from(token.split('.')[1]!, 'base64url').toString());
    beforeEach(() => {
      jest.useFakeTimers({ now: NOW * 1000 });
    });
    afterEach(() => {
      jest.useRealTimers();
    });

    test('lasts as long as granted, but not beyond the given end', () => {
      const grant = { identity, expiryMinutes: 10, validFrom: null };
      const { token, expiresAt } = issuedToken(grant, { secret: SECRET });
      const { exp, iat, sub, acc, id } = claimsOf(token);
      expect([exp - iat, sub, acc, id]).toEqual([600, identity.email, 'acme', 9]);
      expect(Date.parse(expiresAt)).toBe(exp * 1000);
      const end = NOW + 60;
      const cut = issuedToken({ ...grant, notAfter: instantOf(end) }, { secret: SECRET });
      expect(claimsOf(cut.token).exp).toBe(end);
    });

    test('has as its earliest time of issue the time from which the person’s tokens are valid, even if that is a second ahead', () => {
      const ahead = NOW + 5;
      const grant = { identity, expiryMinutes: 10, validFrom: instantOf(ahead), accessKey: 'KEY' };
      const { token } = issuedToken(grant, { secret: SECRET });
      expect(claimsOf(token).iat).toBe(ahead);
      expect(verifyToken(token, { secrets: [SECRET] }).shown).toMatchObject({
        issuedAt: instantOf(ahead),
        accessKey: 'KEY',
      });
    });
  });

  describe('a claim', () => {
    const wrong = [
      ['missing', undefined],
      ['null', null],
      ['empty', ''],
      ['a number', 1],
      ['a list', ['john@example.com']],
      ['an object', { email: 'john@example.com' }],
      ['true', true],
    ] as const;

    test.each(wrong)('for the person is refused if it is %s', (_, sub) => {
      expectRefused(forge({ ...claims, sub }), /name its person \(sub\)/);
    });

    test.each(wrong)('for the account is refused if it is %s', (_, acc) => {
      expectRefused(forge({ ...claims, acc }), /name its account \(acc\)/);
    });

    test.each([
      ['null', null],
      ['text', '1'],
      ['zero', 0],
      ['negative', -1],
      ['a fraction', 1.5],
      ['larger than a number can be', 2 ** 53],
      ['a list', [1]],
    ])('for the person’s number is refused if it is %s', (_, id) => {
      expectRefused(forge({ ...claims, id }), /id is not the number/);
    });

    test('that is unknown is ignored', () => {
      expect(verify(forge({ ...claims, admin: true, roles: ['all'] }))).toEqual(john);
    });

    test.each([
      ['a list', [claims]],
      ['a text', '"claims"'],
      ['a number', 1],
      ['null', null],
      ['an empty object', {}],
    ])('set is refused if it is %s', (_, payload) => {
      expect(refusalOf(() => verify(forge(payload))).code).toBe('UNAUTHENTICATED');
    });
  });

  describe('an invalid token', () => {
    test('is refused if it is missing', () => expectRefused('', /The token is missing/));

    test.each([
      'token',
      'a.b',
      'a.b.c',
      'a.b.c.d',
      '..',
      `${encode({ alg: 'HS256' })}.${encode('no JSON')}.`.replace('.', '!.'),
      `${encode('no JSON')}.${encode(claims)}.c2ln`,
      `${encode({ alg: 'HS256', typ: 'JWT' })}.${encode('no JSON')}.c2ln`,
      `${forge(claims)}=`,
      `${forge(claims)}\n`,
      `Bearer ${forge(claims)}`,
      'ümläut.ümläut.ümläut',
    ])('is refused if it is not a JWT: %j', (token) => expectRefused(token, /is not a JWT/));

    test('is refused if it is longer than 8 KiB, even if it is signed', () => {
      const long = forge({ ...claims, padding: 'x'.repeat(8192) });
      expectRefused(long, /longer than 8192/);
      expectRefused('x'.repeat(10_000_000), /longer than 8192/);
      expect(verify(forge({ ...claims, padding: 'x'.repeat(5_000) }))).toEqual(john);
    });

    test('never causes anything but a refusal', () => {
      const part = fc.oneof(fc.string(), fc.json().map(encode), fc.base64String());
      fc.assert(
        fc.property(fc.array(part, { maxLength: 4 }), (parts) => {
          expect(refusalOf(() => verify(parts.join('.'))).code).toBe('UNAUTHENTICATED');
        }),
      );
      fc.assert(
        fc.property(fc.json(), (payload) => {
          expect(refusalOf(() => verify(forge(payload))).code).toBe('UNAUTHENTICATED');
        }),
      );
    });
  });

  describe('an Authorization header', () => {
    test.each(['Bearer a.b.c', 'bearer a.b.c', 'BEARER   a.b.c', ' Bearer a.b.c '])(
      'in the form %j contains the token',
      (header) => {
        expect(bearerToken(header)).toBe('a.b.c');
      },
    );

    test.each([
      'Basic am9objpwYXNz',
      'Bearer',
      'Bearer ',
      'a.b.c',
      'Bearera.b.c',
      'Bearer a b',
      'Token a.b.c',
    ])('in the form %j contains none, and the refusal has the expected form', (header) => {
      const { code, message } = refusalOf(() => bearerToken(header));
      expect(code).toBe('UNAUTHENTICATED');
      expect(message).toContain('"Authorization: Bearer <token>"');
      expect(message).toContain('has another form');
    });

    test.each([undefined, ''])('counts as missing in the form %j', (header) => {
      expect(refusalOf(() => bearerToken(header)).message).toContain('the Authorization header is missing');
    });
  });

  describe('the expiry of a header', () => {
    test('is the time from which its token is refused', () => {
      const token = signToken(john, { secret: SECRET, minutes: 60, now: NOW });
      const expiry = expiryOf(`Bearer ${token}`)! / 1000;
      expect(verify(token, expiry - 1)).toEqual(john);
      expectRefused(token, /expired/, expiry);
    });

    test.each([
      ['there is no header', undefined],
      ['it has no token', 'Basic abc'],
      ['the token belongs to a computer', 'Bearer computer_abc'],
      ['the token has no expiry', `Bearer ${forge({ ...claims, exp: undefined })}`],
      ['the token is invalid', 'Bearer a.b.c'],
    ])('is unknown if %s', (_, header) => {
      expect(expiryOf(header)).toBeUndefined();
    });
  });
}
