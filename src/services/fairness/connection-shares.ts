import { aroundCalls } from '../around-calls.ts';
import { FairShare } from './fair-share.ts';

/**
 * Maximum number of simultaneous use cases per account and per request. Each takes one of the ten database
 * connections. The limit leaves connections for other accounts and for the scheduler.
 */
const MAX_PER_ACCOUNT = 5;
const MAX_PER_REQUEST = 2;

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

  /** Wraps a service so that its calls wait for their turn. */
  return <Service extends object>(service: Service): Service =>
    aroundCalls(service, ({ args: [who], proceed }) =>
      isRequester(who)
        ? ofRequests.run(who, () => ofAccounts.run(who.accountId, async () => proceed()))
        : proceed(),
    );
}
