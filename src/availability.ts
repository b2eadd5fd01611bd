import type { FastifyBaseLogger } from 'fastify';
import { driverErrorOf } from './database/driver-error.ts';
import { isOfLostWorker, stateOf } from './database/unavailable.ts';
import { Refusal } from './domain/errors.ts';
import type { StoreEvents } from './repositories/store.ts';

const SECOND_MS = 1000;
/** SQLSTATEs of a reachable server: a lock was held too long, or the statement is too slow. */
const BUSY_STATES = ['55P03', '57014'];
/**
 * Accounts of a lost worker can be reached again if nothing failed for this long. Longer than the deadline of a
 * statement, because a worker that stands still lets statements fail only then.
 */
const PART_BACK_AFTER_MS = 40_000;

export interface AvailabilityLog extends Required<Pick<StoreEvents, 'onOutage' | 'onAnswer'>> {
  /** Some accounts cannot be reached, but others can. */
  onLostAccounts(accountIds: readonly number[]): void;
}

/**
 * Logs an outage of the database when it begins and when it ends, with its length. The requests that it affects are not
 * logged. On a database of several machines, an outage of one machine is logged apart: the answers to other accounts
 * do not end it.
 *
 * @param elapsed milliseconds of a monotonic clock
 */
export function logAvailability(
  log: Pick<FastifyBaseLogger, 'warn'>,
  elapsed: () => number = () => performance.now(),
): AvailabilityLog {
  let awaySince: number | undefined;
  let part: { since: number; lastFailure: number; accountIds: Set<number> } | undefined;

  function onPartOutage(about: object): NonNullable<typeof part> {
    if (!part) {
      part = { since: elapsed(), lastFailure: elapsed(), accountIds: new Set() };
      log.warn(about, 'A part of the database is unreachable, and so are the accounts on it.');
    }
    part.lastFailure = elapsed();
    return part;
  }

  return {
    onOutage(reason: unknown): void {
      const about = { reason: messageOf(reason), code: stateOf(reason) ?? '' };
      if (isOfLostWorker(reason)) onPartOutage(about);
      else if (BUSY_STATES.includes(about.code)) {
        // The statements of a worker that stands still.
        if (part) part.lastFailure = elapsed();
        else log.warn({ reason: about.reason }, 'A statement took too long.');
      } else if (awaySince === undefined) {
        awaySince = elapsed();
        log.warn(about, 'The database is unreachable.');
      }
    },
    onLostAccounts(accountIds): void {
      const known = onPartOutage({}).accountIds;
      const others = accountIds.filter((id) => !known.has(id));
      if (others.length === 0) return;
      for (const id of others) known.add(id);
      log.warn({ accountIds: others }, 'These accounts cannot be reached. Their due work waits.');
    },
    onAnswer(): void {
      if (awaySince !== undefined) {
        const seconds = secondsBetween(awaySince, elapsed());
        awaySince = undefined;
        log.warn({ seconds }, `The database is reachable again after ${seconds} seconds.`);
      }
      if (part && elapsed() - part.lastFailure >= PART_BACK_AFTER_MS) {
        const seconds = secondsBetween(part.since, part.lastFailure);
        part = undefined;
        log.warn(
          { seconds },
          `All accounts can be reached again. The last failure was after ${seconds} seconds.`,
        );
      }
    },
  };
}

/** Whether work failed only because the database, or the part with some accounts, was unreachable. */
export const isOutage = (fault: unknown): boolean =>
  fault instanceof AggregateError
    ? fault.errors.every(isOutage)
    : fault instanceof Refusal && fault.code === 'UNAVAILABLE';

/** The database's own message, without the statement. */
const messageOf = (reason: unknown): string =>
  driverErrorOf(reason)?.originalMessage ?? (reason as Error).message;

const secondsBetween = (from: number, until: number): number => Math.round((until - from) / SECOND_MS);
