import { type Sql, sql } from '../../database/sql.ts';

/** The profile `p` of a run `r`. A run of a script without a profile has its own columns instead. */
export const ofRun: Sql = sql`
  left join script_profile p on p.account_id = r.account_id and p.id = r.script_profile_id`;

export const ranScript: Sql = sql`coalesce(p.script_id, r.script_id)`;
export const ranAs: Sql = sql`coalesce(p.username, r.username)`;
export const ranFor: Sql = sql`coalesce(p.time_limit, r.time_limit)`;
