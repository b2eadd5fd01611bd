import type { Principal } from '../../domain/accounts/access.ts';
import { FairShare } from './fair-share.ts';

/** Maximum number of simultaneous responses of more than 1 MiB. Each may take about 100 MB of memory. */
const MAX_AT_ONCE = 2;
const MAX_PER_ACCOUNT = 1;

/**
 * Limits the number of simultaneous large responses. A turn lasts until the client has received the response
 * or disconnected, because buffered responses also take memory.
 */
export function largeAnswers() {
  const shares = new FairShare<number | undefined>({ each: MAX_PER_ACCOUNT, all: MAX_AT_ONCE });
  return (principal: Principal, closed: Promise<unknown>) => async (): Promise<void> => {
    const end = await shares.enter(accountOf(principal));
    closed.then(end);
  };
}

function accountOf(principal: Principal): number | undefined {
  if (principal.kind === 'person') return principal.caller.accountId;
  return principal.kind === 'anonymous' ? undefined : principal.accountId;
}
