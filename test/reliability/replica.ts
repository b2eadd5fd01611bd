/**
 * A replica for the chaos run: the built app as in src/main.ts, but with a clock that adds an offset. All replicas read
 * the offset from the database. Usage: `replica.ts`, with the variables DATABASE_URL and JWT_SECRET. Prints `ready at
 * <URL>`, then its log.
 */
import { pino } from 'pino';
import { chaosClock } from './clock.ts';

// The built app starts twice as fast, and many replicas are started.
const built = (file: string) => import(new URL(`../../dist/${file}`, import.meta.url).href);
const { createApp } = (await built('app.js')) as typeof import('../../src/app.ts');
const { readConfig } = (await built('config.js')) as typeof import('../../src/config.ts');
const { openDatabase } = (await built(
  'database/database.js',
)) as typeof import('../../src/database/database.ts');

const url = process.env.DATABASE_URL!;
const config = readConfig(process.env);
const log = pino({ level: 'warn' });
/** A cut connection ends a starting server, and its supervisor restarts it. Here this happens in the same process. */
async function opened(attempts = 50): Promise<Awaited<ReturnType<typeof openDatabase>>> {
  try {
    return await openDatabase({ url, log: (message) => log.warn(message) });
  } catch (error) {
    if (attempts === 1) throw error;
    log.warn(String(error));
    return opened(attempts - 1);
  }
}
const database = await opened();
const app = await createApp({ config, jwtSecrets: [config.jwtSecret!], database, log, clock: chaosClock });

const stop = async () => {
  await app.close();
  await database.close();
  process.exit(0);
};
process.once('SIGTERM', () => void stop());
// If the parent process has ended, this process must not continue to fire.
process.stdin.once('end', () => process.exit(1)).resume();
const address = await app.listen(config);
await app.start();
console.log(`ready at ${address}`);
