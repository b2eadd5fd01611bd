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

/** A computer by the secure id that it was given when it registered. */
export interface AgentCaller {
  readonly accountId: number;
  readonly secureId: string;
}

/** Undefined for a text that is no computer's secure id. */
export function agentCaller(secureId: string): AgentCaller | undefined {
  const accountId = accountOfComputerToken(secureId);
  return accountId === undefined ? undefined : { accountId, secureId };
}

/** What a client sends in one exchange. */
export interface AgentTurn {
  /** Number of its first message; null where it says none. */
  readonly sequence: number | null;
  /** Number that it gives to our next message: it has handled those before. */
  readonly nextExpected: number | null;
  readonly messages: readonly AgentMessage[];
  /** The status whose message types it believes to be accepted; null for other types. */
  readonly knows: ComputerStatus | null;
  /** The message types that it takes; null where it does not repeat them. */
  readonly types: { readonly hash: string; readonly runsScripts: boolean } | null;
  readonly exchangeToken: string | null;
  readonly version: string | null;
}

/** What it is answered. */
export type AgentAnswer =
  /** Its secure id is nobody's. */
  | { readonly kind: 'unknown' }
  /** Its computer was removed or rejected less than a day ago. */
  | { readonly kind: 'removed' }
  | {
      readonly kind: 'known';
      readonly computerId: number;
      readonly status: ComputerStatus;
      /** In the order of their numbers; null for a message that runs nothing. */
      readonly executions: readonly (TakenExecution | null)[];
      /** Whether the client is told the types of its status: by the first message that runs nothing, or by one more. */
      readonly tellsTypes: boolean;
      readonly expected: number;
      readonly exchangeToken: string;
      readonly typesHash: string | null;
      readonly counts: AgentCounts;
      /** Whether it has messages that the client must confirm. */
      readonly awaitsConfirmation: boolean;
    };

export interface AgentCounts {
  readonly delivered: number;
  /** Messages that were sent before and not confirmed. */
  readonly repeated: number;
  readonly reported: number;
  readonly skipped: number;
  /** Executions that were failed because their message blocked the client. */
  readonly blocked: number;
  /** 1 when the exchange token is another one: a clone of the client, or a restored database. */
  readonly wrongTokens: number;
}

/** Minutes for which a removed computer is not told to register again. */
const SILENT_AFTER_REMOVAL = 1440;

export type AgentService = ReturnType<typeof agentService>;

/** The computer's side over the message system. It knows nothing of the wire. */
export function agentService(store: Store, observer: Pick<Observer, 'executionEnded'> = noopObserver) {
  let installation: string | undefined;
  return {
    /**
     * One exchange: reports what is new of the client's messages, and delivers what waits. What the client has not
     * confirmed is delivered again under the same numbers, and what it has confirmed never again.
     */
    async exchange(agent: AgentCaller, turn: AgentTurn): Promise<AgentAnswer> {
      const { accountId, secureId } = agent;
      const idle = await idleAnswer(store, agent, turn);
      if (idle) return idle;
      const done = await store.transaction(async (tx, now) => {
        const found = await lockedAgent(tx, accountId, hashOf(secureId), now);
        if (found) return takeTurn(tx, accountId, found, turn, now);
        const since = addMinutes(now, -SILENT_AFTER_REMOVAL);
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

    /** A script's file for a computer that runs the script now; undefined for all others. */
    async attachment({ accountId, secureId }: AgentCaller, id: number): Promise<AgentFile | undefined> {
      const read = (from: number) =>
        store.read.agents.attachment(accountId, hashOf(secureId), id, { from, most: PART_BYTES });
      const first = await read(0);
      return first && { size: first.size, parts: partsOf(first, read) };
    },

    /** A UUID of the installation: the same on all replicas, after restarts, and after a move to another database. */
    async serverUuid(): Promise<string> {
      installation ??= await store.read.agents.installation();
      const hex = createHash('sha256')
        .update(`server-uuid ${installation ?? ''}`)
        .digest('hex');
      return [8, 12, 16, 20, 32].map((end, index, ends) => hex.slice(ends[index - 1] ?? 0, end)).join('-');
    },
  };
}

/** Most exchanges say nothing on either side: those cost one statement. Undefined for the others. */
async function idleAnswer(
  store: Store,
  { accountId, secureId }: AgentCaller,
  turn: AgentTurn,
): Promise<AgentAnswer | undefined> {
  const { sequence, nextExpected, knows, messages, types, version } = turn;
  if (messages.length > 0 || types || knows === null || sequence === null || nextExpected === null)
    return undefined;
  const exchangeToken = newSecret();
  const saved = await store.read.agents.saveIdle(accountId, hashOf(secureId), {
    expected: sequence,
    unconfirmedFrom: nextExpected,
    status: knows,
    shownToken: turn.exchangeToken,
    exchangeToken,
    version,
  });
  return (
    saved && {
      kind: 'known',
      computerId: saved.computerId,
      status: knows,
      executions: [],
      tellsTypes: false,
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

/** A computer that enrolled by the graph has no session before its first exchange. */
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

/** An exchange that is stored. Its scripts are read afterwards, when no other computer waits for the run. */
interface Exchanged {
  readonly agent: LockedAgent;
  readonly session: SavedAgent;
  readonly tellsTypes: boolean;
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
  const tellsTypes = turn.knows !== status;
  const session = {
    expected: news.expected,
    unconfirmedFrom: nextExpected,
    unconfirmed,
    sent: unconfirmed.length + (tellsTypes && !unconfirmed.includes(NO_OPERATION) ? 1 : 0),
    askedAgain: confirmation.askedAgain,
    inDoubtUntil: null,
    exchangeToken: newSecret(),
    typesHash: turn.types ? turn.types.hash : agent.typesHash,
    toldStatus: status,
    runsScripts,
    lastSeenAt: now,
    version: turn.version,
    facts: factsOf(messages),
  };
  // Before the runs are locked: thousands of computers may wait for one run.
  await tx.agents.save(accountId, computerId, session);
  const { reported, skipped, outcomes } = await moveExecutions(tx, accountId, computerId, moves, now);
  return {
    agent,
    session,
    tellsTypes,
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
  { agent: { computerId, status }, session, tellsTypes, counts }: Exchanged,
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
    tellsTypes,
    expected: session.expected!,
    exchangeToken: session.exchangeToken,
    typesHash: session.typesHash,
    awaitsConfirmation: session.sent > 0,
    counts: { ...counts, repeated: again.filter((id) => runnable.has(id)).length },
  };
}

const factsOf = (messages: readonly AgentMessage[]): AgentFacts =>
  Object.assign({}, ...messages.map((message) => (message.kind === 'facts' ? message.facts : {})));
