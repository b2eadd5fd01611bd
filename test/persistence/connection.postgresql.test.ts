import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { connectPostgresql, type Database } from '../../src/persistence/database.ts';
import { type Connection, sql } from '../../src/persistence/sql.ts';
import { whileAvailable } from '../../src/persistence/unavailable.ts';
import { freshDatabase, urlOf } from '../support/database.ts';
import { startWire, type Wire } from '../support/wire.ts';

// Only on PostgreSQL: an embedded database has no connection that could break.

let fresh: Database;
let wire: Wire;
let database: Database;
beforeAll(async () => {
  fresh = await freshDatabase();
  wire = await startWire(urlOf(fresh));
  database = connectPostgresql(wire.url);
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
