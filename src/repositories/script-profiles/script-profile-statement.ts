import { type Connection, empty, rows, type Sql, sql } from '../../database/sql.ts';
import { associationTarget, type ScriptProfile } from '../../domain/script-profiles/script-profile.ts';
import type { Columns } from '../../services/listing.ts';
import type {
  ScriptProfileExtras,
  WantedExtras,
} from '../../services/script-profiles/script-profile-ports.ts';
import { lastActivityJson } from '../activities/activities.ts';
import { type Counted, countsOfTargets, countsReached } from '../computers/reach.ts';

interface Answer<Row> {
  readonly rows: Row[] | null;
  readonly counted?: Counted[] | null;
  readonly total?: number;
}

/**
 * The columns that `associationTarget` and the statement below need, in addition to the requested columns of the group.
 */
export const countedBy = ({ accessGroup }: Columns<ScriptProfile>): Columns<ScriptProfile> => ({
  ...{ archived: true, trigger: true, allComputers: true, tags: true },
  accessGroup: accessGroup === true ? true : [...(accessGroup ?? []), 'id'],
});

/**
 * Reads the profiles of a query and the requested extras in one statement, because every statement costs a round trip.
 * Each target is counted once, however many of the profiles share it.
 */
export async function readProfiles<Row extends ScriptProfile>(
  connection: Connection,
  profiles: Sql,
  { reached, lastActivity, total }: WantedExtras & { readonly total?: Sql },
): Promise<{ readonly rows: readonly (Row & ScriptProfileExtras)[]; readonly total?: number }> {
  if (!reached && !lastActivity && !total) return { rows: await rows<Row>(connection, profiles) };
  const last = lastActivity
    ? sql`, ${lastActivityJson(lastActivity.scope, lastActivity.columns)} as "lastActivity"`
    : empty;
  // Materialized, because PostgreSQL might otherwise count again for every target.
  const counting = reached
    ? sql`,
      target as materialized (
        select row_number() over () as n, alike.* from (
          select distinct ("accessGroup"->>'id')::bigint as access_group_id, "allComputers" as all_computers, tags
          from page where not archived and trigger->>'kind' <> 'event') alike),
      counted as materialized (${countsReached(reached, sql`select * from target`)})`
    : empty;
  const counts = reached
    ? sql`, (
        select json_agg(json_build_object('all', counted.all, 'seen', counted.seen, 'target', json_build_object(
          'accessGroupId', target.access_group_id, 'allComputers', target.all_computers, 'tags', target.tags)))
        from target join counted using (n)) as counted`
    : empty;
  // Each column is separate JSON, because PostgreSQL would copy all of it again into a common object.
  const all = total ? sql`, to_json((${total})) as total` : empty;
  const [answer] = await connection.$queryRaw<[Answer<Row>]>(
    sql`
      with page as materialized (${profiles}) ${counting}
      select (
        select json_agg(row_to_json(row)) from (select owner.* ${last} from page owner) row) as rows ${counts} ${all}`,
  );
  const found = answer.rows ?? [];
  if (!reached) return { rows: found, total: answer.total };
  const counted = countsOfTargets(found.map(associationTarget), answer.counted ?? []);
  return {
    rows: found.map((row, index) => Object.assign(row, { reached: counted[index]! })),
    total: answer.total,
  };
}
