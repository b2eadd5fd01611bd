import type { Change } from '../domain/change.ts';
import { type Connection, sql, texts } from './sql.ts';

/** Where processes listen for what the others, and they themselves, have changed. */
export const CHANGES_CHANNEL = 'script_profile_changes';

/** Notifies of each change once, when the transaction is committed. PostgreSQL delivers them in the order of the commits. */
export async function notifyOf(connection: Connection, changes: readonly Change[]): Promise<void> {
  const payloads = [...new Set(changes.map((change) => JSON.stringify(change)))];
  if (payloads.length === 0) return;
  await connection.$executeRaw(
    sql`select pg_notify(${CHANGES_CHANNEL}, payload) from unnest(${texts(payloads)}) as payloads(payload)`,
  );
}

/** Undefined for what is no change that this version knows: anything may have changed. */
export function parseChange(payload: string): Change | undefined {
  try {
    const change = JSON.parse(payload) as Change | null;
    return change && kinds.includes(change.kind) ? change : undefined;
  } catch {
    return undefined;
  }
}

const kinds: readonly Change['kind'][] = ['scriptProfile', 'run', 'access'];
