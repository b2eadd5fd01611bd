import { type Connection, sql } from '../database/sql.ts';
import type { Person } from '../domain/accounts/person.ts';
import {
  type Activity,
  type ActivityStatus,
  countedStatuses,
  finalStatuses,
  rollUp,
  type StatusCounts,
} from '../domain/activities/activity.ts';
import { addMinutes, type Instant } from '../domain/time.ts';
import { continueFrom, insertRows } from './inserts.ts';

/** Runs and slots from before the database existed. */
export interface History {
  readonly runs: readonly PastRun[];
  readonly slots: readonly PastSlots[];
}

export interface PastRun {
  readonly scriptProfileId: number;
  readonly occasion: string;
  readonly slot: Instant | null;
  readonly createdAt: Instant;
  readonly creator: Person;
  readonly executions: readonly PastExecution[];
  /** Set only for the page's run, which is undelivered although it has no executions. */
  readonly status?: ActivityStatus;
}

export type PastExecution = Pick<
  Activity,
  'computerId' | 'status' | 'deliveryTime' | 'completionTime' | 'resultCode'
> & { readonly resultText: string | null };

/** A range of slots that fell due, with their result. */
export interface PastSlots {
  readonly scriptProfileId: number;
  readonly status: 'fired' | 'coalesced' | 'moved' | 'skipped';
  readonly reason: string | null;
  readonly firstSlot: Instant;
  readonly lastSlot: Instant;
  readonly number: number;
  /** Occasion of the run that these slots led to. */
  readonly occasion: string | null;
}

/** Writes the history with one statement for each of three tables. Ids are in chronological order. */
export async function writeHistory(
  tx: Connection,
  accountId: number,
  { runs, slots }: History,
  from: { run: number; activity: number },
): Promise<void> {
  let nextActivity = from.activity;
  const activities: object[] = [];
  const runRows: object[] = [];
  const runIds = new Map<string, number>();
  for (const run of sortedBy(runs, ({ createdAt }) => createdAt)) {
    const { scriptProfileId, occasion, slot, createdAt } = run;
    const [parent, ...children] = family(run, nextActivity);
    activities.push(parent, ...children);
    const id = from.run + runRows.length;
    runRows.push({ id, scriptProfileId, occasion, slot, createdAt, activityId: nextActivity });
    runIds.set(`${scriptProfileId} ${occasion}`, id);
    nextActivity += 1 + children.length;
  }
  const entries = sortedBy(slots, ({ firstSlot }) => firstSlot).map(({ occasion, ...entry }) => ({
    ...entry,
    runId: occasion === null ? null : runIds.get(`${entry.scriptProfileId} ${occasion}`),
  }));

  await insertRows(tx, 'activity', accountId, activities);
  await tx.$executeRaw(sql`
    update activity a set username = p.username, time_limit = p.time_limit
    from activity r join script_profile p on p.account_id = r.account_id and p.id = r.script_profile_id
    where a.account_id = ${accountId}::bigint and r.account_id = a.account_id and r.id = a.parent_id
      and a.delivery_time is not null`);
  await insertRows(tx, 'run', accountId, runRows);
  await insertRows(tx, 'slot_entry', accountId, entries);
  await continueFrom(tx, 'activity', nextActivity);
  await continueFrom(tx, 'run', from.run + runRows.length);
}

/** Minutes in which a delivered execution of the demonstration must be reported. */
const REPORT_MINUTES = 30;

/** The parent activity, which has this id, and its children, which have the following ids. */
function family(run: PastRun, id: number): [object, ...object[]] {
  const { executions, createdAt } = run;
  const counts: StatusCounts = {};
  for (const { status } of executions) counts[status] = (counts[status] ?? 0) + 1;
  const status = run.status ?? rollUp(counts);
  const isFinal = (finalStatuses as readonly string[]).includes(status);
  const ends = executions.map(({ completionTime }) => completionTime!);
  const common = {
    summary: 'Run script',
    creatorId: run.creator.id,
    creationTime: createdAt,
  };
  return [
    {
      ...common,
      id,
      parentId: null,
      type: 'ActivityGroup',
      status,
      deliveryTime: null,
      completionTime: isFinal ? [createdAt, ...ends].sort().at(-1) : null,
      resultText: null,
      resultCode: null,
      deliverDelayWindow: 0,
      scriptProfileId: run.scriptProfileId,
      computerId: null,
      scriptVersion: null,
      overdueAt: null,
      reportedAt: null,
      ...Object.fromEntries(countedStatuses.map((status) => [columnOf(status), counts[status] ?? 0])),
    },
    ...executions.map((execution, index) => ({
      ...common,
      ...execution,
      id: id + 1 + index,
      parentId: id,
      type: 'ExecuteScriptRequest',
      deliverDelayWindow: 0,
      scriptVersion: execution.deliveryTime === null ? null : 1,
      overdueAt:
        execution.status === 'delivered' ? addMinutes(execution.deliveryTime!, REPORT_MINUTES) : null,
      reportedAt: ['failed', 'succeeded'].includes(execution.status) ? execution.completionTime : null,
      // The activities of a profile are its runs. Executions are found through their run.
      scriptProfileId: null,
    })),
  ];
}

const columnOf = (status: string) => `num${status.charAt(0).toUpperCase()}${status.slice(1)}`;

/** Sorts by key. Rows with equal keys stay in their order. */
function sortedBy<Row>(rows: readonly Row[], key: (row: Row) => string): Row[] {
  return [...rows].sort((a, b) => (key(a) < key(b) ? -1 : Number(key(a) > key(b))));
}
