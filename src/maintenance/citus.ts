import { type Placement, placements } from '../database/citus/placement.ts';
import type { Session } from '../database/session.ts';

/** The placement of each table that Citus knows. Undefined on a server without Citus. */
export async function placedTables(session: Session): Promise<ReadonlyMap<string, Placement> | undefined> {
  const { rows: found } = await session.query<{ exists: boolean }>(
    `select exists(select from pg_extension where extname = 'citus')`,
  );
  if (!found[0]!.exists) return undefined;
  const { rows } = await session.query<{ name: string; placement: Placement }>(`
    select relname::text as name,
      case when partmethod = 'h' then 'account' when repmodel = 't' then 'everywhere' else 'coordinator' end as placement
    from pg_dist_partition join pg_class c on c.oid = logicalrelid
    where relnamespace = current_schema()::regnamespace`);
  return new Map(rows.map(({ name, placement }) => [name, placement]));
}

/** Tables that are not distributed, although others are. Empty if the database is not distributed at all. */
export async function undistributedTables(session: Session): Promise<string[]> {
  const placed = await placedTables(session);
  const missing = missingPlacements(placed ?? new Map());
  const distributed = placements.filter(([, placement]) => placement !== 'coordinator');
  return missing.length < distributed.length ? missing : [];
}

/** Tables that are to be distributed and are not, in their order. */
export const missingPlacements = (placed: ReadonlyMap<string, Placement>): string[] =>
  placements
    .filter(([table, placement]) => placement !== 'coordinator' && placed.get(table) !== placement)
    .map(([table]) => table);
