import type pg from 'pg';
import { brokenRules } from './broken-rules.ts';
import { expectedSlots, ms } from './expected.ts';
import type { Fleet } from './fleet.ts';
import { type Known, SPACING, type World } from './world.ts';

/** Milliseconds. If a run and a change are closer than this, their times do not show which was first. */
const MEETING = 60_000;
const MINUTE = 60_000;

interface RunRow {
  readonly id: number;
  readonly profile: number;
  readonly occasion: string;
  readonly slot: number | null;
  readonly createdAt: number;
  /** Numbers of the computers with an execution, in order. */
  readonly computers: number[];
  readonly status: string;
}

interface EntryRow {
  readonly profile: number;
  readonly status: string;
  readonly reason: string | null;
  readonly firstSlot: number;
  readonly lastSlot: number;
  readonly number: number;
  readonly runId: number | null;
}

export interface Findings {
  readonly faults: string[];
  readonly runs: number;
  readonly slots: number;
  /** Slots that were skipped because the last run was in progress. */
  readonly overlaps: number;
  /** Reported executions, and executions that were given up as overdue. */
  readonly reports: number;
  readonly overdue: number;
}

/** Compares the database with the known profiles. All profiles are archived, so each ledger is complete. */
export async function findings(driver: pg.Pool, world: World, fleet: Fleet): Promise<Findings> {
  const faults: string[] = [];
  const runs = await runRows(driver);
  const entries = await entryRows(driver);
  let slots = 0;
  for (const profile of world.profiles) {
    const own = runs.filter((run) => run.profile === profile.id);
    const ledger = entries.filter((entry) => entry.profile === profile.id);
    const complain = (what: string) => faults.push(`Profile ${profile.id} (${profile.kind}): ${what}`);
    slots += checkLedger(profile, ledger, complain);
    checkFired(ledger, own, complain);
    checkTimes(profile, own, complain);
    checkChildren(profile, own, world, complain);
    for (const key of profile.handKeys) {
      const made = own.filter(({ occasion }) => occasion.startsWith(`hand:${world.personId}:${key}:`)).length;
      if (made !== 1) complain(`${made} runs for the key ${key}`);
    }
  }
  for (const { id, status } of runs) if (!isOver(status)) faults.push(`Run ${id} is ${status} at the end`);
  faults.push(...(await brokenRules(driver)));
  await checkEnrolments(driver, world, runs, faults);
  const { rows } = await driver.query(
    `SELECT count(*)::int AS lost FROM activity a WHERE parent_id IS NULL AND NOT EXISTS (
       SELECT FROM run WHERE run.account_id = a.account_id AND run.activity_id = a.id)`,
  );
  if (rows[0].lost > 0) faults.push(`${rows[0].lost} parents belong to no run`);
  const overlaps = entries
    .filter(({ reason }) => reason === 'overlap')
    .reduce((sum, { number }) => sum + number, 0);
  return { faults, runs: runs.length, slots, overlaps, ...(await checkExecutions(driver, fleet, faults)) };
}

const isOver = (status: string) => ['succeeded', 'failed', 'canceled'].includes(status);

type Complain = (what: string) => void;

function checkLedger(profile: Known, ledger: readonly EntryRow[], complain: Complain): number {
  if (profile.kind === 'event') return 0;
  const { due, perhaps } = expectedSlots(profile);
  const all = [...due, ...perhaps].sort((a, b) => a - b);
  const entered = new Map<number, number>();
  for (const { status, firstSlot, lastSlot, number } of ledger) {
    const covered = all.filter((slot) => slot >= firstSlot && slot <= lastSlot);
    // If two triggers may own a minute, an entry may count one slot less.
    const unsure = covered.filter((slot) => perhaps.has(slot)).length;
    if (number > covered.length || number < covered.length - unsure) {
      complain(`${show(firstSlot)} to ${show(lastSlot)} ${status}: ${number} slots, not ${covered.length}`);
    }
    for (const slot of covered) entered.set(slot, (entered.get(slot) ?? 0) + 1);
  }
  for (const slot of due) {
    const times = entered.get(slot) ?? 0;
    if (times !== 1) complain(`the slot ${show(slot)} is in the ledger ${times} times`);
  }
  for (const slot of perhaps)
    if ((entered.get(slot) ?? 0) > 1) complain(`the slot ${show(slot)} is in the ledger more than once`);
  return due.size;
}

function checkFired(ledger: readonly EntryRow[], runs: readonly RunRow[], complain: Complain): void {
  const fired = ledger.filter(({ status }) => status === 'fired');
  for (const { firstSlot, number, runId } of fired) {
    const made = runs.filter(({ slot }) => slot === firstSlot);
    if (number !== 1 || made.length !== 1 || made[0]!.id !== runId) {
      complain(`the slot ${show(firstSlot)} was fired, and has ${made.length} runs`);
    }
  }
  const bySlot = runs.filter(({ slot }) => slot !== null);
  if (bySlot.length !== fired.length) complain(`${bySlot.length} runs for ${fired.length} slots fired`);
}

