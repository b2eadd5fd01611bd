import type { IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Origin } from '../domain/access.ts';
import { Refusal } from '../domain/errors.ts';
import { networkOf } from '../domain/log-in.ts';
import { FairShare } from '../services/fair-share.ts';
import { inTime } from '../services/in-time.ts';
import type { Trail } from '../services/trail.ts';
import { originOf } from './address.ts';
import { type Answer, errorObject, send } from './answer.ts';
import { readBody } from './body.ts';
import { countRequests } from './rate-limit.ts';
import { tookTooLong } from './time-limit.ts';

/** The API of `landscape-client`. */
export interface AgentDoor {
  /** @throws Refusal INVALID_INPUT for a body that can't be decoded */
  exchange(request: {
    readonly secureId: string | undefined;
    readonly exchangeToken: string | undefined;
    readonly userAgent: string | undefined;
    readonly body: Uint8Array;
    readonly origin: Origin;
    readonly trail: Trail;
  }): Promise<Uint8Array>;
  /** Undefined where it takes a look into the database. */
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
  /** Hears of a body that can't be decoded. */
  undecodable(refusal: Refusal): void;
  report(fault: unknown, requestId: string): void;
}

export interface AgentsOptions {
  readonly door: AgentDoor;
  readonly perMinute: number;
  /** Milliseconds that a request may take to be answered. */
  readonly timeout: number;
  /** Milliseconds between two times that pings are stored. */
  readonly savePings: number;
}

/** 100 results of 100,000 characters are 40 MB at most. A client sends a refused body again forever. */
const LARGEST_EXCHANGE = 64 * 1024 * 1024;
/** Of a client without a computer: a registration. */
const LARGEST_REGISTRATION = 1024 * 1024;
const LARGEST_PING = 1024;
/** Larger bodies are read a few at a time, so that the memory they take has a bound. */
const LARGE = 1024 * 1024;
const MOST_LARGE = 4;

/**
 * Agents are counted by their ids and not by address: thousands may share one. Ids that are made up are counted by
 * network, before they cost a look into the database.
 */
