import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { connectionOver, type TransactionalConnection } from '../../src/persistence/connection.ts';
import type { Database } from '../../src/persistence/database.ts';
import type { DatabaseDeadlines } from '../../src/persistence/deadlines.ts';
import { type Connection, raw, sql } from '../../src/persistence/sql.ts';
import { whileAvailable } from '../../src/persistence/unavailable.ts';
import { adapterOf, freshDatabase, isOnPostgresql } from '../support/database.ts';
import { NO_DATABASE_DEADLINES } from '../support/deadlines.ts';

let database: Database;
/** Over one connection on either database, so that one which is not given back is missed. */
let connection: TransactionalConnection & { close(): Promise<void> };
const connectionWith = (deadlines: Partial<DatabaseDeadlines>) =>
  connectionOver(adapterOf(database), { ...NO_DATABASE_DEADLINES, ...deadlines });
beforeAll(async () => {
  database = await freshDatabase();
  connection = connectionWith({});
  await connection.$executeRaw(sql`
    create table pair (id int primary key, other int references pair (id) deferrable initially deferred)`);
});
afterAll(async () => {
  await connection.close();
  await database.close();
});
beforeEach(() => connection.$executeRaw(sql`delete from pair`));

const insert = (to: Connection, id: number, other = id) =>
  to.$executeRaw(sql`insert into pair values (${id}, ${other})`);
const ids = async () =>
  (await connection.$queryRaw<{ id: number }[]>(sql`select id from pair order by id`)).map(({ id }) => id);
const always = async (tx: Connection): Promise<never> => {
  for (;;) await tx.$queryRaw(sql`select 1`);
};
const unavailable = { name: 'Refusal', code: 'UNAVAILABLE' };

/** What can be opened once, and waited for. */
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
    // As every id comes that is made, and every count.
    ['bigint', 7, 7n],
    ['text', 'é\u2028"\\\'{x}'],
    ['text', ''],
    ['text', null],
    ['text', undefined, null],
    ['boolean', true],
    ['boolean', false],
    ['bigint[]', [1, 2], [1n, 2n]],
    ['bigint[]', [1n, null]],
    ['text[]', ['a', 'b"c,\\', '', null]],
    ['text[]', []],
    ['boolean[]', [true, false]],
    ['json', '{"a": [1, null]}', { a: [1, null] }],
    ['jsonb', { a: [1, null] }],
    ['numeric', '12345678901234567890.5'],
    ['timestamptz', '2025-04-10T23:36:21.411941Z', '2025-04-10T23:36:21.411941+00:00'],
    ['timestamptz', new Date('2025-04-10T23:36:21.411Z'), '2025-04-10T23:36:21.411+00:00'],
  ])('of type %s: %p goes there, and comes back as it should', async (type, value, back = value) => {
    const query = sql`select ${value}::${raw(type)} as value`;
    expect(await connection.$queryRaw(query)).toEqual([{ value: back }]);
  });

  test('of bytes goes there, and comes back', async () => {
    const bytes = new Uint8Array([0, 1, 255]);
    const [row] = await connection.$queryRaw<[{ value: Uint8Array }]>(sql`select ${bytes}::bytea as value`);
    expect(new Uint8Array(row.value)).toEqual(bytes);
  });
});

test('a statement answers with its rows, or with how many it changed', async () => {
  expect(await connection.$executeRaw(sql`insert into pair values (1), (2)`)).toBe(2);
  expect(await connection.$queryRaw(sql`select id, other from pair order by id`)).toEqual([
    { id: 1, other: null },
    { id: 2, other: null },
  ]);
  expect(await connection.$queryRaw(sql`select id from pair where false`)).toEqual([]);
});

test('what the server says of a statement is told in its words, with its code', async () => {
  await insert(connection, 1);
  await expect(insert(connection, 1)).rejects.toMatchObject({
    message: expect.stringContaining('duplicate key value violates unique constraint'),
    code: '23505',
  });
});

