import type { Scope } from '../domain/access.ts';
import type { Script, ScriptHead } from '../domain/script.ts';
import type { Sorted } from '../services/ports.ts';
import type { ScriptFilter, ScriptOrderField, ScriptRepository } from '../services/script-ports.ts';
import { accessGroupJson } from './access-groups.ts';
import { count, type List, page, type SortColumns } from './listing.ts';
import { personJson } from './people.ts';
import { inScope } from './scope.ts';
import {
  and,
  assignments,
  bigints,
  type Connection,
  contains,
  inOrderOf,
  insertedId,
  insertInto,
  instant,
  oneRow,
  rows,
  type Sql,
  sql,
  texts,
  timestamp,
  within,
} from './sql.ts';

const columnsWith = (code: Sql): Sql => sql`
  s.id, s.title, s.status, ${accessGroupJson('g')} as "accessGroup", s.version_number as "versionNumber", s.version,
  v.interpreter, ${code}, s.time_limit as "timeLimit", s.username,
  ${personJson('c')} as "createdBy", ${instant('s.created_at')} as "createdAt",
  ${personJson('e')} as "lastEditedBy", ${instant('s.last_edited_at')} as "lastEditedAt"`;

const columns = columnsWith(sql`octet_length(v.code) as "codeLength"`);

const table = sql`script s`;
const joins = sql`
  join access_group g on g.account_id = s.account_id and g.id = s.access_group_id
  join script_version v on v.account_id = s.account_id and v.script_id = s.id and v.number = s.version_number
  left join person c on c.account_id = s.account_id and c.id = s.created_by_id
  left join person e on e.account_id = s.account_id and e.id = s.last_edited_by_id`;

const sortColumns: SortColumns<ScriptOrderField> = {
  CREATED_AT: { name: 'created_at', type: 'timestamptz' },
  LAST_EDITED_AT: { name: 'last_edited_at', type: 'timestamptz' },
  TITLE: { name: 'title', type: 'text' },
};

const mutableColumns = (script: Omit<Script, 'id'>) => ({
  title: sql`${script.title}`,
  status: sql`${script.status}`,
  version_number: sql`${script.versionNumber}::int`,
  version: sql`${script.version}::int`,
  time_limit: sql`${script.timeLimit}::int`,
  username: sql`${script.username}`,
  last_edited_by_id: sql`${script.lastEditedBy?.id ?? null}::bigint`,
  last_edited_at: timestamp(script.lastEditedAt),
});

export const scriptRepository = (connection: Connection): ScriptRepository => {
  const select = <Row>(scope: Scope, wanted: Sql, condition: Sql) =>
    rows<Row>(
      connection,
      sql`select ${wanted} from ${table} ${joins} where ${and([...inScope(scope, 's'), condition])}`,
    );

  /** A version is written once; a save that made no new one finds it there. */
  const insertVersion = (accountId: number, script: Script) =>
    connection.$executeRaw(sql`
      ${insertInto('script_version', {
        account_id: sql`${accountId}::bigint`,
        script_id: sql`${script.id}::bigint`,
        number: sql`${script.versionNumber}::int`,
        title: sql`${script.title}`,
        interpreter: sql`${script.interpreter}`,
        code: sql`${script.code}`,
        created_by_id: sql`${script.lastEditedBy?.id ?? null}::bigint`,
        created_at: timestamp(script.lastEditedAt),
      })} on conflict do nothing`);

  return {
    page: (scope, { filter, ...listing }) =>
      page<Sorted<ScriptHead>, ScriptOrderField>(connection, list(scope, filter), sortColumns, listing),

    count: (scope, filter) => count(connection, list(scope, filter)),

    byIds: async (scope, ids) =>
      inOrderOf(ids, await select<ScriptHead>(scope, columns, sql`s.id = any(${bigints(ids)})`)),

    async forUpdate(scope, id) {
      // First locked, then read: a statement that waits joins the script as it is after the wait with the
      // versions as they were before it, and would find no script when an edit made another.
      const locking = connection.$queryRaw(
        sql`select s.id from script s where ${and(inScope(scope, 's'))} and s.id = ${id}::bigint for no key update`,
      );
      const whole = columnsWith(sql`v.code`);
      const reading = select<Script>(scope, whole, sql`s.id = ${id}::bigint`);
      const [, [script]] = await Promise.all([locking, reading]);
      return script;
    },

    titleHolder: (accountId, title) =>
      oneRow(
        connection,
        sql`select id, status, access_group_id as "accessGroupId" from script where account_id = ${accountId}::bigint and title = ${title}`,
      ),

    async insert(accountId, script) {
      const id = await insertedId(
        connection,
        insertInto('script', {
          account_id: sql`${accountId}::bigint`,
          access_group_id: sql`${script.accessGroup.id}::bigint`,
          created_by_id: sql`${script.createdBy?.id ?? null}::bigint`,
          created_at: timestamp(script.createdAt),
          ...mutableColumns(script),
        }),
      );
      await insertVersion(accountId, { ...script, id });
      return id;
    },

    async save(accountId, script) {
      await connection.$executeRaw(sql`
        update script set ${assignments(mutableColumns(script))}
        where account_id = ${accountId}::bigint and id = ${script.id}::bigint`);
      await insertVersion(accountId, script);
    },

    async overwriteVersions(accountId, id, { interpreter, code }) {
      await connection.$executeRaw(sql`
        update script_version set interpreter = ${interpreter}, code = ${code}
        where account_id = ${accountId}::bigint and script_id = ${id}::bigint`);
    },
  };
};

function list(scope: Scope, { statuses, search, createdAt, lastEditedAt }: ScriptFilter): List {
  const where = [
    ...inScope(scope, 's'),
    ...within(sql`s.created_at`, createdAt),
    ...within(sql`s.last_edited_at`, lastEditedAt),
  ];
  if (statuses) where.push(sql`s.status = any(${texts(statuses)})`);
  if (search) where.push(contains(sql`s.title`, search));
  return { columns, from: table, joins, alias: 's', where };
}
