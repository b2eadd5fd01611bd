import type { Change } from '../../domain/change.ts';
import { readInsecureId } from '../../domain/computers/agent.ts';
import type { Store } from '../ports.ts';

/** Computers of which it is known whether something waits for them. */
const MAX_KNOWN = 100_000;

interface Known {
  readonly accountId: number;
  /** What had changed when it was looked up. */
  readonly asOf: number;
  readonly hasNews: Promise<boolean>;
}

/** Whether something may wait for computers of the account by it. */
const bringsNews = (change: Change): boolean =>
  change.kind === 'computers' || (change.kind === 'run' && change.change === 'STARTED');

export type AgentPings = ReturnType<typeof agentPings>;

/**
 * Whether a computer should exchange messages, from memory: thousands of computers ask twice a minute, and mostly nothing
 * has changed. What changes in an account is announced, and each of its computers is looked up once more. Only a no is
 * remembered: a yes ends with an exchange, of which other processes do not hear.
 */
export function agentPings(store: Store) {
  const known = new Map<string, Known>();
  const changes = new Map<number, number>();
  /** Counts what may have changed anywhere, too. */
  let clock = 0;
  let everything = 0;

  const changedAt = (accountId: number) => Math.max(everything, changes.get(accountId) ?? 0);

  function find(insecureId: string): Promise<boolean> | undefined {
    const entry = known.get(insecureId);
    if (entry) return entry.asOf >= changedAt(entry.accountId) ? entry.hasNews : undefined;
    // Unknown: it is to come, and will be told so.
    return readInsecureId(insecureId) ? undefined : Promise.resolve(true);
  }

  async function lookUp(insecureId: string): Promise<boolean> {
    const { accountId, computerId } = readInsecureId(insecureId)!;
    const { agents } = store.read;
    const hasNews = await agents.hasNews(accountId, computerId);
    // A removed computer is not to come for a while.
    return hasNews ?? !(await agents.wasComputerRemoved(accountId, computerId));
  }

  function keep(insecureId: string, hasNews: Promise<boolean>): Promise<boolean> {
    known.delete(insecureId);
    known.set(insecureId, { accountId: readInsecureId(insecureId)!.accountId, asOf: clock, hasNews });
    if (known.size > MAX_KNOWN) {
      const [oldest] = known.keys();
      known.delete(oldest!);
    }
    const forget = () => {
      if (known.get(insecureId)?.hasNews === hasNews) known.delete(insecureId);
    };
    hasNews.then((yes) => {
      if (yes) forget();
    }, forget);
    return hasNews;
  }

  return {
    /** The answer, if it takes no look into the database. */
    remembered: find,

    hasNews: (insecureId: string): Promise<boolean> =>
      find(insecureId) ?? keep(insecureId, lookUp(insecureId)),

    /** What an exchange has just found. */
    learn(insecureId: string, hasNews: boolean, asOf: number): void {
      if (hasNews || asOf < changedAt(readInsecureId(insecureId)!.accountId)) known.delete(insecureId);
      else keep(insecureId, Promise.resolve(false));
    },

    /** The number of changes so far: taken before an exchange, whose finding is older than what changes meanwhile. */
    changes: () => clock,

    /** Hears what a transaction of any process announced; undefined when some may have been missed. */
    hear(change: Change | undefined): void {
      if (change && !bringsNews(change)) return;
      clock += 1;
      if (change) changes.set(change.accountId, clock);
      else everything = clock;
    },
  };
}
