import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { connectionOver } from '../../src/persistence/connection.ts';
import type { Database } from '../../src/persistence/database.ts';
import { type Connection, sql } from '../../src/persistence/sql.ts';
import { whileAvailable } from '../../src/persistence/unavailable.ts';
import { adapterOf, connectTo, freshDatabase, urlOf } from '../support/database.ts';
import { startWire, type Wire } from '../support/wire.ts';

// Only on PostgreSQL: an embedded database has no connection that could break.

let fresh: Database;
let wire: Wire;
let database: Database;
beforeAll(async () => {
  fresh = await freshDatabase();
  wire = await startWire(urlOf(fresh));
  database = connectTo(wire.url);
  await fresh.connection.$executeRaw(sql`create table number (id int primary key)`);
});
afterAll(async () => {
  await database.close();
  await wire.stop();
  await fresh.close();
});

const cut = () => wire.stop().then(wire.start);
const end = async (tx: Connection) => {
  const [{ pid }] = await tx.$queryRaw<[{ pid: number }]>(sql`select pg_backend_pid() as pid`);
  await fresh.connection.$queryRaw(sql`select pg_terminate_backend(${pid}::int)`);
};
const numbers = () => database.connection.$queryRaw(sql`select id from number`);

test.each<[string, (tx: Connection) => Promise<unknown>]>([
  ['is cut', cut],
  ['is ended by the server', end],
])(
  'a transaction whose connection %s is refused for now, leaves nothing, and holds no place in the pool',
  async (_, lose) => {
    const { most } = database.poolUse!();
    for (let turn = 0; turn <= most; turn += 1) {
      const work = database.connection.transaction(async (tx) => {
        await tx.$executeRaw(sql`insert into number values (${turn})`);
        await lose(tx);
        // By a statement it shows in the work, and else at the end.
        if (turn % 2 === 0) await tx.$queryRaw(sql`select 1`);
      });
      await expect(whileAvailable(work, () => {})).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    }
    expect(await numbers()).toEqual([]);
    expect(database.poolUse!()).toMatchObject({ open: 1, idle: 1, waiting: 0 });
  },
);

test.each(['COMMIT', 'ROLLBACK'])(
  'a transaction whose %s is canceled leaves nothing, and its connection whole for the next',
  async (ending) => {
    const factory = adapterOf(fresh);
    let canceled = 0;
    const canceling: typeof factory = {
      ...factory,
      connect: async () => {
        const adapter = await factory.connect();
        const start = adapter.startTransaction.bind(adapter);
        adapter.startTransaction = async (level) => {
          const tx = await start(level);
          const executeRaw = tx.executeRaw.bind(tx);
          tx.executeRaw = (query) => {
            if (query.sql !== ending || canceled > 0) return executeRaw(query);
            canceled += 1;
            return executeRaw({ ...query, sql: 'select pg_cancel_backend(pg_backend_pid()), pg_sleep(60)' });
          };
          return tx;
        };
        return adapter;
      },
    };
    const connection = connectionOver(canceling);
    const insert = (id: number, end = async () => {}) =>
      connection.transaction(async (tx) => {
        await tx.$executeRaw(sql`insert into number values (${id})`);
        await end();
      });
    const no = () => Promise.reject(new Error('no'));
    await expect(insert(1, ending === 'ROLLBACK' ? no : undefined)).rejects.toThrow(
      ending === 'ROLLBACK' ? 'no' : 'canceling statement',
    );
    await insert(2);
    expect(canceled).toBe(1);
    expect(await numbers()).toEqual([{ id: 2 }]);
    await fresh.connection.$executeRaw(sql`delete from number`);
    await connection.close();
  },
);
