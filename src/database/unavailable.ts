import { Refusal } from '../domain/errors.ts';
import { CannotOpen } from './cannot-open.ts';
import { driverErrorOf } from './driver-error.ts';
import type { PrismaClient } from './generated/client.ts';
import type { Connection } from './sql.ts';

/** Hears why the database could not be reached: callers are only told that it is so. */
export type ReportUnavailable = (reason: unknown) => void;

/** What Prisma's adapters call a connection that could not be made, was lost, or took too long. */
const lostKinds = ['DatabaseNotReachable', 'ConnectionClosed', 'SocketTimeout', 'TlsConnectionError'];

/**
 * What the server says when it takes no work for now: connection exceptions (08), no entry (28, 3D000), it has
 * become a standby (25006), a session was idle for too long (25P03), no resources (53), no lock in time (55P03),
 * no end in time (57014), a shutdown (57P).
 */
const awayStates = /^(08|28|3D000|25006|25P03|53|55P03|57014|57P)/;

const socketCodes = [
  ...['ECONNREFUSED', 'ECONNRESET', 'ENOTFOUND', 'ETIMEDOUT', 'EPIPE', 'ENOENT'],
  ...['EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH', 'EADDRNOTAVAIL'],
];

/** The drivers' own errors have no code. */
const lostMessages =
  /^(Connection terminated|timeout exceeded when trying to connect|Client (has encountered a connection error|was closed)|Cannot use a pool after calling end|PGlite is clos)/;

/** No entry with these credentials, or no such database: waiting does not help. */
const notSetUpStates = /^(28|3D000)/;

/** Whether a database that can't be opened now may be later without anybody setting it up. */
export function mayComeBack(error: unknown): boolean {
  const reason = error instanceof CannotOpen && error.cause ? error.cause : error;
  return isAway(reason) && !notSetUpStates.test(stateOf(reason) ?? '');
}

/** What the server calls an error; of the drivers' own errors, what the system does. */
const stateOf = (error: unknown): string | undefined =>
  driverErrorOf(error)?.originalCode ?? (error as { code?: string }).code;

/** Prisma's code for a transaction that could not begin, or did not end, in time. */
const TRANSACTION_TOOK_TOO_LONG = 'P2028';
const DISK_FULL = '53100';
const AWAY = 'The database does not answer at present. Try again in a few seconds.';
const FULL = 'The disk of the database is full. Changes are refused until the operator frees some space.';

function isAway(error: unknown): boolean {
  const driverError = driverErrorOf(error);
  if (driverError) {
    const { kind, originalCode = '' } = driverError;
    return lostKinds.includes(kind) || awayStates.test(originalCode);
  }
  const { code = '', message = '' } = error as { code?: string; message?: string };
  if (code === TRANSACTION_TOOK_TOO_LONG) return true;
  return socketCodes.includes(code) || lostMessages.test(message) || awayStates.test(code);
}

/** Work on the database; that it is away is a refusal for now, and no fault of ours. @throws Refusal UNAVAILABLE */
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

/** The same client, whose every statement throws Refusal UNAVAILABLE when the database is away. */
export const withOutageRefusals = (
  prisma: PrismaClient,
  report: ReportUnavailable,
  onAnswer?: () => void,
): Connection =>
  prisma.$extends({
    query: { $allOperations: ({ args, query }) => translatingOutages(query(args), report, onAnswer) },
  }) as unknown as Connection;
