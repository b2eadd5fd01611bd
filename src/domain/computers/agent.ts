import { check, invalid } from '../errors.ts';
import { isName, NO_HIDDEN } from '../text.ts';
import { addMinutes, type Instant } from '../time.ts';

// The session of a computer that uses the message system. Both sides number their messages and confirm those
// that they have processed. The client chooses the numbers. They survive registrations and are never reset.

/** The state of a session, as stored between exchanges. */
export interface AgentSession {
  /** Number of the next message expected from the client. Null before the first exchange. */
  readonly expected: number | null;
  /** Number of the first message to the client that it has not confirmed. */
  readonly unconfirmedFrom: number;
  /**
   * Executions in the unconfirmed messages, in order. NO_OPERATION stands for any other message. A message number is
   * never used for a second execution, so a restored database knows the contents of the messages that it sent.
   */
  readonly unconfirmed: readonly number[];
  /** Number of messages in the last answer: the unconfirmed ones and those after them. */
  readonly sent: number;
  /** How often the client has requested the first unconfirmed message again, see DELIVERED_REPEAT_WEIGHT. */
  readonly askedAgain: number;
  /**
   * Executions up to this number may have been delivered after the backup was created. Null unless a backup was restored
   * and the computer has not exchanged messages since.
   */
  readonly inDoubtUntil: number | null;
}

export const NO_OPERATION = 0;

export const NEW_SESSION: AgentSession = {
  expected: null,
  unconfirmedFrom: 0,
  unconfirmed: [],
  sent: 0,
  askedAgain: 0,
  inDoubtUntil: null,
};

/** Maximum number of open executions of a computer. The client starts all of them at the same time. */
export const MAX_OPEN = 10;

/**
 * Weight of a repeated request from a client that proves, by its exchange token, that it received the last
 * response. Such a client could not process the message. Without the token, the response may have been lost,
 * or the client may be too old to send tokens.
 */
const DELIVERED_REPEAT_WEIGHT = 8;
/** Above this weight of repeated requests, the message is considered to block the client's queue. */
const MAX_REPEAT_WEIGHT = 3 * DELIVERED_REPEAT_WEIGHT;

/**
 * Finds the client's messages that are new, from index `first`, and the number expected next. A client that
 * is ahead sends everything again when it receives the expected number.
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
  /**
   * Executions that the client has not confirmed. They are sent again under the same numbers. NO_OPERATION stands
   * for a message that does nothing.
   */
  readonly unconfirmed: readonly number[];
  readonly askedAgain: number;
  /** Number of confirmed messages that are unknown, because the database was restored from an old backup. */
  readonly unknown: number;
}

/**
 * Derives the confirmed messages from the number that the client expects next.
 * @param arrived whether the client has proved that it received the last response
 */
export function confirmed(session: AgentSession, nextExpected: number, arrived: boolean): Confirmation {
  const { unconfirmedFrom, unconfirmed, sent, askedAgain, inDoubtUntil } = session;
  // A new session starts with the client’s numbers. After a restore, its first exchange may be missing here.
  if (session.expected === null)
    return { unconfirmed: [], askedAgain: 0, unknown: inDoubtUntil === null ? 0 : nextExpected };
  const number = nextExpected - unconfirmedFrom;
  const messages = Array.from(
    { length: Math.max(sent, unconfirmed.length) },
    (_, index) => unconfirmed[index] ?? NO_OPERATION,
  );
  return {
    unconfirmed: messages.slice(Math.max(0, number)),
    askedAgain: number === 0 && sent > 0 ? askedAgain + (arrived ? DELIVERED_REPEAT_WEIGHT : 1) : 0,
    unknown: Math.max(0, number - sent),
  };
}

/**
 * The execution whose message the client cannot process. The client requests it repeatedly and never confirms
 * it.
 */
export function blockingExecution({ unconfirmed, askedAgain }: Confirmation): number | undefined {
  const [first = NO_OPERATION] = unconfirmed;
  return askedAgain > MAX_REPEAT_WEIGHT && first !== NO_OPERATION ? first : undefined;
}

const ACCOUNTS = 1_000_000_000n;

/**
 * The id that a client sends in pings. It is public. It encodes the account, because a ping does not name it.
 */
export const insecureIdOf = (accountId: number, computerId: number): bigint =>
  BigInt(computerId) * ACCOUNTS + BigInt(accountId);

/** Undefined if the text is not an insecure id. */
export function readInsecureId(text: string): { accountId: number; computerId: number } | undefined {
  if (!/^\d{10,25}$/.test(text)) return undefined;
  const [computerId, accountId] = [BigInt(text) / ACCOUNTS, BigInt(text) % ACCOUNTS].map(Number) as [
    number,
    number,
  ];
  return accountId > 0 && Number.isSafeInteger(computerId) ? { accountId, computerId } : undefined;
}

/** Twice the interval between two exchanges of an idle client. */
const ONLINE_MINUTES = 30;

/** A computer counts as online if its client was seen after this time. */
export const onlineSince = (now: Instant): Instant => addMinutes(now, -ONLINE_MINUTES);

/** The state of a computer's `landscape-client`. */
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
  /** For a pending computer: the accepted computer of the same machine. */
  readonly possibleDuplicateOfId: number | null;
}

/** Facts about a machine, as reported by `landscape-client`. Omitted fields are unknown. */
export interface AgentFacts {
  readonly machineId?: string;
  readonly distribution?: Distribution;
  /** MiB. */
  readonly totalMemory?: number;
  /** MiB. */
  readonly totalSwap?: number;
  /** Tags from the client's configuration file. Null if it has none. */
  readonly configuredTags?: string | null;
}

export interface Distribution {
  readonly distributor: string | null;
  readonly description: string | null;
  readonly release: string | null;
  readonly codeName: string | null;
}

/** Checks the distribution that an enrolment states. @throws Refusal INVALID_INPUT */
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
