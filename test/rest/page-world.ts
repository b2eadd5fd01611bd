import { afterAll } from '@jest/globals';
import type { Instant } from '../../src/domain/time.ts';
import { loadDemonstration } from '../../src/persistence/demonstration/load.ts';
import { PAGE_NOW, startApp, type TestApp } from '../support/app.ts';
import { resetDatabase } from '../support/database.ts';

let app: TestApp | undefined;
let clock: () => Instant;

/**
 * A server over the world of the API page, as it was loaded, with its clock. It is one server for all parts of a suite
 * file, because starting one costs as much as a part: each part gets an empty database, filled again.
 */
export async function pageWorld({ now = () => PAGE_NOW }: { now?: () => Instant } = {}): Promise<TestApp> {
  clock = now;
  if (!app) {
    app = await startApp({ now: () => clock() });
    return app;
  }
  await resetDatabase(app.database);
  await loadDemonstration(app.database.connection, 'page', { now: now(), passwordHash: null });
  return app;
}

/** Called once by a suite file. */
export const closePageWorld = () => afterAll(() => app?.close());
