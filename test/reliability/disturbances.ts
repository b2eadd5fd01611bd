import type pg from 'pg';
import type { Instant } from '../../src/domain/time.ts';
import { CLOCK_CHANNEL } from '../../src/repositories/activities/runs.ts';
import { holdsWithin } from './load.ts';

/** Application name of the driver's own connections, which are never cut. */
export const DRIVER = 'chaos-driver';

/** Moves the time of all replicas, and returns the new time. */
export async function moveClock(driver: pg.Pool, minutes: number): Promise<Instant> {
  const { rows } = await driver.query(
    `UPDATE chaos_clock SET "offset" = "offset" + $1 * interval '1 minute'
     RETURNING to_char((clock_timestamp() + "offset") AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS now`,
    [minutes],
  );
  await driver.query(`NOTIFY ${CLOCK_CHANNEL}`);
  return rows[0].now;
}

/** Cuts some of the servers' connections, including those that listen. Returns their number. */
export async function cutConnections(driver: pg.Pool, isChosen: () => boolean): Promise<number> {
  const { rows } = await driver.query(
    `SELECT pid FROM pg_stat_activity
     WHERE datname = current_database() AND application_name <> $1 AND backend_type = 'client backend' ORDER BY pid`,
    [DRIVER],
  );
  const chosen = rows.filter(isChosen).map(({ pid }) => pid);
  await driver.query('SELECT pg_terminate_backend(pid) FROM unnest($1::int[]) AS pid', [chosen]);
  return chosen.length;
}

export async function dueCount(driver: pg.Pool): Promise<number> {
  const { rows } = await driver.query(
    'SELECT count(*)::int AS due FROM script_profile, chaos_clock WHERE next_run <= clock_timestamp() + "offset"',
  );
  return rows[0].due;
}

export async function overdueCount(driver: pg.Pool): Promise<number> {
  const { rows } = await driver.query(
    `SELECT count(*)::int AS overdue FROM activity WHERE result_text LIKE 'The computer did not report%'`,
  );
  return rows[0].overdue;
}

/** Waits until no profile is due. Returns false if that takes too long. */
export async function drained(driver: pg.Pool, withinMs: number): Promise<boolean> {
  if (await holdsWithin(withinMs, async () => (await dueCount(driver)) === 0)) return true;
  // The notification may have been lost with a connection that was cut.
  await driver.query(`NOTIFY ${CLOCK_CHANNEL}`);
  return false;
}
