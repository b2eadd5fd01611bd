import { afterAll, afterEach, beforeAll, expect, jest, test } from '@jest/globals';
import type { Database } from '../../src/database/database.ts';
import { addMinutes } from '../../src/domain/time.ts';
import { createStore, databaseClock } from '../../src/repositories/store.ts';
import { freshDatabase } from '../support/database.ts';

// Only on PostgreSQL, because an embedded database has the clock of its process.

let database: Database;
beforeAll(async () => {
  database = await freshDatabase();
});
afterAll(() => database.close());
afterEach(() => {
  jest.restoreAllMocks();
});

test.each([-60, 0, 90])(
  'a process whose clock is %s minutes off uses the time of the database (P6)',
  async (minutes) => {
    const before = await databaseClock(database.prisma);
    const off = Date.now() + minutes * 60_000;
    jest.spyOn(Date, 'now').mockImplementation(() => off);
    const now = await createStore(database.prisma).transaction(async (_, time) => time);
    const after = await databaseClock(database.prisma);
    expect([before, now, after].toSorted()).toEqual([before, now, after]);
    expect(now < addMinutes(before, 1)).toBe(true);
    expect(now).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/);
  },
);