function checkTimes(profile: Known, runs: readonly RunRow[], complain: Complain): void {
  const bySlot = runs.filter(({ slot }) => slot !== null).sort((a, b) => a.createdAt - b.createdAt);
  bySlot.forEach(({ slot, createdAt }, index) => {
    if (slot! > createdAt) complain(`the slot ${show(slot!)} was fired before its time`);
    const before = bySlot[index - 1]?.slot;
    if (profile.kind === 'recurring' && before != null && slot! - before < SPACING * MINUTE) {
      complain(`the runs of ${show(before)} and ${show(slot!)} are too near to each other`);
    }
    for (const { from, until } of profile.pauses) {
      const inPause = createdAt > ms(from) + MEETING && (until === null || createdAt < ms(until));
      if (inPause) complain(`was fired at ${show(createdAt)}, in a pause`);
    }
  });
  const late = runs.find(({ createdAt }) => createdAt > ms(profile.archivedAt!) + MEETING);
  if (late) complain(`was run at ${show(late.createdAt)}, after it was archived`);
}

function checkChildren(profile: Known, runs: readonly RunRow[], world: World, complain: Complain): void {
  if (profile.kind === 'event') return;
  const reached = (tags: readonly string[] | null) =>
    [...world.computers].flatMap(([id, has]) => (!tags || tags.some((tag) => has.includes(tag)) ? [id] : []));
  for (const { id, createdAt, computers } of runs) {
    const rules = profile.reach.filter(({ since }, index) => {
      const next = profile.reach[index + 1];
      const made = ms(since) <= createdAt || wasRelived(world, createdAt, ms(since));
      return made && (!next || createdAt < ms(next.since) + MEETING);
    });
    if (!rules.some(({ tags }) => String(reached(tags)) === String(computers))) {
      complain(
        `run ${id} has the computers ${computers}, not ${rules.map(({ tags }) => reached(tags)).join(' or ')}`,
      );
    }
  }
}

/** Whether the clock was set back across both times, so that they do not show which was first. */
const wasRelived = ({ relived }: World, earlier: number, later: number): boolean =>
  relived.some(({ from, until }) => ms(from) <= earlier && later <= ms(until));

/**
 * A computer's results must be stored as reported. The first report counts, even if the execution was canceled or given
 * up.
 */
async function checkExecutions(driver: pg.Pool, fleet: Fleet, faults: string[]) {
  const { rows } = await driver.query(
    `SELECT id::int, status, reported_at IS NOT NULL AS reported, result_text LIKE 'The computer did not report%' AS overdue
     FROM activity WHERE parent_id IS NOT NULL`,
  );
  for (const { id, status, reported } of rows) {
    const succeeded = fleet.ran.get(id);
    const complain = (what: string) => faults.push(`Execution ${id} ${what}`);
    if (reported && status !== (succeeded ? 'succeeded' : 'failed'))
      complain(`is ${status}, and was ${succeeded}`);
    if (reported && succeeded === undefined) complain('is reported, and was never run');
    if (!reported && fleet.reported.has(id)) complain('lost its report');
    if (!reported && status === 'succeeded') complain('succeeded without a report');
  }
  const known = new Set(rows.map(({ id }) => id));
  for (const id of fleet.ran.keys()) if (!known.has(id)) faults.push(`Execution ${id} is gone`);
  const number = (which: (row: { reported: boolean; overdue: boolean | null }) => boolean) =>
    rows.filter(which).length;
  return { reports: number(({ reported }) => reported), overdue: number(({ overdue }) => overdue === true) };
}

/** Each event profile must have run once for each computer that was accepted in its group or below. */
async function checkEnrolments(
  driver: pg.Pool,
  world: World,
  runs: readonly RunRow[],
  faults: string[],
): Promise<void> {
  const { rows } = await driver.query(
    "SELECT id::int FROM computer WHERE status = 'accepted' AND NOT id = ANY($1) ORDER BY id",
    [[...world.computers.keys()]],
  );
  for (const { id: profile } of world.profiles.filter(({ kind }) => kind === 'event')) {
    const own = runs.filter((run) => run.profile === profile);
    const ran = own.map(({ occasion, computers }) => `${occasion} on ${computers}`).sort();
    const due = rows.map(({ id }) => `enrol:${id} on ${id}`).sort();
    if (String(ran) !== String(due)) faults.push(`Event profile ${profile} ran ${ran}, not ${due}`);
  }
}

const show = (time: number): string => new Date(time).toISOString();

async function runRows(driver: pg.Pool): Promise<RunRow[]> {
  const { rows } = await driver.query(`
    SELECT run.id::int, run.script_profile_id::int AS profile, run.occasion,
      (extract(epoch FROM run.slot) * 1000)::float8 AS slot,
      (extract(epoch FROM run.created_at) * 1000)::float8 AS "createdAt",
      parent.status,
      array(SELECT c.computer_id::int FROM activity c
        WHERE c.account_id = run.account_id AND c.parent_id = run.activity_id ORDER BY c.computer_id) AS computers
    FROM run
    JOIN activity parent ON parent.account_id = run.account_id AND parent.id = run.activity_id
      AND parent.parent_id IS NULL AND parent.script_profile_id = run.script_profile_id
    ORDER BY run.id`);
  return rows;
}

async function entryRows(driver: pg.Pool): Promise<EntryRow[]> {
  const { rows } = await driver.query(`
    SELECT script_profile_id::int AS profile, status, reason, number, run_id::int AS "runId",
      (extract(epoch FROM first_slot) * 1000)::float8 AS "firstSlot",
      (extract(epoch FROM last_slot) * 1000)::float8 AS "lastSlot"
    FROM slot_entry ORDER BY id`);
  return rows;
}
