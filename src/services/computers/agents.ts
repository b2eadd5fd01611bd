import { createHash } from 'node:crypto';
import type { TakenExecution } from '../../domain/activities/execution.ts';
import {
  type AgentFacts,
  blockingExecution,
  confirmed,
  NO_OPERATION,
  newMessages,
} from '../../domain/computers/agent.ts';
import type { ComputerStatus } from '../../domain/computers/computer.ts';
import { addMinutes, type Instant } from '../../domain/time.ts';
import { noopObserver, type Observer } from '../observer.ts';
import type { Store, Transaction } from '../ports.ts';
import { hashOf, newSecret } from '../secrets.ts';
import { type AgentMessage, moveExecutions, type Outcome, planMoves } from './agent-executions.ts';
import { type AgentFile, PART_BYTES, partsOf } from './agent-files.ts';
import type { LockedAgent, SavedAgent } from './agent-ports.ts';
import { accountOfComputerToken } from './computer-token.ts';

/** A computer that is identified by the secure id from its registration. */
export interface AgentCaller {
  readonly accountId: number;
  readonly secureId: string;
}

/** Undefined if the text is not a secure id. */
export function agentCaller(secureId: string): AgentCaller | undefined {
  const accountId = accountOfComputerToken(secureId);
  return accountId === undefined ? undefined : { accountId, secureId };
}

/** The client's part of an exchange. */
export interface AgentTurn {
  /** Number of the client's first message. Null if the body contains none. */
  readonly sequence: number | null;
  /** Number that the client expects for the next message to it. It has processed the messages before it. */
  readonly nextExpected: number | null;
  readonly messages: readonly AgentMessage[];
  /**
   * The client knows the message types that the server accepts in this status. Null if it assumes other
   * types.
   */
  readonly knownStatus: ComputerStatus | null;
  /** The message types that the client accepts. Null if it does not state them in this exchange. */
  readonly types: { readonly hash: string; readonly runsScripts: boolean } | null;
  readonly exchangeToken: string | null;
  readonly version: string | null;
}

/** The server's part of an exchange. */
export type AgentAnswer =
  /** No computer has this secure id. */
  | { readonly kind: 'unknown' }
  /** The computer was removed or rejected less than a day ago. */
  | { readonly kind: 'removed' }
  | {
      readonly kind: 'known';
      readonly computerId: number;
      readonly status: ComputerStatus;
      /** In the order of the message numbers. Null for a message that runs nothing. */
      readonly executions: readonly (TakenExecution | null)[];
      /**
       * Whether the response lists the message types that the server accepts in this status. The first message that runs
       * no script contains the list. If there is none, an additional message does.
       */
      readonly sendsTypes: boolean;
      readonly expected: number;
      readonly exchangeToken: string;
      readonly typesHash: string | null;
      readonly counts: AgentCounts;
      /** Whether the response contains messages that the client must confirm. */
      readonly awaitsConfirmation: boolean;
    };

export interface AgentCounts {
  readonly delivered: number;
  /** Messages that were sent before and are not confirmed. */
  readonly repeated: number;
  readonly reported: number;
  readonly skipped: number;
  /** Executions that failed because their message blocked the client. */
  readonly blocked: number;
  /** 1 if the exchange token is wrong, because the client was cloned or the database was restored. */
  readonly wrongTokens: number;
}

/** Minutes to wait before the client of a removed computer is asked to register again. */
const SILENT_MINUTES_AFTER_REMOVAL = 1440;

export type AgentService = ReturnType<typeof agentService>;