export function addAgents(
  scope: FastifyInstance,
  { door, perMinute, timeout, savePings }: AgentsOptions,
): void {
  const known = new KnownIds();
  const secureIdOf = ({ headers }: FastifyRequest) => headers['x-computer-id']?.toString();
  const countNetwork = countRequests(scope, perMinute, ({ address }) => networkOf(address));
  const countAgent = countRequests(scope, perMinute, (request) => `agent ${secureIdOf(request)}`);
  const forms = new WeakMap<FastifyRequest, string>();
  const largeBodies = new FairShare<string>({ each: MOST_LARGE, all: MOST_LARGE });

  const count = (request: FastifyRequest) =>
    (known.has(secureIdOf(request)) ? countAgent : countNetwork)(request);

  const isComputer = async (secureId: string | undefined) =>
    secureId !== undefined && (known.has(secureId) || (await door.isComputer(secureId)));

  /** Answers with what `work` does, in time; nothing that fails is said in the agents' encoding. */
  const handler =
    (operation: string, work: (request: FastifyRequest, reply: FastifyReply) => Promise<Answer>) =>
    async (request: FastifyRequest, reply: FastifyReply) => {
      request.trail.operation = operation;
      const answering = work(request, reply).catch((fault: unknown) => refused(fault, request));
      const answer = await inTime(answering, timeout, () => refusal(tookTooLong(timeout), request));
      return send(reply, answer);
    };

  function refused(fault: unknown, request: FastifyRequest): Answer {
    if (fault instanceof Refusal) return refusal(fault, request);
    request.trail.outcome = 'INTERNAL_SERVER_ERROR';
    door.report(fault, request.id);
    return problem(request, 500, 'InternalServerError', 'Something went wrong on the server.');
  }

  const exchange = handler('exchange', async (request, reply) => {
    const limited = await count(request);
    if (limited) return refusal(limited, request);
    const secureId = secureIdOf(request);
    const size = sizeOf(request.raw);
    const limit = size <= LARGE || !(await isComputer(secureId)) ? LARGEST_REGISTRATION : LARGEST_EXCHANGE;
    const leave = size > LARGE ? await largeBodies.enter('large') : () => {};
    try {
      const body = await readSized(request.raw, size, limit);
      if (!body) {
        reply.header('connection', 'close');
        return tooLarge(limit, request);
      }
      const { headers, trail } = request;
      const answer = await door.exchange({
        secureId,
        exchangeToken: headers['x-exchange-token']?.toString(),
        userAgent: headers['user-agent'],
        body,
        origin: originOf(request),
        trail,
      });
      if (trail.principal?.kind === 'computer') known.add(secureId!);
      reply.type('application/octet-stream');
      return { status: 200, body: answer };
    } catch (error) {
      if (error instanceof Refusal && error.code === 'INVALID_INPUT') door.undecodable(error);
      throw error;
    } finally {
      leave();
    }
  });

  const lookUp = handler('ping', async (request) => {
    const mayLook = !(await countNetwork(request));
    return { status: 200, body: await door.ping(forms.get(request)!, mayLook) };
  });
  const tooLong = handler('ping', async (request) => tooLarge(LARGEST_PING, request));

  /** Hundreds come in a second, and mostly memory answers: those take the shortest way. */
  const ping = (request: FastifyRequest, reply: FastifyReply) =>
    readForm(request.raw, (form) => {
      if (form === undefined) return void tooLong(request, reply.header('connection', 'close'));
      reply.type('application/octet-stream');
      const answer = door.pingFromMemory(form);
      if (!answer) {
        forms.set(request, form);
        return void lookUp(request, reply);
      }
      request.trail.operation = 'ping';
      reply.send(answer);
    });

  const attachment = handler('attachment', async (request, reply) => {
    const limited = await count(request);
    if (limited) return refusal(limited, request);
    const { id } = request.params as { id: string };
    const file = await door.attachment(id, secureIdOf(request));
    if (!file) {
      request.trail.outcome = 'NOT_FOUND';
      return problem(request, 404, 'NotFound', 'There is no such attachment.');
    }
    reply.type('application/octet-stream').header('content-length', file.size);
    return { status: 200, body: Readable.from(file.parts) };
  });

  const saving = setInterval(door.savePings, savePings).unref();
  scope.addHook('onClose', async () => {
    clearInterval(saving);
    await door.savePings();
  });

  // Before the server judges the body: clients say what they like of its type.
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
  request.trail.outcome = refused.code;
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
  request.trail.outcome = 'PAYLOAD_TOO_LARGE';
  return problem(request, 413, 'PayloadTooLarge', `The body must be at most ${limit} bytes.`);
}

/** The error object of the legacy API: agents read the status alone, people the rest. */
const problem = ({ id }: FastifyRequest, status: number, error: string, message: string): Answer => ({
  status,
  body: { ...errorObject(status, error, message), request_id: id },
});

/** A body that does not say its size may be of any. */
function sizeOf({ headers }: IncomingMessage): number {
  const length = headers['content-length'];
  return length === undefined ? Number.POSITIVE_INFINITY : Number(length);
}

/** Into one piece of memory where the size is known; undefined for a body that is longer than the limit. */
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
    throw new Refusal('INVALID_INPUT', 'The body was cut off before its end.', { field: 'body' });
  }
  return body.subarray(0, length);
}

/** A small form; undefined for a body that is larger, or cut off. */
function readForm(stream: IncomingMessage, then: (form: string | undefined) => void): void {
  let form = '';
  let isRead = false;
  const end = (read: string | undefined) => {
    if (!isRead) then(read);
    isRead = true;
  };
  stream.on('data', (chunk: Buffer) => {
    form += chunk.toString('latin1');
    if (form.length > LARGEST_PING) end(undefined);
  });
  stream.on('end', () => end(form));
  stream.on('close', () => end(undefined));
}

/** Secure ids with which a computer was found, as long as there is room: a few bytes each. */
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
