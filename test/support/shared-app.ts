import { afterAll } from '@jest/globals';
import { loadDemonstration } from '../../src/demo/load.ts';
import { PAGE_NOW, startApp, type TestApp, type TestAppOptions } from './app.ts';
import { resetDatabase } from './database.ts';

let app: TestApp | undefined;
let clock: () => string;

/**
 * A server for one part of a suite file, with rows and a clock as `startApp` gives them. All parts of the file share one
 * server, because starting one takes as long as a part. Each part gets an empty database, which is filled again. The
 * deadlines of the first part apply to all.
 */
export async function sharedApp({
  seed = 'page',
  now = PAGE_NOW,
  deadlines,
}: Pick<TestAppOptions, 'seed' | 'now' | 'deadlines'> = {}): Promise<TestApp> {
  clock = typeof now === 'function' ? now : () => now;
  if (app) await resetDatabase(app.database);
  else app = await startApp({ seed: 'none', now: () => clock(), deadlines });
  if (seed !== 'none')
    await loadDemonstration(app.database.prisma, seed, { now: clock(), passwordHash: null });
  return app;
}

/** Closes the shared server. Call it once in each suite file. */
export const closeSharedApp = () => afterAll(() => app?.close());
