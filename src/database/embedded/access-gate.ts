import type { SqlDriverAdapterFactory } from '@prisma/driver-adapter-utils';
import { withTimeout } from '../../services/timeout.ts';
import { tookTooLong } from '../driver-error.ts';
import type { ExclusiveAccess } from './exclusive-access.ts';

/**
 * Makes ordinary statements wait while exclusive work, such as a backup, has the embedded database for minutes. PGlite
 * would queue the statements without a limit and still run those whose callers have given up. Here a statement waits
 * before it is sent, so it can time out.
 */
export function createAccessGate(
  exclusively: ExclusiveAccess,
  adapter: SqlDriverAdapterFactory,
  deadline: number,
) {
  const exclusiveWork = new Set<Promise<unknown>>();

  async function waitForTurn(): Promise<void> {
    if (exclusiveWork.size === 0) return;
    const free = async () => {
      while (exclusiveWork.size > 0) await Promise.allSettled(exclusiveWork);
    };
    await withTimeout(free(), deadline, () => {
      throw tookTooLong(`Another operation has used the whole database for more than ${deadline} ms.`);
    });
  }

  return {
    /** Runs work with exclusive access. All statements wait until it ends. */
    exclusively: (async (work) => {
      const working = exclusively(work);
      exclusiveWork.add(working);
      return working.finally(() => exclusiveWork.delete(working));
    }) satisfies ExclusiveAccess as ExclusiveAccess,

    /** The adapter, whose statements and transactions wait for their turn. */
    adapter: {
      ...adapter,
      connect: async () => {
        const connected = await adapter.connect();
        const { queryRaw, executeRaw, startTransaction } = connected;
        return Object.assign(connected, {
          queryRaw: (query: Parameters<typeof queryRaw>[0]) =>
            waitForTurn().then(() => queryRaw.call(connected, query)),
          executeRaw: (query: Parameters<typeof executeRaw>[0]) =>
            waitForTurn().then(() => executeRaw.call(connected, query)),
          startTransaction: (level: Parameters<typeof startTransaction>[0]) =>
            waitForTurn().then(() => startTransaction.call(connected, level)),
        });
      },
    } satisfies SqlDriverAdapterFactory as SqlDriverAdapterFactory,
  };
}