/** The use cases of `landscape-client`. Independent of the wire format. */
export function agentService(store: Store, observer: Pick<Observer, 'executionEnded'> = noopObserver) {
  let installation: string | undefined;
  return {
    /**
     * Processes one exchange: stores the client's new messages and delivers waiting executions. Unconfirmed
     * messages are sent again under the same numbers. Confirmed ones are never sent again.
     */
    async exchange(agent: AgentCaller, turn: AgentTurn): Promise<AgentAnswer> {
      const { accountId, secureId } = agent;
      const idle = await idleAnswer(store, agent, turn);
      if (idle) return idle;
      const done = await store.transaction(async (tx, now) => {
        const found = await lockedAgent(tx, accountId, hashOf(secureId), now);
        if (found) return takeTurn(tx, accountId, found, turn, now);
        const since = addMinutes(now, -SILENT_MINUTES_AFTER_REMOVAL);
        const kind = (await tx.agents.wasRemoved(accountId, hashOf(secureId), since)) ? 'removed' : 'unknown';
        return { kind } as const;
      });
      if ('kind' in done) return done;
      for (const outcome of done.outcomes) observer.executionEnded(outcome);
      return answerTo(store, accountId, done);
    },

    /** Whether a computer has this secure id. */
    async isComputer({ accountId, secureId }: AgentCaller): Promise<boolean> {
      return (await store.read.computers.byToken(accountId, hashOf(secureId))) !== undefined;
    },

    /** An attachment of a script that the computer is currently running. Undefined for all others. */
    async attachment({ accountId, secureId }: AgentCaller, id: number): Promise<AgentFile | undefined> {
      const read = (from: number) =>
        store.read.agents.attachment(accountId, hashOf(secureId), id, { from, most: PART_BYTES });
      const first = await read(0);
      return first && { size: first.size, parts: partsOf(first, read) };
    },

    /**
     * A UUID of the installation. The same on all replicas. It survives restarts and a move to another
     * database.
     */
    async serverUuid(): Promise<string> {
      installation ??= await store.read.agents.installation();
      const hex = createHash('sha256')
        .update(`server-uuid ${installation ?? ''}`)
        .digest('hex');
      return [8, 12, 16, 20, 32].map((end, index, ends) => hex.slice(ends[index - 1] ?? 0, end)).join('-');
    },
  };
}

/**
 * Handles an exchange without messages on either side in one statement. Most exchanges are of this kind.
 * Undefined for the others.
 */
async function idleAnswer(
  store: Store,
  { accountId, secureId }: AgentCaller,
  turn: AgentTurn,
): Promise<AgentAnswer | undefined> {
  const { sequence, nextExpected, knownStatus, messages, types, version } = turn;
  if (messages.length > 0 || types || knownStatus === null || sequence === null || nextExpected === null)
    return undefined;
  const exchangeToken = newSecret();
  const saved = await store.read.agents.saveIdle(accountId, hashOf(secureId), {
    expected: sequence,
    unconfirmedFrom: nextExpected,
    status: knownStatus,
    shownToken: turn.exchangeToken,
    exchangeToken,
    version,
  });
  return (
    saved && {
      kind: 'known',
      computerId: saved.computerId,
      status: knownStatus,
      executions: [],
      sendsTypes: false,
      expected: sequence,
      exchangeToken,
      typesHash: saved.typesHash,
      counts: NOTHING_MOVED,
      awaitsConfirmation: false,
    }
  );
}

const NOTHING_MOVED: AgentCounts = {
  delivered: 0,
  repeated: 0,
  reported: 0,
  skipped: 0,
  blocked: 0,
  wrongTokens: 0,
};

/** A computer that enrolled through GraphQL has no session before its first exchange. */
async function lockedAgent(
  tx: Transaction,
  accountId: number,
  tokenHash: string,
  now: Instant,
): Promise<LockedAgent | undefined> {
  const found = await tx.agents.forUpdate(accountId, tokenHash, now);
  if (found) return found;
  const computer = await tx.computers.byToken(accountId, tokenHash);
  if (!computer) return undefined;
  await tx.agents.insert(accountId, computer.computerId, null);
  return tx.agents.forUpdate(accountId, tokenHash, now);
}

