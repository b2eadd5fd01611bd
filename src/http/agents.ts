import type { IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Origin } from '../domain/accounts/access.ts';
import { networkOf } from '../domain/accounts/log-in.ts';
import { Refusal } from '../domain/errors.ts';
import { FairShare } from '../services/fairness/fair-share.ts';
import type { RequestRecord } from '../services/request-record.ts';
import { withTimeout } from '../services/timeout.ts';
import { originOf } from './address.ts';
import { type Answer, errorObject, send } from './answer.ts';
import { readBody } from './body.ts';
import { countRequests } from './rate-limit.ts';
import { timedOut } from './time-limit.ts';

/** The API of `landscape-client`. */
export interface AgentApi {
  /** @throws Refusal INVALID_INPUT for a body that can't be decoded */
  exchange(request: {
    readonly secureId: string | undefined;
    readonly exchangeToken: string | undefined;
    readonly userAgent: string | undefined;
    readonly body: Uint8Array;
    readonly origin: Origin;
    readonly requestRecord: RequestRecord;
  }): Promise<Uint8Array>;
  /** Undefined if the answer needs the database. */
  pingFromMemory(form: string): Uint8Array | undefined;
  ping(form: string, mayLook: boolean): Promise<Uint8Array>;
  attachment(
    id: string,
    secureId: string | undefined,
  ): Promise<{ readonly size: number; readonly parts: AsyncIterable<Uint8Array> } | undefined>;
  /** Whether a computer has this secure id. */
  isComputer(secureId: string): Promise<boolean>;
  /** Stores which computers have pinged since the last call. */
  savePings(): Promise<void>;
  /** Reports a body that can't be decoded. */
  undecodable(refusal: Refusal): void;
  report(fault: unknown, requestId: string): void;
}

export interface AgentsOptions {
  readonly api: AgentApi;
  readonly perMinute: number;
  /** Milliseconds in which a request must be answered. */
  readonly timeout: number;
  /** Interval at which pings are stored, in milliseconds. */
  readonly savePings: number;
}

/** 100 results of 100,000 characters are at most 40 MB. A client resends a rejected body forever. */
const MAX_EXCHANGE_BYTES = 64 * 1024 * 1024;
/** Limit for a client without a known computer, which may send a registration. */
const MAX_REGISTRATION_BYTES = 1024 * 1024;
const MAX_PING_BYTES = 1024;
/** Only a few bodies above this size are read at a time, to limit memory. */
const LARGE = 1024 * 1024;
const MAX_LARGE = 4;

/**
 * Counts agents by secure id and not by address, because thousands may share an address. Unknown ids are counted by
 * network, before they cost a database query.
 */
export function addAgents(
  scope: FastifyInstance,
  { api, perMinute, timeout, savePings }: AgentsOptions,
): void {
  const known = new KnownIds();
  const secureIdOf = ({ headers }: FastifyRequest) => headers['x-computer-id']?.toString();
  const countNetwork = countRequests(scope, perMinute, ({ address }) => networkOf(address));
  const countAgent = countRequests(scope, perMinute, (request) => `agent ${secureIdOf(request)}`);
  const forms = new WeakMap<FastifyRequest, string>();
  const largeBodies = new FairShare<string>({ each: MAX_LARGE, all: MAX_LARGE });

  const count = (request: FastifyRequest) =>
    (known.has(secureIdOf(request)) ? countAgent : countNetwork)(request);

  const isComputer = async (secureId: string | undefined) =>
    secureId !== undefined && (known.has(secureId) || (await api.isComputer(secureId)));

  /**
   * Sends the answer of `work`, or a refusal after the timeout. Refusals and faults are not in the agents' encoding.
   */
  const handler =
    (operation: string, work: (request: FastifyRequest, reply: FastifyReply) => Promise<Answer>) =>
    async (request: FastifyRequest, reply: FastifyReply) => {
      request.requestRecord.operation = operation;
      const answering = work(request, reply).catch((fault: unknown) => refused(fault, request));
      const answer = await withTimeout(answering, timeout, () => refusal(timedOut(timeout), request));
      return send(reply, answer);
    };

  function refused(fault: unknown, request: FastifyRequest): Answer {
    if (fault instanceof Refusal) return refusal(fault, request);
    request.requestRecord.outcome = 'INTERNAL_SERVER_ERROR';
    api.report(fault, request.id);
    return problem(request, 500, 'InternalServerError', 'An internal error occurred.');
  }

  const exchange = handler('exchange', async (request, reply) => {
    const limited = await count(request);
    if (limited) return refusal(limited, request);
    const secureId = secureIdOf(request);
    const size = sizeOf(request.raw);
    const limit =
      size <= LARGE || !(await isComputer(secureId)) ? MAX_REGISTRATION_BYTES : MAX_EXCHANGE_BYTES;
    const leave = size > LARGE ? await largeBodies.enter('large') : () => {};
    try {
      const body = await readSized(request.raw, size, limit);
      if (!body) {
        reply.header('connection', 'close');
        return tooLarge(limit, request);
      }
      const { headers, requestRecord } = request;
      const answer = await api.exchange({
        secureId,
        exchangeToken: headers['x-exchange-token']?.toString(),
        userAgent: headers['user-agent'],
        body,
        origin: originOf(request),
        requestRecord,
      });
      if (requestRecord.principal?.kind === 'computer') known.add(secureId!);
      reply.type('application/octet-stream');
      return { status: 200, body: answer };
    } catch (error) {
      if (error instanceof Refusal && error.code === 'INVALID_INPUT') api.undecodable(error);
      throw error;
    } finally {
      leave();
    }
  });

  const lookUp = handler('ping', async (request) => {
    const mayLook = !(await countNetwork(request));
    return { status: 200, body: await api.ping(forms.get(request)!, mayLook) };
  });
  const tooLong = handler('ping', async (request) => tooLarge(MAX_PING_BYTES, request));

  /** Agents send hundreds of pings a second, and memory answers most of them. Those take the shortest path. */
  const ping = (request: FastifyRequest, reply: FastifyReply) =>
    readForm(request.raw, (form) => {
      if (form === undefined) return void tooLong(request, reply.header('connection', 'close'));
      reply.type('application/octet-stream');
      const answer = api.pingFromMemory(form);
      if (!answer) {
        forms.set(request, form);
        return void lookUp(request, reply);
      }
      request.requestRecord.operation = 'ping';
      reply.send(answer);
    });

  const attachment = handler('attachment', async (request, reply) => {
    const limited = await count(request);
    if (limited) return refusal(limited, request);
    const { id } = request.params as { id: string };
    const file = await api.attachment(id, secureIdOf(request));
    if (!file) {
      request.requestRecord.outcome = 'NOT_FOUND';
      return problem(request, 404, 'NotFound', 'The specified attachment does not exist.');
    }
    reply.type('application/octet-stream').header('content-length', file.size);
    return { status: 200, body: Readable.from(file.parts) };
  });

  const saving = setInterval(api.savePings, savePings).unref();
  scope.addHook('onClose', async () => {
    clearInterval(saving);
    await api.savePings();
  });

  // Answered in a hook, before the server checks the body, because clients send arbitrary content types.
  const at: Record<string, (request: FastifyRequest, reply: FastifyReply) => unknown> = {
    '/message-system': exchange,
    '/ping': ping,
    '/attachment/:id': attachment,
  };
  scope.addHook('onRequest', (request, reply, _done) => {
    at[request.routeOptions.url!]!(request, reply);
  });
  scope.post('/message-system', exchange);
  scope.post('/ping', lookUp);
  scope.get('/attachment/:id', { exposeHeadRoute: false }, attachment);
}

