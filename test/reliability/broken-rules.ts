import type pg from 'pg';
import { rules } from '../../src/maintenance/rules.ts';

/** The doctor's findings in the rows, whatever happened to the servers. */
export async function brokenRules(client: Pick<pg.Client, 'query'>): Promise<string[]> {
  const faults: string[] = [];
  const now = new Date().toISOString();
  for (const { about, says, broken } of rules) {
    if (about !== 'rows') continue;
    const { text, values } = broken(now);
    const { rows } = await client.query(text, values as unknown[]);
    if (rows.length > 0) faults.push(`${rows.length} ${says}: ${rows.slice(0, 5).map(({ what }) => what)}`);
  }
  return faults;
}
