import { type Connection, sql, timestamp } from '../../src/database/sql.ts';
import { databaseClock } from '../../src/repositories/store.ts';
import { aRun, insert, type TestAccount } from '../support/rows.ts';

export const COMPUTERS = 5000;
export const PROFILES = 300;
export const EXECUTIONS = 1000;
const TAGS = 300;
const FIRST = 1000;
export const RUN = 10_000;

/**
 * Creates a large account. Its profiles run every quarter of an hour, and every execution has an output of the maximum
 * size.
 */
export async function loadFleet(connection: Connection, account: TestAccount): Promise<void> {
  const now = await databaseClock(connection);
  await insert(connection, 'script', account, [{ id: FIRST }]);
  await insert(
    connection,
    'script_profile',
    account,
    Array.from({ length: PROFILES }, (_, index) => ({
      id: FIRST + index,
      scriptId: FIRST,
      allComputers: index % 10 === 0,
      tags: Array.from({ length: 10 }, (_, turn) => `tag${(index + turn * 7) % TAGS}`),
      triggerKind: 'recurring',
      timestamp: null,
      isFinished: null,
      interval: `${index % 15}-59/15 * * * *`,
      startAfter: now,
      nextRun: now,
    })),
  );
  const accountId = sql`${account.id}::bigint`;
  await connection.$executeRaw(sql`
    insert into computer (account_id, id, title, hostname, comment, status, access_group_id, requested_tags, created_at, accepted_at)
    select ${accountId}, id, 'Computer ' || id, 'computer-' || id, '', 'accepted', ${account.root.id}::bigint, '{}',
      ${timestamp(now)}, ${timestamp(now)}
    from generate_series(${FIRST}::int, ${FIRST + COMPUTERS - 1}::int) id`);
  await connection.$executeRaw(sql`
    insert into computer_tag (account_id, computer_id, tag, position)
    select ${accountId}, id, 'tag' || (id * 13 + turn * 31) % ${TAGS}::int, turn
    from generate_series(${FIRST}::int, ${FIRST + COMPUTERS - 1}::int) id, generate_series(1, 5) turn`);
  await connection.$executeRaw(sql`
    insert into script_version (account_id, script_id, number, title, interpreter, code, created_at)
    select ${accountId}, ${FIRST}::bigint, number, 'A', '/bin/sh', repeat('y', 128000), ${timestamp(now)}
    from generate_series(2, 301) number`);
  const executions = Array.from({ length: EXECUTIONS }, (_, index) => ({
    computerId: FIRST + index,
    status: 'failed',
    creationTime: now,
    completionTime: now,
  }));
  await insert(connection, 'activity', account, aRun(RUN, FIRST, executions, 'failed'));
  await connection.$executeRaw(
    sql`update activity set result_text = repeat('0123456789abcdef', 32768) where account_id = ${accountId} and parent_id = ${RUN}::bigint`,
  );
  await connection.$executeRaw(sql`
    insert into event (account_id, id, action, created_at, changes)
    select ${accountId}, id, 'SCRIPT_EDITED', ${timestamp(now)},
      json_build_object('tags', json_build_object('from', null, 'to', repeat('z', 100000)))
    from generate_series(1, 1000) id`);
}

export const firstIds = (number: number): number[] =>
  Array.from({ length: number }, (_, index) => FIRST + index);
