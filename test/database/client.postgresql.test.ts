import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type pg from 'pg';
import { createClient } from '../../src/database/client.ts';
import type { Database } from '../../src/database/database.ts';
import { postgresqlAdapter } from '../../src/database/postgresql/postgresql-adapter.ts';
import { openSession } from '../../src/database/postgresql/postgresql-session.ts';
import { type Connection, sql } from '../../src/database/sql.ts';
import { translatingOutages } from '../../src/database/unavailable.ts';
import { connectTo, freshDatabase, urlOf } from '../support/database.ts';
import { startWire, type Wire } from '../support/wire.ts';

// Only on PostgreSQL, because the embedded database has no connection that could break.

let fresh: Database;
let wire: Wire;
let database: Database;
beforeAll(async () => {
  fresh = await freshDatabase();
  wire = await startWire(urlOf(fresh));
  database = connectTo(wire.url);
  await fresh.prisma.$executeRaw(sql`create table number (id int primary key)`);
});
afterAll(async () => {
  await database.close();
  await wire.stop();
  await fresh.close();
});

const cut = () => wire.stop().then(wire.start);
const end = async (tx: Connection) => {
  const [{ pid }] = await tx.$queryRaw<[{ pid: number }]>(sql`select pg_backend_pid() as pid`);
  await fresh.prisma.$queryRaw(sql`select pg_terminate_backend(${pid}::int)`);
};
const numbers = () => database.prisma.$queryRaw(sql`select id from number`);

test.each<[string, (tx: Connection) => Promise<unknown>]>([
  ['is cut', cut],
  ['is ended by the server', end],
])(
  'a transaction whose connection %s is refused as UNAVAILABLE, stores nothing, and frees its place in the pool',
  async (_, lose) => {
    const { most } = database.poolUse!();
    for (let turn = 0; turn <= most; turn += 1) {
      const work = database.prisma.$transaction(async (tx) => {
        await tx.$executeRaw(sql`insert into number values (${turn})`);
        await lose(tx);
        // The broken connection is noticed by a statement within the work, or at its end.
        if (turn % 2 === 0) await tx.$queryRaw(sql`select 1`);
      });
      await expect(translatingOutages(work, () => {})).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    }
    expect(await numbers()).toEqual([]);
    expect(database.poolUse!()).toMatchObject({ open: 1, idle: 1, waiting: 0 });
  },
);

test.each(['COMMIT', 'ROLLBACK'])(
  'a transaction whose %s is canceled stores nothing, and leaves its connection usable',
  async (ending) => {
    const session = openSession(urlOf(fresh), () => {});
    let canceled = 0;
    session.on('connect', (client) => {
      const query = client.query.bind(client) as (config: pg.QueryConfig) => Promise<unknown>;
      const canceling = (config: pg.QueryConfig) => {
        if (config.text !== ending || canceled > 0) return query(config);
        canceled += 1;
        return query({
          ...config,
          name: undefined,
          text: 'select pg_cancel_backend(pg_backend_pid()), pg_sleep(60)',
        });
      };
      Object.assign(client, { query: canceling });
    });
    const client = createClient(postgresqlAdapter(session));
    const insert = (id: number, end = async () => {}) =>
      client.$transaction(async (tx) => {
        await tx.$executeRaw(sql`insert into number values (${id})`);
        await end();
      });
    const no = () => Promise.reject(new Error('no'));
    await expect(insert(1, ending === 'ROLLBACK' ? no : undefined)).rejects.toThrow();
    await insert(2);
    expect(canceled).toBe(1);
    expect(await numbers()).toEqual([{ id: 2 }]);
    await fresh.prisma.$executeRaw(sql`delete from number`);
    await client.$disconnect();
    await session.end();
  },
);
