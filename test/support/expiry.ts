import { createStore } from '../../src/repositories/store.ts';
import type { TestApp } from './app.ts';
import { setMachineClock } from './machine-clock.ts';

/** Seconds. The lifetime of a test's token, and the skew. */
const LATER = 3600 + 30;

/**
 * Sets the machine's clock to a time when all existing tokens have expired. The server then checks the open streams, as
 * it does by itself when a token expires (test/http/open-streams.ts). `jest.useRealTimers` resets the clock.
 */
export async function expireTokens({ database }: TestApp, accountId = 1): Promise<void> {
  setMachineClock(Date.now() + LATER * 1000);
  await createStore(database.prisma).transaction(async (tx) =>
    tx.announce({ kind: 'access', accountId, personId: null }),
  );
}