describe('a transaction', () => {
  test('keeps what was done in it, and answers with what its work returns', async () => {
    expect(await connection.transaction((tx) => insert(tx, 1))).toBe(1);
    expect(await ids()).toEqual([1]);
  });

  test('whose work throws leaves nothing, throws the same, and gives its connection back', async () => {
    const error = new Error('on second thoughts');
    const work = connection.transaction(async (tx) => {
      await insert(tx, 1);
      throw error;
    });
    await expect(work).rejects.toBe(error);
    expect(await ids()).toEqual([]);
  });

  test('one of whose statements fails leaves nothing, and gives its connection back', async () => {
    const work = connection.transaction(async (tx) => {
      await insert(tx, 1);
      await insert(tx, 1);
    });
    await expect(work).rejects.toMatchObject({ code: '23505' });
    expect(await ids()).toEqual([]);
  });

  test('runs statements that do not wait for each other in the order in which they are asked for', async () => {
    const found = await connection.transaction((tx) =>
      Promise.all([
        insert(tx, 1),
        insert(tx, 2, 1),
        tx.$executeRaw(sql`delete from pair where id = 2`),
        tx.$queryRaw(sql`select id from pair`),
      ]),
    );
    expect(found).toEqual([1, 1, 1, [{ id: 1 }]]);
  });

  test('keeps what is still under way when its work is done', async () => {
    await connection.transaction(async (tx) => {
      for (const id of [1, 2, 3]) insert(tx, id).catch(() => {});
    });
    expect(await ids()).toEqual([1, 2, 3]);
  });

  test('of which nothing stays when what was still under way then fails, throws why', async () => {
    const work = connection.transaction(async (tx) => {
      await insert(tx, 1);
      insert(tx, 1).catch(() => {});
      return 'done';
    });
    await expect(work).rejects.toMatchObject({ code: '23505' });
    expect(await ids()).toEqual([]);
  });

  test('of which nothing stays when what nobody waits for failed earlier, throws why', async () => {
    const work = connection.transaction(async (tx) => {
      await insert(tx, 1);
      await insert(tx, 1).catch(() => {});
      return 'done';
    });
    await expect(work).rejects.toMatchObject({ code: '23505' });
    expect(await ids()).toEqual([]);
  });

  test('tells each statement behind one that failed why that failed', async () => {
    const work = connection.transaction(async (tx) => {
      await insert(tx, 1);
      insert(tx, 1).catch(() => {});
      await insert(tx, 2);
    });
    await expect(work).rejects.toMatchObject({ code: '23505' });
    expect(await ids()).toEqual([]);
  });

  test('whose COMMIT is refused is refused, leaves nothing, and gives its connection back', async () => {
    const work = connection.transaction((tx) => insert(tx, 1, 2));
    await expect(work).rejects.toThrow('violates foreign key constraint');
    expect(await ids()).toEqual([]);
  });

  test('that is over takes no more statements: the connection is somebody else’s', async () => {
    let kept: Connection | undefined;
    await connection.transaction(async (tx) => {
      kept = tx;
    });
    await expect(insert(kept!, 1)).rejects.toThrow('over');
    await connection
      .transaction(async (tx) => {
        kept = tx;
        throw new Error('on purpose');
      })
      .catch(() => {});
    await expect(kept!.$queryRaw(sql`select 1`)).rejects.toThrow('over');
    expect(await ids()).toEqual([]);
  });

  test.each(Array.from({ length: 10 }, (_, turns) => turns))(
    'that fails leaves nothing of a statement that is sent beside that, %d turns later',
    async (turns) => {
      let late: Promise<unknown> = Promise.resolve();
      const failing = connection.transaction(async (tx) => {
        late = (async () => {
          for (let turn = 0; turn < turns; turn += 1) await null;
          await insert(tx, 1);
        })().catch(() => {});
        await null;
        throw new Error('no');
      });
      await expect(failing).rejects.toThrow('no');
      await late;
      expect(await ids()).toEqual([]);
    },
  );

  test.each(Array.from({ length: 6 }, (_, turns) => turns))(
    'ends once when the connection is closed beside its COMMIT, %d turns later',
    async (turns) => {
      const closing = connectionWith({});
      let closed: Promise<unknown> = Promise.resolve();
      const work = closing.transaction(async (tx) => {
        await insert(tx, 1);
        closed = (async () => {
          for (let turn = 0; turn < turns; turn += 1) await null;
          await closing.close();
        })();
      });
      const isThere = await work.then(
        () => true,
        () => false,
      );
      await closed;
      expect(await ids()).toEqual(isThere ? [1] : []);
    },
  );

  test('that lasts too long is rolled back, and refused for now', async () => {
    const reasons: unknown[] = [];
    const work = connectionWith({ transaction: 20 }).transaction(async (tx) => {
      await insert(tx, 1);
      return always(tx);
    });
    await expect(whileAvailable(work, (reason) => reasons.push(String(reason)))).rejects.toMatchObject(
      unavailable,
    );
    expect(reasons).toEqual([expect.stringContaining('not through within 20 ms')]);
    expect(await ids()).toEqual([]);
  });

  test('that lasts too long is not acknowledged, even when its work does not look', async () => {
    const work = connectionWith({ transaction: 20 }).transaction(async (tx) => {
      await insert(tx, 1);
      await always(tx).catch(() => {});
      return 'done';
    });
    await expect(work).rejects.toThrow('not through');
    expect(await ids()).toEqual([]);
  });

  test('that waits too long for a connection is refused for now, and gives back the one that comes too late', async () => {
    const [begun, waited] = [gate(), gate()];
    const holder = connection.transaction(async (tx) => {
      begun.open();
      await waited.opened;
      return insert(tx, 1);
    });
    await begun.opened;
    let worked = false;
    const late = connectionWith({ begin: 1 }).transaction(async () => {
      worked = true;
    });
    await expect(whileAvailable(late, () => {})).rejects.toMatchObject(unavailable);
    waited.open();
    await holder;
    await connection.transaction((tx) => insert(tx, 2));
    expect(await ids()).toEqual([1, 2]);
    expect(worked).toBe(false);
  });

  test('that is open when the connection is closed is rolled back', async () => {
    const closing = connectionWith({});
    const [begun, closed] = [gate(), gate()];
    const work = closing.transaction(async (tx) => {
      await insert(tx, 1);
      begun.open();
      await closed.opened;
      return insert(tx, 2);
    });
    await begun.opened;
    await closing.close();
    closed.open();
    await expect(work).rejects.toThrow('over');
    expect(await ids()).toEqual([]);
  });

  test('is heard of with its end, where the driver does not send that itself', async () => {
    const heard: string[] = [];
    database.observe({
      statement: (text, work) => {
        heard.push(text);
        return work();
      },
    });
    await database.connection.transaction((tx) => tx.$queryRaw(sql`select ${1}::int`));
    await database.connection.transaction(() => Promise.reject(new Error('no'))).catch(() => {});
    expect(heard).toEqual(isOnPostgresql() ? ['select $1::int', 'COMMIT', 'ROLLBACK'] : ['select $1::int']);
  });
});
