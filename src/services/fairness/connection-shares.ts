import { aroundCalls } from '../around-calls.ts';
import { FairShare } from './fair-share.ts';

/**
 * Maximum number of simultaneous use cases per account and per request. Each takes one of the ten database
 * connections. The limit leaves connections for other accounts and for the scheduler.
 */
const MAX_PER_ACCOUNT = 5;
const MAX_PER_REQUEST = 2;
/**
 * An account stalls if one of its use cases runs this long, and none succeeds meanwhile, because its part of the database
 * stands still. Until one succeeds, all such accounts together take few connections.
 */
const STALLED_AFTER_MS = 5_000;
const MAX_OF_STALLED = { each: 1, all: 3 };

/** The sender of requests: a person, or a computer with its token or secure id. The scheduler is excluded. */
interface Requester {
  readonly accountId: number;
}

const isRequester = (who: unknown): who is Requester =>
  typeof who === 'object' && who !== null && ('personId' in who || 'computerId' in who || 'secureId' in who);

/** Limits the use of database connections per account and per request. */
export function connectionShares() {
  const ofAccounts = new FairShare<number>({ each: MAX_PER_ACCOUNT });
  // Each request has its own caller object.
  const ofRequests = new FairShare<Requester>({ each: MAX_PER_REQUEST });
  const ofStalled = new FairShare<number>(MAX_OF_STALLED);
  const stalled = new Set<number>();
  /** Number of use cases of each account that succeeded. */
  const successes = new Map<number, number>();

  async function watched(accountId: number, work: () => unknown): Promise<unknown> {
    const before = successes.get(accountId);
    const timer = setTimeout(() => {
      if (successes.get(accountId) === before) stalled.add(accountId);
    }, STALLED_AFTER_MS);
    try {
      const result = await work();
      successes.set(accountId, (successes.get(accountId) ?? 0) + 1);
      stalled.delete(accountId);
      return result;
    } finally {
      clearTimeout(timer);
    }
  }

  const inTurn = (accountId: number, work: () => unknown): Promise<unknown> =>
    ofAccounts.run(accountId, () =>
      stalled.has(accountId)
        ? ofStalled.run(accountId, () => watched(accountId, work))
        : watched(accountId, work),
    );

  /** Wraps a service so that its calls wait for their turn. */
  return <Service extends object>(service: Service): Service =>
    aroundCalls(service, ({ args: [who], proceed }) =>
      isRequester(who) ? ofRequests.run(who, () => inTurn(who.accountId, proceed)) : proceed(),
    );
}
