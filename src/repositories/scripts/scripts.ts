import {
  and,
  bigints,
  type Connection,
  contains,
  inOrderOf,
  instant,
  rows,
  type Sql,
  sql,
  texts,
  within,
} from '../../database/sql.ts';
import type { Scope } from '../../domain/accounts/access.ts';
import type { Script, ScriptHead, ScriptStatus } from '../../domain/scripts/script.ts';
import type { Sorted } from '../../services/listing.ts';
import type {
  ScriptFilter,
  ScriptOrderField,
  ScriptRepository,
} from '../../services/scripts/script-ports.ts';
import { accessGroupJson, inGroupOrAbove } from '../accounts/access-groups.ts';
import { personJson } from '../accounts/people.ts';
import { changedColumns } from '../changed-columns.ts';
import { count, type List, page, type SortColumns } from '../listing.ts';
import { inScope, ofAccount } from '../scope.ts';

const columnsWith = (code: Sql): Sql => sql`
  s.id, s.title, s.status, ${accessGroupJson('g')} as "accessGroup", s.version_number as "versionNumber", s.version,
  v.interpreter, ${code}, s.time_limit as "timeLimit", s.username,
  ${personJson('c')} as "createdBy", ${instant('s.created_at')} as "createdAt",
  ${personJson('e')} as "lastEditedBy", ${instant('s.last_edited_at')} as "lastEditedAt"`;

const columns = columnsWith(sql`octet_length(v.code) as "codeLength"`);

const table = sql`script s`;
const joins = (accountId: number): Sql => sql`
  join access_group g on g.account_id = s.account_id and g.id = s.access_group_id
  join script_version v on ${ofAccount(accountId, 'v')} and v.script_id = s.id and v.number = s.version_number
  left join person c on c.account_id = s.account_id and c.id = s.created_by_id
  left join person e on e.account_id = s.account_id and e.id = s.last_edited_by_id`;

const sortColumns: SortColumns<ScriptOrderField> = {
  CREATED_AT: { name: 'created_at', type: 'timestamptz' },
  LAST_EDITED_AT: { name: 'last_edited_at', type: 'timestamptz' },
  TITLE: { name: 'title', type: 'text' },
};

const mutableColumns = (script: Omit<Script, 'id'>) => ({
  title: script.title,
  status: script.status,
  versionNumber: script.versionNumber,
  version: script.version,
  timeLimit: script.timeLimit,
  username: script.username,
  lastEditedById: script.lastEditedBy?.id ?? null,
  lastEditedAt: script.lastEditedAt,
});

/** The columns of a new script. The demonstration uses them too. */
export const scriptColumns = (script: Omit<Script, 'id'>) => ({
  accessGroupId: script.accessGroup.id,
  createdById: script.createdBy?.id ?? null,
  createdAt: script.createdAt,
  ...mutableColumns(script),
});

/** The columns of the script's newest version. */
export const versionColumns = (script: Omit<Script, 'id'>) => ({
  number: script.versionNumber,
  title: script.title,
  interpreter: script.interpreter,
  code: script.code,
  createdById: script.lastEditedBy?.id ?? null,
  createdAt: script.lastEditedAt,
});

export const scriptRepository = (connection: Connection): ScriptRepository => {
  const select = <Row>(scope: Scope, wanted: Sql, condition: Sql) =>
    rows<Row>(
      connection,
      sql`select ${wanted} from ${table} ${joins(scope.accountId)} where ${and([...inScope(scope, 's'), condition])}`,
    );

  return {
    page: (scope, { filter, ...listing }) =>
      page<Sorted<ScriptHead>, ScriptOrderField>(connection, list(scope, filter), sortColumns, listing),

    count: (scope, filter) => count(connection, list(scope, filter)),

    byIds: async (scope, ids) =>
      inOrderOf(ids, await select<ScriptHead>(scope, columns, sql`s.id = any(${bigints(ids)})`)),

    async forUpdate(scope, id) {
      // Lock first, then read. A statement that waits joins the script as it is after the wait with the versions as
      // they were before. So it would find no script if an edit created a version meanwhile.
      await connection.$queryRaw(
        sql`select s.id from script s where ${and(inScope(scope, 's'))} and s.id = ${id}::bigint for no key update`,
      );
      const whole = columnsWith(sql`v.code`);
      const [script] = await select<Script>(scope, whole, sql`s.id = ${id}::bigint`);
      return script;
    },

    async titleHolder(accountId, title) {
      const holder = await connection.script.findUnique({
        where: { accountId_title: { accountId, title } },
        select: { id: true, status: true, accessGroupId: true },
      });
      if (!holder) return undefined;
      const { id, status, accessGroupId } = holder;
      return { id: Number(id), status: status as ScriptStatus, accessGroupId: Number(accessGroupId) };
    },

    async insert(accountId, script) {
      const { id } = await connection.script.create({
        data: { accountId, ...scriptColumns(script), versions: { create: versionColumns(script) } },
        select: { id: true },
      });
      return Number(id);
    },

    async save(accountId, before, after) {
      const isNewVersion = after.versionNumber !== before.versionNumber;
      await connection.script.update({
        where: { accountId_id: { accountId, id: after.id } },
        data: {
          ...changedColumns(mutableColumns(before), mutableColumns(after)),
          ...(isNewVersion && { versions: { create: versionColumns(after) } }),
        },
        select: { id: true },
      });
    },

    async overwriteVersions(accountId, scriptId, { interpreter, code }) {
      await connection.scriptVersion.updateMany({
        where: { accountId, scriptId },
        data: { interpreter, code },
      });
    },
  };
};

function list(
  scope: Scope,
  { statuses, search, createdAt, lastEditedAt, runsInAccessGroup }: ScriptFilter,
): List {
  const where = [
    ...inScope(scope, 's'),
    ...within(sql`s.created_at`, createdAt),
    ...within(sql`s.last_edited_at`, lastEditedAt),
  ];
  if (statuses) where.push(sql`s.status = any(${texts(statuses)})`);
  if (search) where.push(contains(sql`s.title`, search));
  if (runsInAccessGroup != null) where.push(inGroupOrAbove(scope, sql`s.access_group_id`, runsInAccessGroup));
  return { columns, from: table, joins: joins(scope.accountId), alias: 's', where };
}
