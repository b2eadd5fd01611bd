import { createStore } from '../../src/repositories/store.ts';
import type { TestApp } from './app.ts';
import { setMachineClock } from './machine-clock.ts';

/** As long as a token of the tests lasts, and the skew. */
const LATER = 3600 + 30;

/**
 * Sets the machine's clock to when all tokens so far have expired; the server looks at what is open then, as it does
 * of itself when a token expires (test/http/open-streams.ts). `jest.useRealTimers` sets it back.
 */
export async function expireTokens({ database }: TestApp, accountId = 1): Promise<void> {
  setMachineClock(Date.now() + LATER * 1000);
  await createStore(database.prisma).transaction(async (tx) =>
    tx.announce({ kind: 'access', accountId, personId: null }),
  );
}
