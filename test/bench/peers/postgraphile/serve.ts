/**
 * PostGraphile 4 over the same tables. Computed columns return the values that no row contains, as its documentation
 * suggests, and so do the relations to people, which have no foreign key. Its field names differ, so `scriptProfiles` maps them before answers are compared.
 */
import { createServer } from 'node:http';
import pg from 'pg';
import { postgraphile } from 'postgraphile';
import { ready } from '../ready.ts';

const pool = new pg.Pool({ connectionString: process.env.DATABASE_URL, max: 10 });
await pool.query(`
  create or replace function script_profile_num_associated_computers(p script_profile) returns int language sql stable as $$
    select case when p.trigger_kind = 'event' then 0 else (
      select count(*)::int from computer m
      join access_group_reach r on r.account_id = p.account_id and r.below_id = m.access_group_id and r.above_id = p.access_group_id
      where m.account_id = p.account_id and m.status = 'accepted' and (p.all_computers or exists (
        select from computer_tag t where t.account_id = m.account_id and t.computer_id = m.id and t.tag = any(p.tags)))) end $$;
  create or replace function script_profile_last_activity(p script_profile) returns activity language sql stable as $$
    select * from activity a where a.account_id = p.account_id and a.script_profile_id = p.id
    order by a.creation_time desc, a.id desc limit 1 $$;
  comment on table script_profile is '@foreignKey (account_id, created_by_id) references person (account_id, id)';
  comment on table activity is '@foreignKey (account_id, creator_id) references person (account_id, id)'`);

const server = createServer(
  postgraphile(pool, 'public', {
    dynamicJson: true,
    graphiql: false,
    disableQueryLog: true,
    legacyRelations: 'omit',
  }),
);
server.listen(0, '127.0.0.1', () => ready((server.address() as { port: number }).port));
