import { sql } from '../../src/database/sql.ts';
import type { Clock } from '../../src/repositories/store.ts';

/** The database's clock, moved by an offset that all processes share. */
export const chaosClock: Clock = async (connection) => {
  const [answer] = await connection.$queryRaw<[{ now: string }]>(sql`
    select to_char((clock_timestamp() + "offset") at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as now
    from chaos_clock`);
  return answer.now;
};

export const CREATE_CLOCK = 'CREATE TABLE chaos_clock ("offset" interval NOT NULL)';
