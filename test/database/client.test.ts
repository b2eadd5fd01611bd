import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { createClient } from '../../src/database/client.ts';
import type { Database } from '../../src/database/database.ts';
import type { DatabaseDeadlines } from '../../src/database/deadlines.ts';
import { driverErrorOf } from '../../src/database/driver-error.ts';
import type { PrismaClient } from '../../src/database/generated/client.ts';
import { type Connection, raw, sql } from '../../src/database/sql.ts';
import { translatingOutages } from '../../src/database/unavailable.ts';
import { adapterOf, freshDatabase } from '../support/database.ts';
import { NO_DATABASE_DEADLINES } from '../support/deadlines.ts';

// The behaviour of Prisma's client that the repositories depend on for SQL, with the adapters of both databases.

let database: Database;
/** Uses a single connection, so that a test fails if it is not released. */
let prisma: PrismaClient;
beforeAll(async () => {
  database = await freshDatabase();
  prisma = clientWith({});
  await prisma.$executeRaw(sql`
    create table pair (id int primary key, other int references pair (id) deferrable initially deferred)`);
});
afterAll(async () => {
  await prisma.$disconnect();
  await database.close();
});
beforeEach(() => prisma.$executeRaw(sql`delete from pair`));

const clientWith = (deadlines: Partial<DatabaseDeadlines>) =>
  createClient(adapterOf(database), { ...NO_DATABASE_DEADLINES, ...deadlines });
const insert = (to: Connection, id: number, other = id) =>
  to.$executeRaw(sql`insert into pair values (${id}, ${other})`);
const ids = async () =>
  (await prisma.$queryRaw<{ id: number }[]>(sql`select id from pair order by id`)).map(({ id }) => id);
const always = async (tx: Connection): Promise<never> => {
  for (;;) await tx.$queryRaw(sql`select 1`);
};
const unavailable = { name: 'Refusal', code: 'UNAVAILABLE' };

/** A gate that opens once and can be awaited. */
function gate() {
  let open = () => {};
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { open: () => open(), opened };
}

describe('a value', () => {
  test.each<[string, unknown, unknown?]>([
    ['int', -(2 ** 31)],
    ['float8', 1.5],
    ['bigint', 2n ** 53n + 1n],
    // The form of created ids and counts.
    ['bigint', 7, 7n],
    ['text', 'é\u2028"\\\'{x}'],
    ['text', ''],
    ['text', null],
    ['boolean', true],
    ['boolean', false],
    ['bigint[]', [1, 2], [1n, 2n]],
    ['text[]', ['a', 'b"c,\\', '']],
    ['text[]', []],
    ['boolean[]', [true, false]],
    ['json', '{"a": [1, null]}', { a: [1, null] }],
  ])('of type %s: %p is sent and returned correctly', async (type, value, back = value) => {
    const query = sql`select ${value}::${raw(type)} as value`;
    expect(await prisma.$queryRaw(query)).toEqual([{ value: back }]);
  });

  test('of type time keeps its microseconds', async () => {
    const time = '2025-04-10T23:36:21.411941Z';
    const query = sql`select to_char(${time}::timestamptz, 'US') as micros`;
    expect(await prisma.$queryRaw(query)).toEqual([{ micros: '411941' }]);
  });
});

test('a statement returns its rows, or the number of rows that it changed', async () => {
  expect(await prisma.$executeRaw(sql`insert into pair values (1), (2)`)).toBe(2);
  expect(await prisma.$queryRaw(sql`select id, other from pair order by id`)).toEqual([
    { id: 1, other: null },
    { id: 2, other: null },
  ]);
  expect(await prisma.$queryRaw(sql`select id from pair where false`)).toEqual([]);
});

test('an error has the message and the code of the server', async () => {
  await insert(prisma, 1);
  await expect(insert(prisma, 1)).rejects.toThrow(/23505.*duplicate key value violates unique constraint/s);
});

