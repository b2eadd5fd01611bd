import type { FastifyBaseLogger } from 'fastify';
import type { StoreEvents } from './repositories/store.ts';

const SECOND_MS = 1000;
/** SQLSTATEs of a reachable server: a lock was held too long, or the statement is too slow. */
const BUSY_STATES = ['55P03', '57014'];

/**
 * Logs an outage of the database when it begins and when it ends, with its length. The requests that it affects are not
 * logged.
 *
 * @param elapsed milliseconds of a monotonic clock
 */
export function logAvailability(
  log: Pick<FastifyBaseLogger, 'warn'>,
  elapsed: () => number = () => performance.now(),
): Required<Pick<StoreEvents, 'onOutage' | 'onAnswer'>> {
  let awaySince: number | undefined;
  return {
    onOutage(reason: unknown): void {
      const { message, code = '' } = reason as { message: string; code?: string };
      if (BUSY_STATES.includes(code)) log.warn({ reason: message }, 'A statement took too long.');
      else if (awaySince === undefined) {
        awaySince = elapsed();
        log.warn({ reason: message, code }, 'The database is unreachable.');
      }
    },
    onAnswer(): void {
      if (awaySince === undefined) return;
      const seconds = Math.round((elapsed() - awaySince) / SECOND_MS);
      awaySince = undefined;
      log.warn({ seconds }, `The database is reachable again after ${seconds} seconds.`);
    },
  };
}
