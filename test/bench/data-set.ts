import type pg from 'pg';

/** Size of the data of a section. The rows are the same on every machine and in every run. */
export interface DataSet {
  readonly accounts: number;
  /** Number in the first account. Each of the other accounts has ten. */
  readonly profiles: number;
  readonly computers: number;
  /** Number of runs and executions together, in the first account. */
  readonly activities: number;
}

export const EMAIL = 'bench@example.com';
export const ACCOUNT = 'account-1';

/** Number of executions of each run. */
const EXECUTIONS = 9;

/**
 * Fills an empty, migrated database through `bare`. All values are derived from row numbers, so nothing depends on
 * chance or the time. The profiles of an account have forty different targets: some match all computers of a group, the
 * others two tags.
 */
export async function loadDataSet(bare: pg.Client, set: DataSet): Promise<void> {
  const run = (text: string, values: unknown[] = []) => bare.query(text, values);
  await run('BEGIN');
  await run(
    `INSERT INTO account (name, title, created_at)
     SELECT 'account-' || n, 'Account ' || n, '2025-01-01Z' FROM generate_series(1, $1::int) n`,
    [set.accounts],
  );
  await run(
    `INSERT INTO script_profile_limits (account_id, max_num_profiles, max_num_computers)
     SELECT id, 1000000, 1000000 FROM account`,
  );
  await run(
    `INSERT INTO person (account_id, email, name, created_at) SELECT id, $1, 'Jane Bench', '2025-01-01Z' FROM account`,
    [EMAIL],
  );
  await run(
    `INSERT INTO role (account_id, name, description, is_global_admin)
     SELECT id, 'GlobalAdmin', 'All permissions in the whole account.', true FROM account`,
  );
  await run(
    `INSERT INTO role_person (account_id, role_id, person_id)
     SELECT account_id, r.id, p.id FROM role r JOIN person p USING (account_id)`,
  );
  await run(`INSERT INTO access_group (account_id, name, title) SELECT id, 'global', 'Global' FROM account`);
  await run(
    `INSERT INTO access_group (account_id, name, title, parent_id)
     SELECT g.account_id, below, initcap(below), g.id FROM access_group g, unnest('{server,desktop,edge}'::text[]) below`,
  );
  await run(
    `INSERT INTO access_group_reach (account_id, above_id, below_id)
     SELECT account_id, id, id FROM access_group
     UNION ALL SELECT account_id, parent_id, id FROM access_group WHERE parent_id IS NOT NULL`,
  );
  await run(
    `INSERT INTO script (account_id, title, access_group_id, created_by_id, created_at, last_edited_at)
     SELECT g.account_id, 'Script of ' || g.name, g.id, p.id, '2025-01-01Z', '2025-01-01Z'
     FROM access_group g JOIN person p USING (account_id)`,
  );
  await run(
    `INSERT INTO script_version (account_id, script_id, number, title, interpreter, code, created_by_id, created_at)
     SELECT account_id, id, 1, title, '/bin/sh', E'echo done\\n', created_by_id, created_at FROM script`,
  );
  await run(
    `INSERT INTO computer (account_id, title, hostname, status, access_group_id, created_at, accepted_at)
     SELECT g.account_id, 'Computer ' || n, 'computer-' || n, 'accepted', g.id, '2025-01-01Z', '2025-01-01Z'
     FROM (SELECT account_id, array_agg(id ORDER BY id) AS ids FROM access_group GROUP BY account_id) groups
     CROSS JOIN LATERAL generate_series(1, CASE account_id WHEN 1 THEN $1::int ELSE 10 END) n
     JOIN access_group g ON g.account_id = groups.account_id AND g.id = ids[1 + n % 4]`,
    [set.computers],
  );
  await run(
    `INSERT INTO computer_tag (account_id, computer_id, tag, position)
     SELECT account_id, id, 'tag-' || (id + position * 7) % 20, position FROM computer, generate_series(0, 2) position`,
  );
  await run(
    `INSERT INTO script_profile (account_id, title, script_id, access_group_id, created_by_id, created_at,
       last_edited_at, all_computers, tags, time_limit, username, trigger_kind, event_type, timestamp, is_finished,
       interval, start_after, next_run, last_run)
     SELECT s.account_id, 'Profile ' || n, s.id, s.access_group_id, s.created_by_id, at, at,
       n % 5 = 0, CASE WHEN n % 5 = 0 THEN '{}' ELSE ARRAY['tag-' || n % 20, 'tag-' || (n + 3) % 20] END,
       300, 'root', kind,
       CASE kind WHEN 'event' THEN 'post_enrollment' END,
       CASE kind WHEN 'one_time' THEN '2035-01-01Z'::timestamptz END, CASE kind WHEN 'one_time' THEN false END,
       CASE kind WHEN 'recurring' THEN '0 8 * * *' END, CASE kind WHEN 'recurring' THEN '2035-01-01Z'::timestamptz END,
       CASE kind WHEN 'event' THEN NULL ELSE '2035-01-01T08:00:00Z'::timestamptz END, '2025-06-01Z'
     FROM (SELECT account_id, array_agg(id ORDER BY id) AS ids FROM script GROUP BY account_id) scripts
     CROSS JOIN LATERAL generate_series(1, CASE account_id WHEN 1 THEN $1::int ELSE 10 END) n
     CROSS JOIN LATERAL (SELECT '2025-01-01Z'::timestamptz + n * interval '61.000123 s' AS at,
       (ARRAY['recurring', 'one_time', 'event', 'recurring'])[1 + n % 4] AS kind) made
     JOIN script s ON s.account_id = scripts.account_id AND s.id = ids[1 + n % 4]`,
    [set.profiles],
  );
  await run(
    `INSERT INTO activity (account_id, type, summary, status, creator_id, creation_time, completion_time,
       script_profile_id, num_undelivered, num_delivered, num_canceled, num_failed, num_succeeded)
     SELECT p.account_id, 'ActivityGroup', 'Run script', 'succeeded', p.created_by_id, at, at + interval '5 min',
       p.id, 0, 0, 0, 0, $2::int
     FROM generate_series(1, $1::int) n
     JOIN (SELECT *, row_number() OVER (ORDER BY id) AS at_row FROM script_profile WHERE account_id = 1) p
       ON at_row = 1 + n % $3::int
     CROSS JOIN LATERAL (SELECT '2025-02-01Z'::timestamptz + n * interval '7 s' AS at) made`,
    [Math.floor(set.activities / (EXECUTIONS + 1)), EXECUTIONS, set.profiles],
  );
  await run(
    `INSERT INTO activity (account_id, type, summary, status, creator_id, creation_time, completion_time, delivery_time,
       parent_id, computer_id)
     SELECT account_id, 'ExecuteScriptRequest', summary, status, creator_id, creation_time, completion_time,
       creation_time, id, 1 + (id * 13 + n) % $2::int
     FROM activity, generate_series(1, $1::int) n WHERE type = 'ActivityGroup'`,
    [EXECUTIONS, set.computers],
  );
  await run('COMMIT');
  await run('VACUUM ANALYZE');
}
