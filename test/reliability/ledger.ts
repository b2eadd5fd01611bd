import pg from 'pg';
import { brokenRules } from './broken-rules.ts';
import { holdsWithin } from './load.ts';
import type { Workload } from './workload.ts';

const DRAINED_WITHIN_MS = 90_000;

/** Compares the database with the acknowledged requests: none is lost or duplicated, and every slot occurs once. */
export async function judge(databaseUrl: string, load: Workload) {
  const client = new pg.Client({ connectionString: databaseUrl });
  client.on('error', () => {});
  await client.connect();
  const faults: string[] = [];
  const rows = async (sql: string, ...values: unknown[]) => (await client.query(sql, values)).rows;
  try {
    const due = 'SELECT FROM script_profile WHERE next_run <= clock_timestamp()';
    if (!(await holdsWithin(DRAINED_WITHIN_MS, async () => (await rows(due)).length === 0)))
      faults.push('Profiles stayed due.');
    // Takes and reports the executions of the last runs, too.
    while ((await load.fleet.round()) > 0) {}

    const titles = await rows(`SELECT id::int, title FROM script_profile WHERE title LIKE 'Load %'`);
    const byTitle = new Map(titles.map(({ id, title }) => [title, id]));
    for (const [key, id] of load.created)
      if (byTitle.get(`Load ${key}`) !== id)
        faults.push(`The profile ${id} was acknowledged, and is not there.`);
    if (byTitle.size !== load.created.size)
      faults.push(`${byTitle.size} profiles were made, and ${load.created.size} acknowledged.`);

    const notOnce = await rows(
      `SELECT p.id, (SELECT count(*) FROM run r WHERE r.account_id = p.account_id AND r.script_profile_id = p.id AND r.slot IS NOT NULL) AS runs,
         (SELECT array_agg(status || ' ' || number) FROM slot_entry s WHERE s.account_id = p.account_id AND s.script_profile_id = p.id) AS ledger
       FROM script_profile p WHERE p.title LIKE 'Load %' AND p.timestamp <= clock_timestamp() AND (
         (SELECT count(*) FROM run r WHERE r.account_id = p.account_id AND r.script_profile_id = p.id AND r.slot = p.timestamp) <> 1
         OR (SELECT array_agg(status || ' ' || number) FROM slot_entry s WHERE s.account_id = p.account_id AND s.script_profile_id = p.id) <> ARRAY['fired 1'])`,
    );
    for (const row of notOnce) faults.push(`A slot was not run exactly once: ${JSON.stringify(row)}`);
    const hand = await rows(`SELECT activity_id::int AS id FROM run WHERE occasion LIKE 'hand:%'`);
    const byHand = new Set(hand.map(({ id }) => id));
    for (const id of load.runByHand.values())
      if (!byHand.has(id)) faults.push(`The run ${id} was acknowledged, and is not there.`);
    if (hand.length !== load.runByHand.size)
      faults.push(`${hand.length} runs were made by hand, and ${load.runByHand.size} acknowledged.`);

    faults.push(...(await brokenRules(client)));
    const [executed] = await rows(
      `SELECT count(*) FILTER (WHERE reported_at IS NOT NULL)::int AS reported, count(*) FILTER (WHERE status IN ('undelivered', 'delivered'))::int AS open
       FROM activity WHERE computer_id IN (SELECT id FROM computer WHERE hostname LIKE 'fleet-%')`,
    );
    if (executed.reported !== load.fleet.counts.taken)
      faults.push(`${load.fleet.counts.taken} executions were run, and ${executed.reported} are reported.`);
    if (executed.open > 0) faults.push(`${executed.open} executions stayed open.`);

    const runs = await rows(
      `SELECT id::int FROM activity WHERE parent_id IS NULL AND script_profile_id IN (SELECT id FROM script_profile WHERE title LIKE 'Load %')`,
    );
    const missed = runs.filter(({ id }) => !load.receivedRuns.has(id)).length;
    return { faults, profiles: titles.length, runs: runs.length, executions: executed.reported, missed };
  } finally {
    await client.end();
  }
}
