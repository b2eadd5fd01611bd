import { resultCodes } from '../domain/activities/execution.ts';
import type { Distribution } from '../domain/computers/agent.ts';
import { type AgentRegistration, machineIdOf } from '../domain/computers/agent-registration.ts';
import { Refusal } from '../domain/errors.ts';
import type { AgentMessage } from '../services/computers/agent-executions.ts';
import type { AgentTurn } from '../services/computers/agents.ts';
import { Dictionary, decode, textOf, type Value } from './bpickle.ts';
import { digestOf, typesOf } from './messages.ts';

// Parses the messages of clients. A client resends a rejected body forever, so every body that can be decoded
// is accepted. Invalid messages are skipped. Texts may be unicode or, from old clients, bytes.

export interface ClientExchange {
  readonly turn: Omit<AgentTurn, 'exchangeToken' | 'version'>;
  /** The first registration message. */
  readonly registration: AgentRegistration | undefined;
  /** Digest of the message types that the client believes the server accepts. */
  readonly acceptedTypes: string;
}

const SUCCEEDED = 6;
const FAILED = 5;
const MAX_TYPES = 1000;
const MAX_NAME_LENGTH = 255;
const MAX_INT = 2_147_483_647;

/** @throws Refusal INVALID_INPUT for a body that is not a bpickle dictionary */
export function readExchange(body: Uint8Array): ClientExchange {
  const payload = decode(body);
  if (!(payload instanceof Dictionary))
    throw new Refusal('INVALID_INPUT', 'The body must be a dictionary.', { field: 'body' });
  const sent = payload.get('messages');
  const messages = Array.isArray(sent) ? (sent as readonly Value[]) : [];
  const dictionaries = messages.filter((message) => message instanceof Dictionary);
  const registering = dictionaries.find((message) => textOf(message.get('type')) === 'register');
  const acceptedTypes = hexOf(payload.get('accepted-types'));
  return {
    turn: {
      sequence: natural(payload.get('sequence')) ?? null,
      nextExpected: natural(payload.get('next-expected-sequence')) ?? null,
      messages: messages.map(readMessage),
      knownStatus: statusOf[acceptedTypes] ?? null,
      types: typesIn(payload.get('client-accepted-types')),
    },
    registration: registering && readRegistration(registering),
    acceptedTypes,
  };
}

const statusOf: Readonly<Record<string, 'pending' | 'accepted'>> = {
  [digestOf(typesOf.pending)]: 'pending',
  [digestOf(typesOf.accepted)]: 'accepted',
};

function readMessage(message: Value): AgentMessage {
  if (!(message instanceof Dictionary)) return SKIPPED;
  switch (textOf(message.get('type'))) {
    case 'operation-result':
      return readResult(message);
    case 'computer-info':
      return {
        kind: 'facts',
        facts: {
          ...given('machineId', machineIdOf(textOf(message.get('machine-id')))),
          ...given('totalMemory', natural(message.get('total-memory'), MAX_INT)),
          ...given('totalSwap', natural(message.get('total-swap'), MAX_INT)),
        },
      };
    case 'distribution-info':
      return { kind: 'facts', facts: { distribution: readDistribution(message) } };
    case 'computer-tags':
      return { kind: 'facts', facts: { configuredTags: nameOf(message.get('tags'), 4096) } };
    case undefined:
      return SKIPPED;
    default:
      // A type that the server did not request, or a notice that needs no action, such as `resynchronize`.
      return { kind: 'ignored' };
  }
}

const SKIPPED: AgentMessage = { kind: 'skipped' };

function readResult(message: Dictionary): AgentMessage {
  const executionId = natural(message.get('operation-id'));
  const status = message.get('status');
  if (!executionId || (status !== SUCCEEDED && status !== FAILED)) return SKIPPED;
  const succeeded = status === SUCCEEDED;
  const code = message.get('result-code');
  const resultCode = succeeded ? null : (resultCodes.find((known) => known === code) ?? null);
  const text = message.get('result-text');
  return {
    kind: 'result',
    executionId,
    // Decoded late, because the texts of an exchange may be as long as its body.
    report: () => ({ succeeded, resultCode, resultText: textOf(text) ?? '' }),
  };
}

const readDistribution = (message: Dictionary): Distribution => ({
  distributor: nameOf(message.get('distributor-id')),
  description: nameOf(message.get('description')),
  release: nameOf(message.get('release')),
  codeName: nameOf(message.get('code-name')),
});

function readRegistration(message: Dictionary): AgentRegistration {
  const field = (name: string) => textOf(message.get(name)) ?? '';
  return {
    accountName: field('account_name'),
    registrationKey: field('registration_password'),
    title: field('computer_title'),
    hostname: field('hostname'),
    tags: field('tags'),
    accessGroup: field('access_group'),
    machineId: machineIdOf(field('machine_id')),
  };
}

function typesIn(value: Value | undefined): AgentTurn['types'] {
  if (!Array.isArray(value)) return null;
  const names = (value as readonly Value[])
    .slice(0, MAX_TYPES)
    .map(textOf)
    .filter((name) => name !== undefined);
  return { hash: digestOf(names), runsScripts: names.includes('execute-script') };
}

/** A non-negative integer. */
const natural = (value: Value | undefined, most = Number.MAX_SAFE_INTEGER): number | undefined =>
  typeof value === 'number' && value >= 0 && value <= most ? value : undefined;

/** A string that the database can store, within the maximum length in characters. Null for other values. */
function nameOf(value: Value | undefined, longest = MAX_NAME_LENGTH): string | null {
  const text = textOf(value)?.replaceAll('\0', '\uFFFD');
  return text && text.length <= longest ? text : null;
}

const given = <Name extends string, Given>(name: Name, value: Given | null | undefined) =>
  (value == null ? {} : { [name]: value }) as { readonly [Field in Name]?: Given };

const hexOf = (value: Value | undefined): string =>
  value instanceof Uint8Array ? Buffer.from(value).toString('hex') : '';
