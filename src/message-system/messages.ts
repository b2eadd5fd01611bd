import { createHash } from 'node:crypto';
import type { TakenExecution } from '../domain/activities/execution.ts';
import type { ComputerStatus } from '../domain/computers/computer.ts';
import { cutToSecond, toRfc3339 } from '../domain/time.ts';
import { type Encodable, encode } from './bpickle.ts';

// The messages to clients. A wrong type on the wire can silence a client permanently, so each message has its
// own type. In these types, a string is unicode and Ascii is bytes. No other types are encoded.

declare const isAscii: unique symbol;
/** ASCII bytes. Where the client reads bytes, it fails on others. */
export type Ascii = Uint8Array & { readonly [isAscii]: true };

export function ascii(text: string): Ascii {
  if (!/^[\x20-\x7e]*$/.test(text)) throw new TypeError('Only printable ASCII may be sent as bytes.');
  return Buffer.from(text) as Uint8Array as Ascii;
}

export type ServerMessage =
  | { readonly type: 'set-id'; readonly id: Ascii; readonly 'insecure-id': bigint }
  | { readonly type: 'registration'; readonly info: 'unknown-account' }
  | { readonly type: 'unknown-id' }
  | { readonly type: 'accepted-types'; readonly types: readonly string[] }
  /** Only occupies a message number. The client ignores it, because it does not know the type. */
  | { readonly type: 'no-operation' }
  | ExecuteScript;

/** A script to run. If one of the required keys is missing, the client fails or does not respond. */
export interface ExecuteScript {
  readonly type: 'execute-script';
  readonly 'operation-id': number;
  readonly interpreter: string;
  readonly code: string;
  readonly username: string;
  /** Seconds. */
  readonly 'time-limit': number;
  /** Id of each attachment, by file name. */
  readonly attachments: { readonly [filename: string]: number };
  readonly env: { readonly [name: string]: string };
}

export interface ServerAnswer {
  readonly serverUuid: Ascii;
  readonly messages: readonly ServerMessage[];
  /**
   * Number of the next message expected from the client. If it is omitted, the client considers all its
   * messages received.
   */
  readonly nextExpected?: number;
  readonly nextToken?: Ascii;
  /** Hexadecimal digest of the client's message types. */
  readonly typesHash?: string | null;
}

const SERVER_API = '3.3';

export const encodeAnswer = (answer: ServerAnswer): Buffer =>
  encode({
    'server-api': SERVER_API,
    'server-uuid': answer.serverUuid,
    messages: answer.messages.map(fieldsOf),
    'next-expected-sequence': answer.nextExpected,
    'next-exchange-token': answer.nextToken,
    'client-accepted-types-hash': answer.typesHash == null ? undefined : Buffer.from(answer.typesHash, 'hex'),
  });

const fieldsOf = (message: ServerMessage): { readonly [field: string]: Encodable } => ({ ...message });

/** The answer to a ping: whether the client should exchange messages now. */
export const encodePing = (hasNews: boolean): Buffer => encode({ messages: hasNews });

/**
 * The message types that the server accepts in each status. `packages` must not be accepted, because the
 * client would then request databases that do not exist here.
 */
export const typesOf: Readonly<Record<ComputerStatus | 'unregistered', readonly string[]>> = {
  unregistered: ['register'],
  pending: [],
  accepted: ['computer-info', 'computer-tags', 'distribution-info', 'operation-result', 'resynchronize'],
};

/** Both sides compare lists of message types by this hexadecimal digest. */
export const digestOf = (types: readonly string[]): string =>
  createHash('md5')
    .update([...types].sort().join(';'))
    .digest('hex');

export const acceptedTypes = (status: keyof typeof typesOf): ServerMessage => ({
  type: 'accepted-types',
  types: typesOf[status],
});

export function executeScript(execution: TakenExecution, landscapeUrl: string): ExecuteScript {
  const { environment } = execution;
  const { activityCreator: creator } = environment;
  return {
    type: 'execute-script',
    'operation-id': execution.id,
    interpreter: execution.interpreter,
    code: execution.code,
    username: execution.username,
    'time-limit': execution.timeLimit,
    attachments: Object.fromEntries(execution.attachments.map(({ filename, id }) => [filename, id])),
    env: {
      LANDSCAPE_ACCOUNT: environment.accountName,
      LANDSCAPE_COMPUTER_ID: String(environment.computerId),
      LANDSCAPE_COMPUTER_TAGS: environment.computerTags.join(','),
      LANDSCAPE_URL: landscapeUrl,
      LANDSCAPE_ACTIVITY_ID: String(environment.activityId),
      ...(creator && { LANDSCAPE_ACTIVITY_CREATOR_ID: String(creator.id) }),
      LANDSCAPE_ACTIVITY_CREATION_TIME: toRfc3339(cutToSecond(environment.activityCreationTime)),
    },
  };
}
