import { aroundCalls } from '../around-calls.ts';
import { FairShare } from './fair-share.ts';

/**
 * Use cases that run at the same time for one account, and for one request. Each takes one of the ten database
 * connections, so an account that asks for much leaves some to the others and to the scheduler.
 */
const MAX_PER_ACCOUNT = 5;
const MAX_PER_REQUEST = 2;

/** Whoever sends requests: a person, or a computer with its own token or secure id. The scheduler is neither. */
interface Asker {
  readonly accountId: number;
}

const isAsker = (who: unknown): who is Asker =>
  typeof who === 'object' && who !== null && ('personId' in who || 'computerId' in who || 'secureId' in who);

/** Hands out the connections of the pool: the one place that does. */
export function connectionShares() {
  const ofAccounts = new FairShare<number>({ each: MAX_PER_ACCOUNT });
  // Each request has a caller of its own.
  const ofRequests = new FairShare<Asker>({ each: MAX_PER_REQUEST });

  /** The same service, whose calls wait for their turn. */
  return <Service extends object>(service: Service): Service =>
    aroundCalls(service, ({ args: [who], proceed }) =>
      isAsker(who)
        ? ofRequests.run(who, () => ofAccounts.run(who.accountId, async () => proceed()))
        : proceed(),
    );
}
