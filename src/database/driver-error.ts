import { DriverAdapterError, isDriverAdapterError } from '@prisma/driver-adapter-utils';
import { Prisma } from './generated/client.ts';

/** The driver's error, whether or not Prisma's client wrapped it. `originalCode` is PostgreSQL's SQLSTATE. */
export function driverErrorOf(error: unknown): DriverAdapterError['cause'] | undefined {
  if (error instanceof Error && isDriverAdapterError(error)) return error.cause;
  if (!(error instanceof Prisma.PrismaClientKnownRequestError)) return undefined;
  const { driverAdapterError } = error.meta ?? {};
  return driverAdapterError instanceof Error && isDriverAdapterError(driverAdapterError)
    ? driverAdapterError.cause
    : undefined;
}

/** The error that the drivers report if a server does not answer in time. */
export const tookTooLong = (message: string) =>
  Object.assign(new DriverAdapterError({ kind: 'SocketTimeout' }), { message });

export const notReachable = (message: string) =>
  Object.assign(new DriverAdapterError({ kind: 'DatabaseNotReachable' }), { message });