/** A stored exchange. Its scripts are read after the transaction, so other computers do not wait for the run. */
interface Exchanged {
  readonly agent: LockedAgent;
  readonly session: SavedAgent;
  readonly sendsTypes: boolean;
  readonly counts: Omit<AgentCounts, 'repeated'>;
  readonly outcomes: readonly Outcome[];
}

async function takeTurn(
  tx: Transaction,
  accountId: number,
  agent: LockedAgent,
  turn: AgentTurn,
  now: Instant,
): Promise<Exchanged> {
  const { computerId, status } = agent;
  const sequence = turn.sequence ?? agent.expected ?? 0;
  const nextExpected = turn.nextExpected ?? agent.unconfirmedFrom;
  const news = newMessages(agent, sequence, turn.messages.length);
  const messages = turn.messages.slice(news.first);
  const arrived = turn.exchangeToken !== null && turn.exchangeToken === agent.exchangeToken;
  const confirmation = confirmed(agent, nextExpected, arrived);
  const runsScripts = turn.types ? turn.types.runsScripts : agent.runsScripts;

  const moves = await planMoves(tx, accountId, agent, {
    messages,
    blocked: blockingExecution(confirmation),
    unknown: confirmation.unknown,
    delivers: runsScripts,
    now,
  });
  const again = confirmation.unconfirmed.map((id) => (moves.open.has(id) ? id : NO_OPERATION));
  const unconfirmed = [...again, ...moves.delivered];
  const sendsTypes = turn.knownStatus !== status;
  const session = {
    expected: news.expected,
    unconfirmedFrom: nextExpected,
    unconfirmed,
    sent: unconfirmed.length + (sendsTypes && !unconfirmed.includes(NO_OPERATION) ? 1 : 0),
    askedAgain: confirmation.askedAgain,
    inDoubtUntil: null,
    exchangeToken: newSecret(),
    typesHash: turn.types ? turn.types.hash : agent.typesHash,
    notifiedStatus: status,
    runsScripts,
    lastSeenAt: now,
    version: turn.version,
    facts: factsOf(messages),
  };
  // Saved before the runs are locked, because thousands of computers may wait for one run.
  await tx.agents.save(accountId, computerId, session);
  const { reported, skipped, outcomes } = await moveExecutions(tx, accountId, computerId, moves, now);
  return {
    agent,
    session,
    sendsTypes,
    outcomes,
    counts: {
      delivered: moves.delivered.length,
      reported,
      skipped: messages.filter(({ kind }) => kind === 'skipped').length + skipped,
      blocked: moves.blocked.length,
      wrongTokens: turn.exchangeToken !== null && !arrived ? 1 : 0,
    },
  };
}

async function answerTo(
  store: Store,
  accountId: number,
  { agent: { computerId, status }, session, sendsTypes, counts }: Exchanged,
): Promise<AgentAnswer> {
  const { unconfirmed } = session;
  const ids = unconfirmed.filter((id) => id !== NO_OPERATION);
  const taken = ids.length > 0 ? await store.read.executions.taken(accountId, computerId, ids) : [];
  const runnable = new Map(
    taken.filter(({ cancelRequested }) => !cancelRequested).map((execution) => [execution.id, execution]),
  );
  const again = unconfirmed.slice(0, unconfirmed.length - counts.delivered);
  return {
    kind: 'known',
    computerId,
    status,
    executions: unconfirmed.map((id) => runnable.get(id) ?? null),
    sendsTypes,
    expected: session.expected!,
    exchangeToken: session.exchangeToken,
    typesHash: session.typesHash,
    awaitsConfirmation: session.sent > 0,
    counts: { ...counts, repeated: again.filter((id) => runnable.has(id)).length },
  };
}

const factsOf = (messages: readonly AgentMessage[]): AgentFacts =>
  Object.assign({}, ...messages.map((message) => (message.kind === 'facts' ? message.facts : {})));
