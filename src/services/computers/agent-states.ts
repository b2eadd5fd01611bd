import { type Caller, scopeOf } from '../../domain/accounts/access.ts';
import { type AgentState, onlineSince } from '../../domain/computers/agent.ts';
import type { Store } from '../ports.ts';

/** The states of computers, as reported by their clients. */
export function agentStateService(store: Store) {
  return {
    /**
     * In the order of the ids. Unknown for a computer without a client, and for one that the caller cannot
     * see.
     */
    async of(caller: Caller, ids: readonly number[]): Promise<AgentState[]> {
      const scope = scopeOf(caller, 'ViewComputer');
      const states = await store.transaction((tx, now) => tx.agents.statesOf(scope, ids, onlineSince(now)));
      return states.map((state) => state ?? UNKNOWN);
    },

    /** Whether each computer is offline, in the order of the ids. */
    async areOffline(caller: Caller, ids: readonly number[]): Promise<boolean[]> {
      const scope = scopeOf(caller, 'ViewComputer');
      const offline = await store.transaction((tx, now) =>
        tx.agents.offlineAmong(scope, ids, onlineSince(now)),
      );
      return ids.map((id) => offline.includes(id));
    },
  };
}

const UNKNOWN: AgentState = {
  lastSeenAt: null,
  lastPingAt: null,
  agentVersion: null,
  distribution: null,
  totalMemory: null,
  totalSwap: null,
  isOnline: false,
  possibleDuplicateOfId: null,
};
