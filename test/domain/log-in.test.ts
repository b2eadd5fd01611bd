import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  type Attempts,
  checkCredentials,
  type GuessedBy,
  increment,
  networkOf,
  secondsToWait,
} from '../../src/domain/accounts/log-in.ts';
import { validAfter } from '../../src/domain/accounts/token.ts';
import { epochSeconds, instantOf } from '../../src/domain/time.ts';
import { at, NOW, refusalOf } from '../support/builders.ts';

const later = (seconds: number) => instantOf(epochSeconds(NOW) + seconds);

describe('credentials', () => {
  const good = { email: 'john@example.com', password: 'secret' };

  test('request a token for one day and the first account by default', () => {
    expect(checkCredentials(good)).toEqual({ ...good, account: undefined, expiryMinutes: 1440 });
    expect(checkCredentials({ ...good, account: '', expiryMinutes: null })).toEqual(checkCredentials(good));
    const most = { ...good, account: 'acme', expiryMinutes: 43_200 };
    expect(checkCredentials(most)).toEqual(most);
  });

  test.each([
    ['email', { email: '' }],
    ['email', { email: 'x'.repeat(256) }],
    ['email', { email: 'john\0@example.com' }],
    ['email', { email: 'john\ud800' }],
    ['account', { account: 'a\nb' }],
    ['password', { password: '' }],
    ['password', { password: 'x'.repeat(1025) }],
    ['expiryMinutes', { expiryMinutes: 0 }],
    ['expiryMinutes', { expiryMinutes: 43_201 }],
  ])('with an invalid %s are refused: %j', (field, change) => {
    expect(refusalOf(() => checkCredentials({ ...good, ...change }))).toMatchObject({
      code: 'INVALID_INPUT',
      detail: { field },
    });
  });

  test('never show the password in a refusal', () => {
    const password = 'correct horse '.repeat(100);
    const { message, detail } = refusalOf(() => checkCredentials({ ...good, password }));
    expect(message + JSON.stringify(detail)).not.toContain('horse');
  });
});

describe('the delay after failures', () => {
  const waitAfter = (by: GuessedBy, failures: number, seconds = 0) =>
    secondsToWait(by, { failures, lastAt: NOW }, later(seconds));

  test.each([
    ['email', 0, 0],
    ['email', 9, 0],
    ['email', 10, 1],
    ['email', 11, 2],
    ['email', 15, 32],
    ['email', 16, 60],
    ['email', 1_000_000, 60],
    ['network', 49, 0],
    ['network', 50, 1],
    ['network', 59, 512],
    ['network', 60, 900],
    ['network', 5_000, 900],
  ] as const)('of an %s after %d failures is %d seconds', (by, failures, seconds) => {
    expect(waitAfter(by, failures)).toBe(seconds);
  });

  test('expires, and the failures are forgotten an hour after the last one', () => {
    expect(waitAfter('email', 13, 3)).toBe(5);
    expect(waitAfter('email', 13, 8)).toBe(0);
    expect(waitAfter('network', 1000, 3600)).toBe(0);
    expect(increment({ failures: 1000, lastAt: NOW }, later(3600)).failures).toBe(1001);
    expect(increment({ failures: 1000, lastAt: NOW }, later(3601)).failures).toBe(1);
    expect(secondsToWait('email', undefined, NOW)).toBe(0);
  });

  test('locks no person out permanently: it ends within its bound, whatever is tried and whenever', () => {
    const gaps = fc.array(fc.integer({ min: 0, max: 5000 }), { maxLength: 200 });
    fc.assert(
      fc.property(fc.constantFrom('email', 'network'), gaps, (by, seconds) => {
        let [attempts, now]: [Attempts | undefined, number] = [undefined, 0];
        for (const gap of seconds) {
          now += gap;
          const wait = secondsToWait(by, attempts, later(now));
          expect(wait).toBeLessThanOrEqual(by === 'email' ? 60 : 900);
          // Refused attempts change nothing, so after the delay an attempt is checked.
          if (wait === 0) attempts = increment(attempts, later(now));
          else expect(secondsToWait(by, attempts, later(now + wait))).toBe(0);
        }
      }),
    );
  });
});

test.each([
  ['192.0.2.7', '192.0.2.7'],
  ['::ffff:192.0.2.7', '192.0.2.7'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
  ['2001:0DB8:0001:0002::1', '2001:db8:1:2::/64'],
  ['2001:db8::1', '2001:db8:0:0::/64'],
  ['::1', '0:0:0:0::/64'],
  ['fe80::1%eth0', 'fe80:0:0:0::/64'],
  ['2001:db8:1:2::', '2001:db8:1:2::/64'],
  ['unknown', 'unknown'],
])('guesses from %s count for %s', (address, network) => {
  expect(networkOf(address)).toBe(network);
});

test('revoked tokens are valid again from the next second on, but not the token that revoked them', () => {
  const shown = { id: 'x', issuedAt: at('2025-04-10T12:00:40'), expiresAt: at('2025-05-01T00:00') };
  expect(validAfter(NOW)).toBe('2025-04-10T12:00:31.000000Z');
  expect(validAfter(NOW, shown)).toBe('2025-04-10T12:00:41.000000Z');
  expect(validAfter(at('2025-04-10T13:00:00.999999'), shown)).toBe('2025-04-10T13:00:01.000000Z');
});
