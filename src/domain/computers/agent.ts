import { check, invalid } from '../errors.ts';
import { isName, NO_HIDDEN } from '../text.ts';
import { addMinutes, type Instant } from '../time.ts';

// The session of a computer that speaks the message system. Both sides number their messages and confirm what they have
// handled. The numbers are the client's: they survive registrations and are never reset.

/** What is kept of a session between two exchanges. */
export interface AgentSession {
  /** Number of the client's message that is expected next; null before the first exchange. */
  readonly expected: number | null;
  /** Number of the first message to the client that it has not confirmed. */
  readonly unconfirmedFrom: number;
  /**
   * Executions in the unconfirmed messages, in their order; NO_OPERATION for another message. No other execution ever gets
   * the number of a message: a database that is restored from a backup then knows what was in the messages that it sent.
   */
  readonly unconfirmed: readonly number[];
  /** Number of messages in the last answer: those, and others behind them. */
  readonly sent: number;
  /** How often the client has asked for the first unconfirmed message again; see ARRIVED. */
  readonly askedAgain: number;
  /**
   * Until the first exchange after a backup was restored: executions up to this number may have been delivered after the
   * backup was made. Null otherwise.
   */
  readonly inDoubtUntil: number | null;
}

export const NO_OPERATION = 0;

/** A session before its first exchange. */
export const NEW_SESSION: AgentSession = {
  expected: null,
  unconfirmedFrom: 0,
  unconfirmed: [],
  sent: 0,
  askedAgain: 0,
  inDoubtUntil: null,
};

/** Executions that a computer has at the same time: the client starts all of them at once. */
export const MAX_OPEN = 10;

/**
 * A client that shows the exchange token of the last answer has received it, and asks again because it could not handle
 * the message. Without the token the answer may just have been lost, or the client is too old to show one.
 */
const ARRIVED = 8;
/** A message that the client asks for more often than this blocks the queue behind it. */
const MAX_REPEATS = 3 * ARRIVED;

/**
 * Which of the client's messages are new, from index `first` on, and the number that is expected next. A client that is
 * ahead of us sends everything again once it is told which number is expected.
 */
export function newMessages(
  { expected }: Pick<AgentSession, 'expected'>,
  sequence: number,
  count: number,
): { readonly first: number; readonly expected: number } {
  const next = expected ?? sequence;
  if (sequence > next) return { first: count, expected: next };
  return { first: Math.min(next - sequence, count), expected: Math.max(next, sequence + count) };
}

export interface Confirmation {
  /** Executions that the client has not confirmed, sent again under the same numbers; NO_OPERATION for another message. */
  readonly unconfirmed: readonly number[];
  readonly askedAgain: number;
  /** Messages that the client confirms and that are unknown here: the database is older than the client. */
  readonly unknown: number;
}

/**
 * What the client confirms by the number that it expects next.
 * @param arrived whether the client has shown that it received the last answer
 */
export function confirmed(session: AgentSession, nextExpected: number, arrived: boolean): Confirmation {
  const { unconfirmedFrom, unconfirmed, sent, askedAgain, inDoubtUntil } = session;
  // A new session takes the numbers as they come. But the first exchange of a restored one may have been lost.
  if (session.expected === null)
    return { unconfirmed: [], askedAgain: 0, unknown: inDoubtUntil === null ? 0 : nextExpected };
  const number = nextExpected - unconfirmedFrom;
  const messages = Array.from(
    { length: Math.max(sent, unconfirmed.length) },
    (_, index) => unconfirmed[index] ?? NO_OPERATION,
  );
  return {
    unconfirmed: messages.slice(Math.max(0, number)),
    askedAgain: number === 0 && sent > 0 ? askedAgain + (arrived ? ARRIVED : 1) : 0,
    unknown: Math.max(0, number - sent),
  };
}

/** The execution whose message the client can't handle: it asks for it again and again, and for nothing behind it. */
export function blockingExecution({ unconfirmed, askedAgain }: Confirmation): number | undefined {
  const [first = NO_OPERATION] = unconfirmed;
  return askedAgain > MAX_REPEATS && first !== NO_OPERATION ? first : undefined;
}

const ACCOUNTS = 1_000_000_000n;

/** The id that a client shows in pings. It is no secret, and it contains the account, which a ping does not name. */
export const insecureIdOf = (accountId: number, computerId: number): bigint =>
  BigInt(computerId) * ACCOUNTS + BigInt(accountId);

/** Undefined for a text that is no such id. */
export function readInsecureId(text: string): { accountId: number; computerId: number } | undefined {
  if (!/^\d{10,25}$/.test(text)) return undefined;
  const [computerId, accountId] = [BigInt(text) / ACCOUNTS, BigInt(text) % ACCOUNTS].map(Number) as [
    number,
    number,
  ];
  return accountId > 0 && Number.isSafeInteger(computerId) ? { accountId, computerId } : undefined;
}

/** Twice the time after which a client exchanges messages when nothing is urgent. */
const ONLINE_MINUTES = 30;

/** A computer whose client was seen after then counts as online. */
export const onlineSince = (now: Instant): Instant => addMinutes(now, -ONLINE_MINUTES);

/** What is known of a computer that runs `landscape-client`. */
export interface AgentState {
  readonly lastSeenAt: Instant | null;
  readonly lastPingAt: Instant | null;
  readonly agentVersion: string | null;
  readonly distribution: Distribution | null;
  /** MiB. */
  readonly totalMemory: number | null;
  /** MiB. */
  readonly totalSwap: number | null;
  readonly isOnline: boolean;
  /** Of a pending computer: the accepted computer of the same machine. */
  readonly possibleDuplicateOfId: number | null;
}

/** What `landscape-client` says of its machine; a field that is left out is not known. */
export interface AgentFacts {
  readonly machineId?: string;
  readonly distribution?: Distribution;
  /** MiB. */
  readonly totalMemory?: number;
  /** MiB. */
  readonly totalSwap?: number;
  /** As the client's configuration has them; null for none. */
  readonly configuredTags?: string | null;
}

export interface Distribution {
  readonly distributor: string | null;
  readonly description: string | null;
  readonly release: string | null;
  readonly codeName: string | null;
}

/** A distribution as an enrolment gives it. @throws Refusal INVALID_INPUT */
export function distributionOf(given: Partial<Distribution>): Distribution {
  const part = (name: keyof Distribution) => () => {
    const text = given[name] ?? null;
    if (text !== null && !isName(text))
      throw invalid(`distribution.${name}`, text, `1 to 255 characters, ${NO_HIDDEN}`);
    return text;
  };
  return check({
    distributor: part('distributor'),
    description: part('description'),
    release: part('release'),
    codeName: part('codeName'),
  });
}
