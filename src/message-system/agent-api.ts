import type { Origin } from '../domain/accounts/access.ts';
import { insecureIdOf } from '../domain/computers/agent.ts';
import type { AgentFile } from '../services/computers/agent-files.ts';
import {
  type AgentAnswer,
  type AgentCaller,
  type AgentCounts,
  agentCaller,
} from '../services/computers/agents.ts';
import type { Services } from '../services/index.ts';
import type { RequestRecord } from '../services/request-record.ts';
import { readExchange } from './client-messages.ts';
import {
  acceptedTypes,
  ascii,
  digestOf,
  encodeAnswer,
  encodePing,
  executeScript,
  type ServerMessage,
  typesOf,
} from './messages.ts';

export interface MessageSystemOptions {
  readonly services: Pick<Services, 'agents' | 'agentPings' | 'agentRegistrations'>;
  /** Value of LANDSCAPE_URL in the environment of scripts. */
  landscapeUrl(): string;
  /** Notified of the outcome of each exchange. */
  readonly observer: AgentObserver;
}

export interface AgentObserver {
  exchanged(outcome: AgentOutcome, counts?: AgentCounts): void;
  pinged(hasNews: boolean): void;
}

export const agentOutcomes = [
  'registered',
  'refused',
  'invited',
  'unknown',
  'removed',
  'pending',
  'accepted',
] as const;
export type AgentOutcome = (typeof agentOutcomes)[number];

/** An exchange as the HTTP server received it. */
export interface ExchangeRequest {
  /** Header X-Computer-ID. */
  readonly secureId: string | undefined;
  /** Header X-Exchange-Token. */
  readonly exchangeToken: string | undefined;
  /** Header User-Agent. */
  readonly userAgent: string | undefined;
  readonly body: Uint8Array;
  readonly origin: Origin;
  readonly requestRecord: RequestRecord;
}

export type MessageSystem = ReturnType<typeof createMessageSystem>;

/**
 * The API of `landscape-client`. It translates between the wire format and the use cases, and contains no
 * rules.
 */
export function createMessageSystem({ services, landscapeUrl, observer }: MessageSystemOptions) {
  const { agents, agentPings, agentRegistrations } = services;

  /** Handles a client that sends no secure id. It registers, or receives a request to register. */
  async function register(
    { registration, acceptedTypes: types }: ReturnType<typeof readExchange>,
    origin: Origin,
  ): Promise<[AgentOutcome, ServerMessage[]]> {
    if (!registration) {
      const knows = types === digestOf(typesOf.unregistered);
      return ['invited', knows ? [] : [acceptedTypes('unregistered')]];
    }
    const registered = await agentRegistrations.register(registration, origin);
    if (!registered) return ['refused', [{ type: 'registration', info: 'unknown-account' }]];
    const { secureId, insecureId } = registered;
    return ['registered', [{ type: 'set-id', id: ascii(secureId), 'insecure-id': insecureId }]];
  }

  function pinged(hasNews: boolean): Buffer {
    observer.pinged(hasNews);
    return hasNews ? YES : NO;
  }

  function messagesFor(answer: AgentAnswer): ServerMessage[] {
    if (answer.kind === 'removed') return [];
    if (answer.kind === 'unknown') return [{ type: 'unknown-id' }, acceptedTypes('unregistered')];
    const types = answer.sendsTypes ? [acceptedTypes(answer.status)] : [];
    const messages = answer.executions.map(
      (execution): ServerMessage =>
        execution ? executeScript(execution, landscapeUrl()) : (types.pop() ?? { type: 'no-operation' }),
    );
    return [...messages, ...types];
  }

  return {
    /** @throws Refusal INVALID_INPUT for a body that cannot be decoded */
    async exchange(request: ExchangeRequest): Promise<Buffer> {
      const { requestRecord, origin } = request;
      const exchange = readExchange(request.body);
      const serverUuid = ascii(await agents.serverUuid());
      const respond = (outcome: AgentOutcome, messages: readonly ServerMessage[]) => {
        requestRecord.outcome = outcome.toUpperCase();
        observer.exchanged(outcome);
        return encodeAnswer({ serverUuid, messages });
      };
      if (request.secureId === undefined) return respond(...(await register(exchange, origin)));
      const caller = agentCaller(request.secureId);
      const changes = agentPings.changes();
      const answer: AgentAnswer = caller
        ? await agents.exchange(caller, {
            ...exchange.turn,
            exchangeToken: request.exchangeToken ?? null,
            version: versionOf(request.userAgent),
          })
        : { kind: 'unknown' };
      if (answer.kind !== 'known') return respond(answer.kind, messagesFor(answer));
      const { accountId } = caller!;
      const { computerId } = answer;
      agentPings.learn(String(insecureIdOf(accountId, computerId)), answer.awaitsConfirmation, changes);
      requestRecord.principal = { kind: 'computer', accountId, computerId };
      observer.exchanged(answer.status, answer.counts);
      return encodeAnswer({
        serverUuid,
        messages: messagesFor(answer),
        nextExpected: answer.expected,
        nextToken: ascii(answer.exchangeToken),
        typesHash: answer.typesHash,
      });
    },

    /**
     * Answers a ping, whose body is a form, from memory. Undefined if the answer requires a database read.
     */
    pingFromMemory(form: string): Buffer | undefined {
      const hasNews = agentPings.remembered(insecureIdIn(form));
      return hasNews === undefined ? undefined : pinged(hasNews);
    },

    /** Answers a ping from memory or, if `mayLook` is true, from the database. Otherwise the answer is no. */
    async ping(form: string, mayLook: boolean): Promise<Buffer> {
      return pinged(mayLook && (await agentPings.hasNews(insecureIdIn(form))));
    },

    async isComputer(secureId: string): Promise<boolean> {
      const caller = agentCaller(secureId);
      return caller !== undefined && (await agents.isComputer(caller));
    },

    /** Reads an attachment of a script that the computer is currently running. */
    async attachment(id: string, secureId: string | undefined): Promise<AgentFile | undefined> {
      const caller: AgentCaller | undefined = secureId === undefined ? undefined : agentCaller(secureId);
      const number = Number(id);
      if (!caller || !/^\d{1,15}$/.test(id) || !Number.isSafeInteger(number)) return undefined;
      return agents.attachment(caller, number);
    },
  };
}

const [YES, NO] = [encodePing(true), encodePing(false)] as const;

/** Extracts the digits of `insecure_id=1001`, which need no decoding. */
const insecureIdIn = (form: string): string => /(?:^|&)insecure_id=(\d{1,30})(?:&|$)/.exec(form)?.[1] ?? '';

/** Extracts the version from `landscape-client/26.08~beta.4-0landscape0`. */
function versionOf(userAgent = ''): string | null {
  return /^landscape-client\/([\x21-\x7e]{1,100})$/.exec(userAgent)?.[1] ?? null;
}
