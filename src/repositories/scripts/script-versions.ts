import { and, bigints, type Connection, instant, oneRow, rows, type Sql, sql } from '../../database/sql.ts';
import type { Scope } from '../../domain/accounts/access.ts';
import type { ScriptVersion } from '../../domain/scripts/script.ts';
import type { Sorted } from '../../services/listing.ts';
import type {
  ScriptVersionOrderField,
  ScriptVersionRepository,
} from '../../services/scripts/script-ports.ts';
import { personJson } from '../accounts/people.ts';
import { ofRun, ranScript } from '../activities/ran-script.ts';
import { countsOf, type List, owners, pagesOf, type SortColumns } from '../listing.ts';
import { ofSeenScript } from '../scope.ts';

const columns = sql`
  v.script_id as "scriptId", v.number, v.title, v.interpreter, octet_length(v.code) as "codeLength", ${personJson('c')} as "createdBy", ${instant('v.created_at')} as "createdAt"`;

// The number identifies a version within its script, so it serves as the id of a list.
const from = sql`
  (select *, number as id from script_version) v
  left join person c on c.account_id = v.account_id and c.id = v.created_by_id`;

const sortColumns: SortColumns<ScriptVersionOrderField> = { NUMBER: { name: 'number', type: 'bigint' } };

/** A version is visible to callers who may see its script. */
const seen = (scope: Scope): Sql[] => [
  sql`v.account_id = ${scope.accountId}::bigint`,
  ...ofSeenScript(scope, sql`v.script_id`),
];

const ofScripts = (scope: Scope): List => ({
  columns: sql`v.id, ${columns}`,
  from,
  alias: 'v',
  where: [...seen(scope), sql`v.script_id = owner.id`],
});

export const scriptVersionRepository = (connection: Connection): ScriptVersionRepository => ({
  pagesOf: (scope, scriptIds, listing) =>
    pagesOf<Sorted<ScriptVersion & { id: number }>, ScriptVersionOrderField>(
      connection,
      owners(scriptIds),
      scriptIds.length,
      ofScripts(scope),
      sortColumns,
      listing,
    ),

  countsOf: (scope, scriptIds) => countsOf(connection, scriptIds, ofScripts(scope)),

  async codes(scope, versions) {
    const [scriptIds, numbers] = [
      versions.map(({ scriptId }) => scriptId),
      versions.map(({ number }) => number),
    ];
    const found = await rows<{ n: number; code: string }>(
      connection,
      sql`
        select wanted.n, v.code
        from unnest(${bigints(scriptIds)}, ${bigints(numbers)}) with ordinality as wanted(script_id, number, n)
        join script_version v on v.script_id = wanted.script_id and v.number = wanted.number
        where ${and(seen(scope))}`,
    );
    const codes = new Map(found.map(({ n, code }) => [n, code]));
    return versions.map((_, index) => codes.get(index + 1));
  },

  async ofExecutions(scope, activityIds) {
    const found = await rows<{ activityId: number; version: ScriptVersion }>(
      connection,
      sql`
        select a.id as "activityId", row_to_json(given) as version
        from activity a
        join activity r on r.account_id = a.account_id and r.id = a.parent_id
        ${ofRun}
        cross join lateral (
          select ${columns} from ${from}
          where ${and(seen(scope))} and v.script_id = ${ranScript} and v.number = a.script_version) given
        where a.account_id = ${scope.accountId}::bigint and a.id = any(${bigints(activityIds)})`,
    );
    const versions = new Map(found.map(({ activityId, version }) => [activityId, version]));
    return activityIds.map((id) => versions.get(id));
  },

  byNumber: (scope, scriptId, number) =>
    oneRow<ScriptVersion>(
      connection,
      sql`
        select ${columns} from ${from}
        where ${and(seen(scope))} and v.script_id = ${scriptId}::bigint and v.number = ${number}::int`,
    ),
});
