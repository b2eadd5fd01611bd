import type { Prisma } from '../../database/generated/client.ts';
import { type Connection, inOrderOf } from '../../database/sql.ts';
import {
  type AccountPermission,
  accountPermissions,
  type GroupPermission,
  groupPermissions,
} from '../../domain/accounts/access.ts';
import type { Role } from '../../domain/accounts/role.ts';
import type { RoleRepository } from '../../services/accounts/access-ports.ts';
import { accessGroupColumns, accessGroupOf } from './access-groups.ts';
import { personColumns, personOf } from './people.ts';

const group = { select: accessGroupColumns } as const;
const whole = {
  accessGroups: { select: { accessGroup: group }, orderBy: { accessGroup: { name: 'asc' } } },
  persons: {
    select: { person: { select: personColumns } },
    orderBy: { person: { email: 'asc' } },
  },
  account: { select: { accessGroups: { ...group, where: { parentId: null } } } },
} as const satisfies Prisma.RoleInclude;

type Row = Prisma.RoleGetPayload<{ include: typeof whole }>;

type NewRole = Omit<Role, 'id' | 'version'>;

export const roleRepository = (connection: Connection): RoleRepository => {
  const find = async (where: Prisma.RoleWhereInput) =>
    (await connection.role.findMany({ where, orderBy: { name: 'asc' }, include: whole })).map(roleOf);
  return {
    all: (accountId) => find({ accountId }),

    byIds: async (accountId, ids) => inOrderOf(ids, await find({ accountId, id: { in: [...ids] } })),

    async insert(accountId, role) {
      const { id } = await connection.role.create({
        data: {
          accountId,
          ...columnsOf(role),
          accessGroups: { createMany: { data: groupsOf(role) } },
          persons: { createMany: { data: personsOf(role) } },
        },
        select: { id: true },
      });
      return Number(id);
    },

    async save(accountId, role) {
      await connection.role.update({
        where: { accountId_id: { accountId, id: role.id } },
        data: {
          ...columnsOf(role),
          version: role.version,
          accessGroups: { deleteMany: {}, createMany: { data: groupsOf(role) } },
          persons: { deleteMany: {}, createMany: { data: personsOf(role) } },
        },
        select: { id: true },
      });
    },

    async remove(accountId, id) {
      await connection.role.delete({ where: { accountId_id: { accountId, id } }, select: { id: true } });
    },

    async changePerson(accountId, personId, { given, taken }) {
      await connection.rolePerson.deleteMany({ where: { accountId, personId, roleId: { in: [...taken] } } });
      await connection.rolePerson.createMany({
        data: given.map((roleId) => ({ accountId, personId, roleId })),
      });
      await connection.role.updateMany({
        where: { accountId, id: { in: [...given, ...taken] } },
        data: { version: { increment: 1 } },
      });
    },
  };
};

const columnsOf = ({ name, description, permissions, accountPermissions, isGlobalAdmin }: NewRole) => ({
  name,
  description,
  permissions: isGlobalAdmin ? [] : [...permissions],
  accountPermissions: isGlobalAdmin ? [] : [...accountPermissions],
});

const groupsOf = ({ accessGroups, isGlobalAdmin }: NewRole) =>
  isGlobalAdmin ? [] : accessGroups.map(({ id }) => ({ accessGroupId: id }));

const personsOf = ({ persons }: NewRole) => persons.map(({ id }) => ({ personId: id }));

/** GlobalAdmin has no stored permissions, because it has every permission in the whole tree. */
const roleOf = ({ id, version, name, description, isGlobalAdmin, account, ...role }: Row): Role => ({
  id: Number(id),
  version,
  name,
  description,
  isGlobalAdmin,
  permissions: isGlobalAdmin ? groupPermissions : (role.permissions as GroupPermission[]),
  accountPermissions: isGlobalAdmin ? accountPermissions : (role.accountPermissions as AccountPermission[]),
  accessGroups: isGlobalAdmin
    ? account.accessGroups.map(accessGroupOf)
    : role.accessGroups.map(({ accessGroup }) => accessGroupOf(accessGroup)),
  persons: role.persons.map(({ person }) => personOf(person)),
});
