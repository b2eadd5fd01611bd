import { describe, expect, test } from '@jest/globals';
import {
  checkAssociation,
  checkLimits,
  checkProfileLimit,
  type Limits,
} from '../../src/domain/accounts/limits.ts';
import { LIMITS, refusalOf } from '../support/builders.ts';

describe('a limit', () => {
  test.each<[keyof Limits, number]>([
    ['maxNumComputers', 0],
    ['maxNumComputers', 2_147_483_647],
    ['maxNumProfiles', 0],
    ['maxNumProfiles', 2_147_483_647],
    ['minInterval', 0],
    ['minInterval', 527_040],
  ])('%s may be %p', (field, value) => {
    const limits = { ...LIMITS, [field]: value };
    expect(checkLimits(limits)).toEqual(limits);
  });

  test.each<[keyof Limits, number, string]>([
    ['maxNumComputers', -1, 'a whole number from 0 to 2147483647'],
    ['maxNumComputers', 2_147_483_648, 'a whole number from 0 to 2147483647'],
    ['maxNumComputers', 1.5, 'a whole number from 0 to 2147483647'],
    ['maxNumProfiles', -1, 'a whole number from 0 to 2147483647'],
    ['maxNumProfiles', 2_147_483_648, 'a whole number from 0 to 2147483647'],
    ['maxNumProfiles', Number.NaN, 'a whole number from 0 to 2147483647'],
    ['minInterval', -1, 'a whole number from 0 to 527040'],
    ['minInterval', 527_041, 'a whole number from 0 to 527040'],
    ['minInterval', 30.5, 'a whole number from 0 to 527040'],
  ])('%s must not be %p', (field, value, allowed) => {
    const refusal = refusalOf(() => checkLimits({ ...LIMITS, [field]: value }));
    expect(refusal.code).toBe('INVALID_INPUT');
    expect(refusal.detail).toEqual({ field, found: JSON.stringify(value), allowed });
  });

  test('is reported together with all other faults', () => {
    const refusal = refusalOf(() =>
      checkLimits({ maxNumComputers: -1, maxNumProfiles: -1, minInterval: -1 }),
    );
    expect([refusal, ...refusal.others].map(({ detail }) => detail.field)).toEqual([
      'maxNumComputers',
      'maxNumProfiles',
      'minInterval',
    ]);
  });
});

describe('room for one more profile', () => {
  test.each([
    [0, 1],
    [9, 10],
  ])('exists with %i of %i', (active, maxNumProfiles) => {
    expect(() => checkProfileLimit(active, { ...LIMITS, maxNumProfiles })).not.toThrow();
  });

  test.each([
    [0, 0],
    [10, 10],
    // The limit was lowered. Existing profiles are kept, but no new one is allowed.
    [12, 10],
  ])('does not exist with %i of %i, and the refusal has the count', (active, maxNumProfiles) => {
    const refusal = refusalOf(() => checkProfileLimit(active, { ...LIMITS, maxNumProfiles }));
    expect(refusal.code).toBe('PROFILE_LIMIT');
    expect(refusal.message).toContain(`${active} of ${maxNumProfiles}`);
    expect(refusal.detail).toEqual({
      found: String(active + 1),
      allowed: `at most ${maxNumProfiles} script profiles that are not archived`,
    });
  });
});

describe('an association with computers', () => {
  test.each([
    [0, 0],
    [20, 20],
  ])('is accepted with %i if %i are allowed', (associated, maxNumComputers) => {
    expect(() => checkAssociation(associated, { ...LIMITS, maxNumComputers }, 'tags')).not.toThrow();
  });

  test.each([
    [1, 0, 'tags'],
    [21, 20, 'allComputers'],
  ] as const)(
    'is refused with %i if %i are allowed, for the field %s',
    (associated, maxNumComputers, field) => {
      const refusal = refusalOf(() => checkAssociation(associated, { ...LIMITS, maxNumComputers }, field));
      expect(refusal.code).toBe('COMPUTER_LIMIT');
      expect(refusal.message).toContain(`${associated} computers; at most ${maxNumComputers}`);
      expect(refusal.detail).toEqual({
        field,
        found: String(associated),
        allowed: `at most ${maxNumComputers} computers`,
      });
    },
  );
});
