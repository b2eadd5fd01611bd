import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  blockingExecution,
  confirmed,
  insecureIdOf,
  NEW_SESSION,
  newMessages,
  readInsecureId,
} from '../../src/domain/computers/agent.ts';
import { computerOf, machineIdOf } from '../../src/domain/computers/agent-registration.ts';
import { thorough } from '../support/seed.ts';

describe('the client’s messages', () => {
  test.each([
    ['in the first exchange are all new, whatever their number', null, 10, 3, 0, 13],
    ['are all new if the number is the expected one', 10, 10, 3, 0, 13],
    ['that were accepted before are skipped', 10, 8, 3, 2, 11],
    ['are all skipped if all were accepted before', 10, 5, 3, 3, 10],
    ['are not accepted if earlier ones are missing', 10, 11, 3, 3, 10],
    ['may be none', 10, 10, 0, 0, 10],
  ])('%s', (_what, expected, sequence, count, first, next) => {
    expect(newMessages({ expected }, sequence, count)).toEqual({ first, expected: next });
  });
});

describe('the messages to the client', () => {
  const session = {
    ...NEW_SESSION,
    expected: 0,
    unconfirmedFrom: 5,
    unconfirmed: [11, 12, 13],
    sent: 4,
    askedAgain: 1,
  };
  test.each([
    ['are not known in the first exchange', { ...session, expected: null }, 7, [], 0, 0],
    [
      'are counted as unknown in the first exchange after a backup was restored',
      { ...session, expected: null, inDoubtUntil: 20 },
      7,
      [],
      0,
      7,
    ],
    ['are all sent again if the client requests the same number', session, 5, [11, 12, 13, 0], 9, 0],
    [
      'are counted as requested again even if only one was sent',
      { ...session, unconfirmed: [11], sent: 1 },
      5,
      [11],
      9,
      0,
    ],
    ['are confirmed up to the requested number', session, 6, [12, 13, 0], 0, 0],
    ['are all confirmed if the client requests the number after the last one', session, 9, [], 0, 0],
    ['are counted as unknown if the client requests a number beyond the last one', session, 11, [], 0, 2],
    ['are all sent again if the client requests an earlier number', session, 3, [11, 12, 13, 0], 0, 0],
    [
      'are not counted as requested again if none was sent',
      { ...session, unconfirmed: [], sent: 0, askedAgain: 0 },
      5,
      [],
      0,
      0,
    ],
  ])('%s', (_what, before, next, unconfirmed, askedAgain, unknown) => {
    expect(confirmed(before, next, true)).toEqual({ unconfirmed, askedAgain, unknown });
  });

  test('an answer that may be lost counts less than one that arrived and was not processed', () => {
    expect(confirmed(session, 5, false).askedAgain).toBe(2);
  });

  test.each([
    [24, [11], undefined],
    [25, [11, 12], 11],
    [25, [0, 12], undefined],
    [25, [], undefined],
  ])('after %d repeats of %j, %s blocks the queue', (askedAgain, unconfirmed, blocking) => {
    expect(blockingExecution({ askedAgain, unconfirmed, unknown: 0 })).toBe(blocking);
  });
});

test('an insecure id identifies one computer of one account', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 999_999_999 }),
      fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }),
      (accountId, computerId) => {
        expect(readInsecureId(String(insecureIdOf(accountId, computerId)))).toEqual({
          accountId,
          computerId,
        });
      },
    ),
    { numRuns: thorough(200) },
  );
  for (const text of ['', '1', '-1000000001', '1e12', '1000000000', '9'.repeat(26)])
    expect(readInsecureId(text)).toBeUndefined();
});

describe('a registration', () => {
  const asked = {
    accountName: 'a',
    registrationKey: 'k',
    title: 'Web 1',
    hostname: 'web-1',
    tags: '',
    accessGroup: '',
    machineId: null,
  };

  test('keeps the allowed values, and omits tags that are not allowed', () => {
    const tags = ` web,, a b,-x,web,${'x'.repeat(300)},db`;
    expect(computerOf({ ...asked, tags })).toEqual({
      hostname: 'web-1',
      title: 'Web 1',
      tags: ['web', 'db'],
    });
  });

  test('with any text creates a computer', () => {
    const text = fc.string({ unit: 'binary', maxLength: 600 });
    fc.assert(
      fc.property(text, text, text, (title, hostname, tags) => {
        const made = computerOf({ ...asked, title, hostname, tags });
        expect(made.hostname).toMatch(/^[A-Za-z0-9_][A-Za-z0-9_.-]*$/);
        expect(made.title.trim()).not.toBe('');
      }),
      { numRuns: thorough(500) },
    );
  });

  test('has a machine id in one spelling, or none', () => {
    expect(machineIdOf('AB-1')).toBe('ab-1');
    expect([machineIdOf(''), machineIdOf(null), machineIdOf('a\0'), machineIdOf(undefined)]).toEqual(
      Array(4).fill(null),
    );
  });
});
