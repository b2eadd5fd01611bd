import type pg from 'pg';
import type { FleetAgent } from './agent-fleet.ts';
import { brokenRules } from './broken-rules.ts';

/** Known facts about the restored backup. */
export interface Restored {
  /** Last number of an execution in the backup. */
  readonly last: number;
  /** Last number that is skipped after the restore. */
  readonly lost: number;
  /** Executions whose results agents reported before the restore. */
  readonly acknowledged: ReadonlySet<number>;
}

export interface AgentFindings {
  readonly faults: string[];
  readonly executions: number;
  /** Executions that are stored as their agent reported them. */
  readonly reported: number;
  readonly afterRestore: number;
  /** Scripts that ran, but were stored only in the lost part of the database. */
  readonly gone: number;
  /** Executions of the backup whose result was stored only in the lost part. */
  readonly forgotten: number;
  /** Executions of the backup that were not delivered again, because they may have been delivered after the backup. */
  readonly inDoubt: number;
}

interface Row {
  readonly id: number;
  readonly status: string;
  readonly text: string | null;
  readonly reported: boolean;
}

const IN_DOUBT = /It may have run this script/;

/** Compares the stored executions with the actions of the agents. A loss is a fault unless it was in the lost part. */
export async function agentFindings(
  driver: pg.Pool,
  known: {
    readonly agents: readonly FleetAgent[];
    readonly runs: readonly number[];
    readonly restored: Restored;
    readonly accountId: number;
  },
): Promise<AgentFindings> {
  const { agents, restored } = known;
  const faults: string[] = await brokenRules(driver);
  const counts = { executions: 0, reported: 0, afterRestore: 0, gone: 0, forgotten: 0, inDoubt: 0 };
  const { rows } = await driver.query<Row & { computer: number; parent: number }>(
    `SELECT id::float8, parent_id::float8 AS parent, computer_id::int AS computer, status, result_text AS text,
       reported_at IS NOT NULL AS reported
     FROM activity WHERE account_id = $1 AND parent_id IS NOT NULL AND computer_id IS NOT NULL`,
    [known.accountId],
  );
  const agentOf = new Map(agents.map((agent) => [agent.computerId, agent]));
  for (const row of rows) {
    const agent = agentOf.get(row.computer);
    if (!agent) {
      faults.push(`Execution ${row.id} belongs to computer ${row.computer}, which no agent has`);
      continue;
    }
    counts.executions += 1;
    if (row.id > restored.last) counts.afterRestore += 1;
    const what = judge(row, agent, restored);
    if (what === 'reported' || what === 'forgotten' || what === 'inDoubt') counts[what] += 1;
    else faults.push(`Execution ${row.id} of computer ${row.computer} ${what}: ${row.status}, ${row.text}`);
  }
  const stored = new Set(rows.flatMap(({ id, parent }) => [id, parent]));
  const isLost = (id: number) => id > restored.last && id <= restored.lost;
  for (const { computerId, started } of agents)
    for (const [id, times] of started) {
      if (times > 1) faults.push(`Execution ${id} ran ${times} times on computer ${computerId}`);
      if (stored.has(id)) continue;
      if (isLost(id)) counts.gone += 1;
      else faults.push(`Execution ${id} ran on computer ${computerId} and is not stored`);
    }
  for (const id of known.runs)
    if (!stored.has(id) && !isLost(id)) faults.push(`Run ${id} was acknowledged and is not stored`);
  return { faults, ...counts };
}

/** Returns the name of the count to increase, or a description of the fault. */
function judge({ id, status, text, reported }: Row, agent: FleetAgent, restored: Restored): string {
  const succeeded = agent.results.get(id);
  const isInBackup = id <= restored.last;
  const isInDoubt = isInBackup && status === 'failed' && IN_DOUBT.test(text ?? '');
  if (succeeded === undefined) return isInDoubt ? 'inDoubt' : 'never ran';
  if (!reported) {
    if (!isInBackup || !restored.acknowledged.has(id)) return 'lost its result';
    return isInDoubt ? 'inDoubt' : 'forgotten';
  }
  const isRight = status === (succeeded ? 'succeeded' : 'failed') && text === String(id);
  return isRight ? 'reported' : `has another result than ${succeeded}`;
}
