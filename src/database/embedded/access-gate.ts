import type { SqlDriverAdapterFactory } from '@prisma/driver-adapter-utils';
import { withTimeout } from '../../services/timeout.ts';
import { tookTooLong } from '../driver-error.ts';
import type { ExclusiveAccess } from './exclusive-access.ts';

/**
 * Between those who ask something of an embedded database and whoever takes the whole of it for minutes. PGlite would let
 * them wait for ever, and do later what nobody waits for any more: here they wait before anything is sent, and can go.
 */
export function createAccessGate(
  exclusively: ExclusiveAccess,
  adapter: SqlDriverAdapterFactory,
  deadline: number,
) {
  const taken = new Set<Promise<unknown>>();

  async function turn(): Promise<void> {
    if (taken.size === 0) return;
    const free = async () => {
      while (taken.size > 0) await Promise.allSettled(taken);
    };
    await withTimeout(free(), deadline, () => {
      throw tookTooLong(`Another operation has used the whole database for more than ${deadline} ms.`);
    });
  }

  return {
    /** The work on the whole, for which everybody else waits. */
    exclusively: (async (work) => {
      const working = exclusively(work);
      taken.add(working);
      return working.finally(() => taken.delete(working));
    }) satisfies ExclusiveAccess as ExclusiveAccess,

    /** The same adapter, which waits for its turn. */
    adapter: {
      ...adapter,
      connect: async () => {
        const connected = await adapter.connect();
        const { queryRaw, executeRaw, startTransaction } = connected;
        return Object.assign(connected, {
          queryRaw: (query: Parameters<typeof queryRaw>[0]) =>
            turn().then(() => queryRaw.call(connected, query)),
          executeRaw: (query: Parameters<typeof executeRaw>[0]) =>
            turn().then(() => executeRaw.call(connected, query)),
          startTransaction: (level: Parameters<typeof startTransaction>[0]) =>
            turn().then(() => startTransaction.call(connected, level)),
        });
      },
    } satisfies SqlDriverAdapterFactory as SqlDriverAdapterFactory,
  };
}
