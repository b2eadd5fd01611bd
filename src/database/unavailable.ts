import { Refusal } from '../domain/errors.ts';
import { CannotOpen } from './cannot-open.ts';
import { driverErrorOf } from './driver-error.ts';
import type { PrismaClient } from './generated/client.ts';
import type { Connection } from './sql.ts';

/** Receives the reason why the database is unreachable. Callers only get the refusal. */
export type ReportUnavailable = (reason: unknown) => void;

/** Kinds that Prisma's adapters give to a connection that failed, was lost or took too long. */
const lostKinds = ['DatabaseNotReachable', 'ConnectionClosed', 'SocketTimeout', 'TlsConnectionError'];

/**
 * SQLSTATEs of a server that can't work for now:
 * - 08: connection exceptions.
 * - 28, 3D000: login rejected, or no such database.
 * - 25006: now a standby.
 * - 25P03: session idle for too long.
 * - 53: no resources.
 * - 55P03: no lock in time.
 * - 57014: statement timeout or canceled.
 * - 57P: shutdown.
 */
const awayStates = /^(08|28|3D000|25006|25P03|53|55P03|57014|57P)/;

const socketCodes = [
  ...['ECONNREFUSED', 'ECONNRESET', 'ENOTFOUND', 'ETIMEDOUT', 'EPIPE', 'ENOENT'],
  ...['EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH', 'EADDRNOTAVAIL'],
];

/** Messages of the drivers' own errors, which have no code. */
const lostMessages =
  /^(Connection terminated|timeout exceeded when trying to connect|Client (has encountered a connection error|was closed)|Cannot use a pool after calling end|PGlite is clos)/;

/** Citus lost a worker. Within a transaction, it reports that as an internal error, XX000. */
const lostWorkerMessages =
  /^(connection to the remote node|could not commit transaction for shard|failure on connection marked as essential|SSL SYSCALL error|server closed the connection)/;

/** Whether the coordinator of Citus answered, but could not reach a worker. */
export const isOfLostWorker = (error: unknown): boolean =>
  lostWorkerMessages.test(driverErrorOf(error)?.originalMessage ?? '');

/** The credentials are wrong or the database does not exist, so waiting does not help. */
const notSetUpStates = /^(28|3D000)/;

/** Whether a database that can't be opened now may become available without an operator's help. */
export function mayComeBack(error: unknown): boolean {
  const reason = error instanceof CannotOpen && error.cause ? error.cause : error;
  return isAway(reason) && !notSetUpStates.test(stateOf(reason) ?? '');
}

/** PostgreSQL's SQLSTATE, or the system's code for a driver's own error. */
export const stateOf = (error: unknown): string | undefined =>
  driverErrorOf(error)?.originalCode ?? (error as { code?: string }).code;

/** Prisma's code for a transaction that did not begin or end in time. */
const TRANSACTION_TOOK_TOO_LONG = 'P2028';
const DISK_FULL = '53100';
const AWAY = 'The database does not answer at present. Try again in a few seconds.';
const FULL = 'The disk of the database is full. Changes are refused until the operator frees some space.';

function isAway(error: unknown): boolean {
  const driverError = driverErrorOf(error);
  if (driverError) {
    const { kind, originalCode = '' } = driverError;
    return lostKinds.includes(kind) || awayStates.test(originalCode) || isOfLostWorker(error);
  }
  const { code = '', message = '' } = error as { code?: string; message?: string };
  if (code === TRANSACTION_TOOK_TOO_LONG) return true;
  return socketCodes.includes(code) || lostMessages.test(message) || awayStates.test(code);
}

/**
 * Awaits work on the database. An outage becomes a temporary refusal, because it is not our error. @throws Refusal
 * UNAVAILABLE
 */
export async function translatingOutages<T>(
  work: Promise<T>,
  report: ReportUnavailable,
  onAnswer = () => {},
): Promise<T> {
  try {
    const answer = await work;
    onAnswer();
    return answer;
  } catch (error) {
    if (!isAway(error)) throw error;
    report(error);
    throw new Refusal('UNAVAILABLE', stateOf(error) === DISK_FULL ? FULL : AWAY);
  }
}

/** The same client, but every statement throws Refusal UNAVAILABLE while the database is unreachable. */
export const withOutageRefusals = (
  prisma: PrismaClient,
  report: ReportUnavailable,
  onAnswer?: () => void,
): Connection =>
  prisma.$extends({
    query: { $allOperations: ({ args, query }) => translatingOutages(query(args), report, onAnswer) },
  }) as unknown as Connection;
