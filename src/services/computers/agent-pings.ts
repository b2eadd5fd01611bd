import type { Change } from '../../domain/change.ts';
import { readInsecureId } from '../../domain/computers/agent.ts';
import type { Store } from '../ports.ts';

/** Maximum number of cached computers. */
const MAX_KNOWN = 100_000;
const PINGS_PER_TRANSACTION = 1000;

interface Known {
  readonly accountId: number;
  /** Number of changes when the computer was looked up. */
  readonly asOf: number;
  /** A promise during the lookup. */
  hasNews: Promise<boolean> | false;
}

/** Whether a change may create work for computers of the account. */
const mayCreateWork = (change: Change): boolean =>
  change.kind === 'computers' || (change.kind === 'run' && change.change === 'STARTED');

export type AgentPings = ReturnType<typeof agentPings>;

/**
 * Answers from memory whether a computer should exchange messages. Thousands of computers ping twice a
 * minute, and usually nothing has changed.
 *
 * A change in an account invalidates the entries of its computers. Only negative answers are cached. A
 * positive answer leads to an exchange, and other processes do not learn about that exchange.
 */
export function agentPings(store: Store) {
  const known = new Map<string, Known>();
  const changes = new Map<number, number>();
  /** Computers that have pinged since the last save. */
  const pinged = new Set<string>();
  /** The number of changes so far, including those that may have been missed. */
  let clock = 0;
  let everything = 0;

  const changedAt = (accountId: number) => Math.max(everything, changes.get(accountId) ?? 0);

  function find(insecureId: string): Promise<boolean> | boolean | undefined {
    const entry = known.get(insecureId);
    if (entry) pinged.add(insecureId);
    if (entry) return entry.asOf >= changedAt(entry.accountId) ? entry.hasNews : undefined;
    // An invalid id. In its exchange, the client learns that the id is unknown.
    return readInsecureId(insecureId) ? undefined : true;
  }

  async function lookUp(insecureId: string): Promise<boolean> {
    const { accountId, computerId } = readInsecureId(insecureId)!;
    const { agents } = store.read;
    const hasNews = await agents.hasNews(accountId, computerId);
    if (hasNews !== undefined) pinged.add(insecureId);
    // A computer that was removed recently should not exchange messages.
    return hasNews ?? !(await agents.wasComputerRemoved(accountId, computerId));
  }

  function remember(insecureId: string, hasNews: Promise<boolean> | false): Known {
    const { accountId } = readInsecureId(insecureId)!;
    const entry = { accountId, asOf: clock, hasNews };
    known.delete(insecureId);
    known.set(insecureId, entry);
    if (known.size > MAX_KNOWN) {
      const [oldest] = known.keys();
      known.delete(oldest!);
    }
    return entry;
  }

  function lookUpAndRemember(insecureId: string): Promise<boolean> {
    const looking = lookUp(insecureId);
    const entry = remember(insecureId, looking);
    const forget = () => {
      if (known.get(insecureId) === entry) known.delete(insecureId);
    };
    looking.then((yes) => {
      if (yes) forget();
      else entry.hasNews = false;
    }, forget);
    return looking;
  }

  return {
    /** The answer, if it is known without a database read. */
    remembered(insecureId: string): boolean | undefined {
      const found = find(insecureId);
      return typeof found === 'boolean' ? found : undefined;
    },

    hasNews: async (insecureId: string): Promise<boolean> =>
      find(insecureId) ?? lookUpAndRemember(insecureId),

    /** Stores the result of an exchange. */
    learn(insecureId: string, hasNews: boolean, asOf: number): void {
      if (hasNews || asOf < changedAt(readInsecureId(insecureId)!.accountId)) known.delete(insecureId);
      else remember(insecureId, false);
    },

    /**
     * The number of changes so far. Read before an exchange, so that changes during the exchange invalidate
     * its result.
     */
    changes: () => clock,

    /**
     * Stores which computers have pinged since the last call. Called once a minute, so that a ping costs no
     * statement.
     */
    async save(): Promise<void> {
      const computers = new Map<number, number[]>();
      for (const insecureId of pinged) {
        const { accountId, computerId } = readInsecureId(insecureId)!;
        const own = computers.get(accountId) ?? [];
        own.push(computerId);
        computers.set(accountId, own);
      }
      pinged.clear();
      for (const [accountId, own] of computers)
        while (own.length > 0) {
          const some = own.splice(0, PINGS_PER_TRANSACTION);
          await store.transaction((tx, now) => tx.agents.savePings(accountId, some, now));
        }
    },

    /** Processes a change that any process has published. Undefined if some changes may have been missed. */
    onChange(change: Change | undefined): void {
      if (change && !mayCreateWork(change)) return;
      clock += 1;
      if (change) changes.set(change.accountId, clock);
      else everything = clock;
    },
  };
}
