import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  accountPermissions,
  type Grants,
  groupPermissions,
  includesGroup,
  permissions,
} from '../../src/domain/accounts/access.ts';
import {
  checkDeletable,
  checkHoldsAll,
  checkRole,
  editRole,
  grantsOf,
  type HeldRole,
  type Role,
} from '../../src/domain/accounts/role.ts';
import { anAccessGroup, jane, refusalOf } from '../support/builders.ts';

const aRole = (overrides: Partial<Role> = {}): Role => ({
  id: 3,
  version: 1,
  name: 'Web team',
  description: 'Runs the web servers.',
  isGlobalAdmin: false,
  permissions: ['ViewScript'],
  accountPermissions: [],
  accessGroups: [anAccessGroup({ id: 5 })],
  persons: [jane],
  ...overrides,
});
const aHeldRole = (overrides: Partial<HeldRole> = {}): HeldRole => ({
  name: 'Web team',
  isGlobalAdmin: false,
  permissions: [],
  accountPermissions: [],
  groups: [],
  ...overrides,
});
const globalAdmin = aRole({ name: 'GlobalAdmin', isGlobalAdmin: true });

const heldRoles = fc.array(
  fc.record({
    name: fc.constant('any'),
    isGlobalAdmin: fc.constant(false),
    permissions: fc.uniqueArray(fc.constantFrom(...groupPermissions)),
    accountPermissions: fc.uniqueArray(fc.constantFrom(...accountPermissions)),
    groups: fc.oneof(fc.constant('all' as const), fc.uniqueArray(fc.nat(5))),
  }),
);

describe('the combination of several roles', () => {
  test('grants each permission where one of the roles has it, and account permissions everywhere', () => {
    fc.assert(
      fc.property(heldRoles, fc.nat(6), (roles, group) => {
        const grants = grantsOf(roles);
        for (const permission of groupPermissions) {
          const expected = roles.some(
            (role) => role.permissions.includes(permission) && includesGroup(role.groups, group),
          );
          expect(includesGroup(grants[permission] ?? [], group)).toBe(expected);
        }
        for (const permission of accountPermissions) {
          const expected = roles.some((role) => role.accountPermissions.includes(permission));
          expect(grants[permission]).toBe(expected ? 'all' : undefined);
        }
      }),
    );
  });

  test('grants everything with GlobalAdmin, whatever the other roles are', () => {
    const everything = Object.fromEntries(permissions.map((permission) => [permission, 'all']));
    const admin = aHeldRole({ isGlobalAdmin: true });
    expect(grantsOf([admin])).toEqual(everything);
    expect(grantsOf([aHeldRole({ permissions: ['ViewScript'], groups: [5] }), admin])).toEqual(everything);
  });

  test('contains no permission that is held in no group', () => {
    expect(grantsOf([aHeldRole({ permissions: ['ViewScript'] })])).toEqual({});
    expect(grantsOf([])).toEqual({});
  });
});

describe('a role', () => {
  test('has a trimmed name, and each permission once, in their fixed order', () => {
    const permissions = ['ManageScript', 'ViewScript', 'ManageScript'] as const;
    const checked = checkRole(aRole({ name: ' Web team ', permissions }));
    expect(checked).toMatchObject({ name: 'Web team', permissions: ['ViewScript', 'ManageScript'] });
  });

  test.each<[string, Partial<Role>, string]>([
    ['no name', { name: '  ' }, 'name'],
    ['a name of 256 characters', { name: 'x'.repeat(256) }, 'name'],
    ['a name with a control character', { name: 'a\tb' }, 'name'],
    ['a description of 1,001 characters', { description: 'x'.repeat(1001) }, 'description'],
    ['a description with NUL', { description: 'a\0b' }, 'description'],
  ])('with %s is refused', (_, wrong, field) => {
    expect(refusalOf(() => checkRole(aRole(wrong)))).toMatchObject({
      code: 'INVALID_INPUT',
      detail: { field },
    });
    expect(refusalOf(() => editRole(aRole(), wrong)).detail.field).toBe(field);
  });

  test('keeps omitted fields in an edit', () => {
    expect(editRole(aRole(), { persons: [] })).toEqual(aRole({ persons: [] }));
    expect(editRole(aRole(), {})).toEqual(aRole());
  });

  test('GlobalAdmin allows changes only to its people, of whom it has at least one', () => {
    expect(editRole(globalAdmin, { persons: [jane] })).toEqual(globalAdmin);
    expect(refusalOf(() => editRole(globalAdmin, { persons: [] })).detail.field).toBe('persons');
    expect(refusalOf(() => editRole(globalAdmin, { name: 'Root' })).detail.field).toBe('name');
    expect(refusalOf(() => editRole(globalAdmin, { permissions: [] })).detail.field).toBe('permissions');
    expect(refusalOf(() => checkDeletable(globalAdmin)).code).toBe('INVALID_INPUT');
    checkDeletable(aRole());
  });
});

describe('a person who grants a role', () => {
  const who = (grants: Grants) => ({
    ...{ accountId: 7, accountName: 'acme', personId: 1, email: 'a@example.com', name: 'A', roles: [] },
    grants,
  });
  const both = aRole({
    permissions: ['ViewScript', 'ManageScript'],
    accessGroups: [5, 6].map((id) => anAccessGroup({ id })),
  });

  test.each<[string, Grants, string | undefined]>([
    ['everything everywhere', { ViewScript: 'all', ManageScript: 'all' }, undefined],
    ['all of it exactly there', { ViewScript: [5, 6], ManageScript: [5, 6] }, undefined],
    ['one of them in one group only', { ViewScript: [5, 6], ManageScript: [5] }, 'ManageScript'],
    ['one of them only', { ManageScript: 'all' }, 'ViewScript'],
  ])('and holds %s', (_, grants, lacking) => {
    if (lacking === undefined) checkHoldsAll(who(grants), both);
    else
      expect(refusalOf(() => checkHoldsAll(who(grants), both))).toMatchObject({
        code: 'FORBIDDEN',
        permission: lacking,
      });
  });

  test('must also hold its account permissions', () => {
    const viewer = aRole({ permissions: [], accountPermissions: ['ViewRole'] });
    checkHoldsAll(who({ ViewRole: 'all' }), viewer);
    expect(refusalOf(() => checkHoldsAll(who({ ManageRole: 'all' }), viewer))).toMatchObject({
      permission: 'ViewRole',
    });
  });
});