function refusal(refused: Refusal, request: FastifyRequest): Answer {
  request.requestRecord.outcome = refused.code;
  const [status, error] = statuses[refused.code] ?? [500, 'InternalServerError'];
  const retry = refused.retryAfter ?? (status === 503 ? 5 : undefined);
  const headers: Record<string, string> = retry === undefined ? {} : { 'retry-after': String(retry) };
  return { ...problem(request, status, error, refused.message), headers };
}

const statuses: Partial<Record<Refusal['code'], readonly [status: number, error: string]>> = {
  INVALID_INPUT: [400, 'InvalidInput'],
  RATE_LIMITED: [429, 'RateLimited'],
  UNAVAILABLE: [503, 'Unavailable'],
};

function tooLarge(limit: number, request: FastifyRequest): Answer {
  request.requestRecord.outcome = 'PAYLOAD_TOO_LARGE';
  return problem(request, 413, 'PayloadTooLarge', `The body must be at most ${limit} bytes.`);
}

/** The error object of the legacy API. Agents read only the status, and operators read the rest. */
const problem = ({ id }: FastifyRequest, status: number, error: string, message: string): Answer => ({
  status,
  body: { ...errorObject(status, error, message), request_id: id },
});

/** A body without a declared size may have any size. */
function sizeOf({ headers }: IncomingMessage): number {
  const length = headers['content-length'];
  return length === undefined ? Number.POSITIVE_INFINITY : Number(length);
}

/** Reads a body of known size into a single buffer. Undefined if the body exceeds the limit. */
async function readSized(
  stream: IncomingMessage,
  size: number,
  limit: number,
): Promise<Uint8Array | undefined> {
  if (size > limit) return Number.isFinite(size) ? undefined : readBody(stream, limit);
  const body = Buffer.allocUnsafe(size);
  let length = 0;
  try {
    for await (const chunk of stream.iterator({ destroyOnReturn: false })) {
      (chunk as Buffer).copy(body, length);
      length += (chunk as Buffer).length;
    }
  } catch {
    throw new Refusal('INVALID_INPUT', 'The body ended before it was complete.', { field: 'body' });
  }
  return body.subarray(0, length);
}

/** Reads a small form. Undefined if the body is larger or was cut off. */
function readForm(stream: IncomingMessage, then: (form: string | undefined) => void): void {
  let form = '';
  let isRead = false;
  const end = (read: string | undefined) => {
    if (!isRead) then(read);
    isRead = true;
  };
  stream.on('data', (chunk: Buffer) => {
    form += chunk.toString('latin1');
    if (form.length > MAX_PING_BYTES) end(undefined);
  });
  stream.on('end', () => end(form));
  stream.on('close', () => end(undefined));
}

/** Secure ids for which a computer was found. The most recent ids stay, at a few bytes each. */
class KnownIds {
  private static readonly most = 100_000;
  private readonly ids = new Set<string>();

  has(id: string | undefined): boolean {
    return id !== undefined && this.ids.has(id);
  }

  add(id: string): void {
    this.ids.delete(id);
    this.ids.add(id);
    if (this.ids.size > KnownIds.most) {
      const [oldest] = this.ids;
      this.ids.delete(oldest!);
    }
  }
}
