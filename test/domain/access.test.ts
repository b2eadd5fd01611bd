import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  authorise,
  type Caller,
  Forbidden,
  type Grants,
  holds,
  includesGroup,
  knownGroups,
  listScope,
  type Permission,
  permissions,
  scopeOf,
  union,
  viewOf,
  wholeAccount,
} from '../../src/domain/accounts/access.ts';
import { refusalOf } from '../support/builders.ts';

const who = (grants: Grants): Caller => ({
  accountId: 7,
  accountName: 'acme',
  personId: 1,
  email: 'jane@example.com',
  name: 'Jane Doe',
  roles: [],
  grants,
});

describe('a permission', () => {
  test.each<[string, Grants, number | undefined, boolean]>([
    ['everywhere, requested for a group', { ViewScript: 'all' }, 5, true],
    ['everywhere, requested for any group', { ViewScript: 'all' }, undefined, true],
    ['in the group', { ViewScript: [4, 5] }, 5, true],
    ['in another group', { ViewScript: [4] }, 5, false],
    ['in some group, requested for any group', { ViewScript: [4] }, undefined, true],
    ['in no group, requested for any group', { ViewScript: [] }, undefined, false],
    ['under another name', { ManageScript: 'all' }, 5, false],
    ['not at all', {}, undefined, false],
  ])('held %s', (_, grants, group, expected) => {
    expect(holds(who(grants), 'ViewScript', group)).toBe(expected);
    if (expected) authorise(who(grants), 'ViewScript', group);
    else expect(refusalOf(() => authorise(who(grants), 'ViewScript', group))).toBeInstanceOf(Forbidden);
  });

  test('that is missing is named in the message and in the event log', () => {
    const about = { type: 'Script', id: 31, title: 'Clean up' };
    const refusal = refusalOf(() => authorise(who({}), 'ManageScript', 5, about));
    expect(refusal).toMatchObject({ code: 'FORBIDDEN', permission: 'ManageScript', about });
    expect(refusal.message).toContain('ManageScript');
    expect(refusal.detail.allowed).toContain('ManageScript');
  });
});

describe('a scope', () => {
  test('has the groups of its permission, the groups where computers and profiles are visible, and all known groups', () => {
    const caller = who({ ViewScriptProfile: [1, 2], ViewComputer: [2, 3], ManageScript: [4] });
    const scope = {
      ...{ accountId: 7, groups: [1, 2], known: [1, 2, 3, 4] },
      ...{ computers: [2, 3], scriptProfiles: [1, 2] },
    };
    expect(scopeOf(caller, 'ViewScriptProfile')).toEqual(scope);
    expect(listScope(caller, 'ViewScriptProfile')).toEqual(scope);
  });

  test('of a permission that is held nowhere is empty, not absent', () => {
    expect(scopeOf(who({}), 'ViewScript').groups).toEqual([]);
    expect(refusalOf(() => listScope(who({}), 'ViewScript')).code).toBe('FORBIDDEN');
  });

  test('of a whole account excludes nothing', () => {
    const { accountId, ...groups } = wholeAccount(7);
    expect(accountId).toBe(7);
    expect(new Set(Object.values(groups))).toEqual(new Set(['all']));
  });
});

const groups = fc.oneof(fc.constant('all' as const), fc.uniqueArray(fc.nat(5)));
const grants: fc.Arbitrary<Grants> = fc.dictionary(fc.constantFrom<Permission>(...permissions), groups);

test('a group is known exactly if a permission is held in it', () => {
  fc.assert(
    fc.property(grants, fc.nat(6), (held, group) => {
      const caller = who(held);
      const somehow = permissions.some((permission) => holds(caller, permission, group));
      expect(includesGroup(knownGroups(caller), group)).toBe(somehow);
    }),
  );
});

test('a union contains the permissions of all its parts', () => {
  fc.assert(
    fc.property(fc.array(groups), fc.nat(6), (several, group) => {
      expect(includesGroup(union(several), group)).toBe(several.some((part) => includesGroup(part, group)));
    }),
  );
});

test('callers share a view exactly if they are in one account and have the same permissions', () => {
  const john = who({ ViewScript: 'all' });
  const jane = { ...john, personId: 2, email: 'jane@example.com', name: 'Jane Doe', roles: ['Other'] };
  expect(viewOf(jane)).toBe(viewOf(john));
  expect(viewOf({ ...john, accountId: 2 })).not.toBe(viewOf(john));
  expect(viewOf(who({ ViewScript: [1] }))).not.toBe(viewOf(john));
});
