import { afterAll, beforeAll, beforeEach } from '@jest/globals';
import type { Database } from '../../src/database/database.ts';
import { type Clock, createStore, databaseClock } from '../../src/repositories/store.ts';
import { createServices, type Services } from '../../src/services/index.ts';
import { anotherConnection, freshDatabase, resetDatabase } from './database.ts';
import { anAccount, type TestAccount } from './rows.ts';

/** Two replicas with separate connections. */
export type Replicas = readonly [Services, Services];

/**
 * Two replicas with a new PostgreSQL database, which is opened before the tests of a file. Before each test the
 * database is emptied, gets an account, and is filled.
 */
export class ReplicaWorld {
  database!: Database;
  other!: Database;
  replicas!: Replicas;
  account!: TestAccount;

  constructor(fill: (world: ReplicaWorld) => Promise<unknown>, clock: Clock = databaseClock) {
    beforeAll(async () => {
      this.database = await freshDatabase();
      this.other = anotherConnection(this.database);
      this.replicas = [servicesOver(this.database, clock), servicesOver(this.other, clock)];
    });
    afterAll(async () => {
      await this.other?.close();
      await this.database?.close();
    });
    beforeEach(async () => {
      await resetDatabase(this.database);
      this.account = await anAccount(this.database.prisma);
      await fill(this);
    });
  }
}

/** The services of one replica. */
export const servicesOver = ({ prisma }: Database, clock: Clock = databaseClock): Services =>
  createServices(createStore(prisma, clock, { onConflict: noConflict }));

/** A deadlock fails the test, although the store would retry the work. */
const noConflict = (conflict: unknown): never => {
  throw conflict;
};