describe('a transaction', () => {
  test('commits its statements, and returns the result of its work', async () => {
    expect(await prisma.$transaction((tx) => insert(tx, 1))).toBe(1);
    expect(await ids()).toEqual([1]);
  });

  test('sees commits of others before each of its statements', async () => {
    const [row] = await prisma.$transaction((tx) =>
      tx.$queryRaw<[{ level: string }]>(sql`select current_setting('transaction_isolation') as level`),
    );
    expect(row.level).toBe('read committed');
  });

  test('is rolled back if its work throws, rethrows the error, and releases its connection', async () => {
    const error = new Error('on second thoughts');
    const work = prisma.$transaction(async (tx) => {
      await insert(tx, 1);
      throw error;
    });
    await expect(work).rejects.toBe(error);
    expect(await ids()).toEqual([]);
  });

  test('is rolled back if one of its statements fails, and releases its connection', async () => {
    const work = prisma.$transaction(async (tx) => {
      await insert(tx, 1);
      await insert(tx, 1);
    });
    await expect(work).rejects.toThrow('23505');
    expect(await ids()).toEqual([]);
  });

  test('fails if its COMMIT fails, stores nothing, and releases its connection', async () => {
    const work = prisma.$transaction((tx) => insert(tx, 1, 2));
    const error = await work.catch((reason: unknown) => reason);
    expect(JSON.stringify(driverErrorOf(error))).toMatch(/violates foreign key constraint/);
    expect(await ids()).toEqual([]);
  });

  test('rejects statements after its end, because the connection may belong to another transaction', async () => {
    let finished: Connection | undefined;
    await prisma.$transaction(async (tx) => {
      finished = tx;
    });
    await expect(insert(finished!, 1)).rejects.toThrow(/already closed/i);
    expect(await ids()).toEqual([]);
  });

  test('that lasts too long is rolled back and refused as UNAVAILABLE', async () => {
    const reasons: unknown[] = [];
    const work = clientWith({ transaction: 20 }).$transaction(async (tx) => {
      await insert(tx, 1);
      return always(tx);
    });
    await expect(translatingOutages(work, (reason) => reasons.push(String(reason)))).rejects.toMatchObject(
      unavailable,
    );
    expect(reasons).toEqual([expect.stringContaining('20 ms')]);
    expect(await ids()).toEqual([]);
  });

  test('that lasts too long fails, even if its work does not notice', async () => {
    const work = clientWith({ transaction: 20 }).$transaction(async (tx) => {
      await insert(tx, 1);
      await always(tx).catch(() => {});
      return 'done';
    });
    await expect(work).rejects.toThrow('20 ms');
    expect(await ids()).toEqual([]);
  });

  test('that waits too long for a connection is refused as UNAVAILABLE, and releases a connection that arrives later', async () => {
    const [begun, waited] = [gate(), gate()];
    const holder = prisma.$transaction(async (tx) => {
      begun.open();
      await waited.opened;
      return insert(tx, 1);
    });
    await begun.opened;
    let worked = false;
    const late = clientWith({ begin: 1 }).$transaction(async () => {
      worked = true;
    });
    await expect(translatingOutages(late, () => {})).rejects.toMatchObject(unavailable);
    waited.open();
    await holder;
    await prisma.$transaction((tx) => insert(tx, 2));
    expect(await ids()).toEqual([1, 2]);
    expect(worked).toBe(false);
  });

  test('is rolled back if the client is closed', async () => {
    const closing = clientWith({});
    const [begun, closed] = [gate(), gate()];
    const work = closing.$transaction(async (tx) => {
      await insert(tx, 1);
      begun.open();
      await closed.opened;
      return insert(tx, 2);
    });
    await begun.opened;
    await closing.$disconnect();
    closed.open();
    await expect(work).rejects.toThrow();
    expect(await ids()).toEqual([]);
  });
});

test('every statement is observed, also within transactions', async () => {
  const observed: string[] = [];
  database.observe({
    statement: (text, work) => {
      observed.push(text);
      return work();
    },
  });
  await database.prisma.$transaction((tx) => tx.$queryRaw(sql`select ${1}::int`));
  await database.prisma.account.count();
  expect(observed).toEqual(['select $1::int', 'select Account']);
});
