import { createHash } from 'node:crypto';
import type { TakenExecution } from '../domain/activities/execution.ts';
import type { ComputerStatus } from '../domain/computers/computer.ts';
import { cutToSecond, toRfc3339 } from '../domain/time.ts';
import { type Encodable, encode } from './bpickle.ts';

// What the server says. A wrong type on the wire can silence a client for good: so each message has a type of its own
// here, in which a string is unicode and Ascii is bytes, and nothing else is ever encoded.

declare const isAscii: unique symbol;
/** Bytes of ASCII. The client fails on others where it reads bytes. */
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
  /** The client knows no such type and ignores it; its number counts. */
  | { readonly type: 'no-operation' }
  | ExecuteScript;

/** A script to run. Without one of the keys that are not optional here the client fails, or says nothing. */
export interface ExecuteScript {
  readonly type: 'execute-script';
  readonly 'operation-id': number;
  readonly interpreter: string;
  readonly code: string;
  readonly username: string;
  /** Seconds. */
  readonly 'time-limit': number;
  /** The number of each file, by its name. */
  readonly attachments: { readonly [filename: string]: number };
  readonly env: { readonly [name: string]: string };
}

export interface ServerAnswer {
  readonly serverUuid: Ascii;
  readonly messages: readonly ServerMessage[];
  /** Number of the client's message that is wanted next; left out, it takes all as received. */
  readonly nextExpected?: number;
  readonly nextToken?: Ascii;
  /** Digest of the client's message types, in hexadecimal. */
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

/** Whether a ping is answered with yes or no; there is no third answer. */
export const encodePing = (hasNews: boolean): Buffer => encode({ messages: hasNews });

/** What is asked of a client in each status. Never `packages`, after which it asks for databases that are not here. */
export const typesOf: Readonly<Record<ComputerStatus | 'unregistered', readonly string[]>> = {
  unregistered: ['register'],
  pending: [],
  accepted: ['computer-info', 'computer-tags', 'distribution-info', 'operation-result', 'resynchronize'],
};

/** The digest by which both sides compare lists of message types, in hexadecimal. */
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
