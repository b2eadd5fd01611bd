import type { ApolloServer, BaseContext } from '@apollo/server';
import fastifyApollo, { fastifyApolloDrainPlugin } from '@as-integrations/fastify';
import cors from '@fastify/cors';
import rateLimit from '@fastify/rate-limit';
import {
  type FastifyBaseLogger,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
  fastify,
  LogController,
} from 'fastify';
import type { Caller } from '../domain/access.ts';
import { Refusal } from '../domain/errors.ts';
import { readBody } from './body.ts';
import { answerBrokenRequest } from './broken-request.ts';
import { addHealth, type Health } from './health.ts';

/** What a door answers with. */
export interface Answer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

/** A door to the graph, over Apollo. */
export interface GraphDoor<Context extends BaseContext> {
  readonly server: ApolloServer<Context>;
  context(request: { caller: Caller; requestId: string }): Context;
  refuse(refusal: Refusal): Answer;
  /** Whether a browser may open the explorer, which asks for a token itself. */
  readonly explorer: boolean;
}

/** The door of the legacy API. */
export interface RestDoor {
  answer(request: {
    readonly method: string;
    readonly url: string;
    readonly id: string;
    header(name: string): string | undefined;
    body(limit: number): Promise<Uint8Array | undefined>;
  }): Promise<Answer>;
  refuse(refusal: Refusal): Answer;
  /** Reports what went wrong, and says nothing of it. */
  fault(fault: unknown, requestId: string): Answer;
}

export interface HttpServerOptions<Context extends BaseContext> {
  readonly log: FastifyBaseLogger;
  readonly graph: GraphDoor<Context>;
  readonly rest: RestDoor;
  /** @throws Refusal UNAUTHENTICATED */
  authenticate(authorization: string | undefined): Promise<Caller>;
  readonly corsOrigins: readonly string[];
  /** Requests a minute and caller; 0 is off. */
  readonly rateLimit: number;
  readonly health: Health;
}

const LARGEST_DOCUMENT = 256 * 1024;
const REQUEST_TIMEOUT = 60_000;

export async function createHttpServer<Context extends BaseContext>(
  options: HttpServerOptions<Context>,
): Promise<FastifyInstance> {
  const server = fastify({
    loggerInstance: options.log,
    // One line for a request, when it is answered, is ours; theirs are two.
    logController: new LogController({ disableRequestLogging: true }),
    requestTimeout: REQUEST_TIMEOUT,
    // Who got through before the stop is answered like everybody: the server's own 503 is none of our error objects.
    return503OnClosing: false,
    bodyLimit: LARGEST_DOCUMENT,
    genReqId: requestId,
    routerOptions: { maxParamLength: 8192 },
    // A path that can't be decoded has no route, and gets past the hooks; the legacy API's door knows what to say.
    frameworkErrors: (_error, request, reply) =>
      send(reply.headers(headersOf(request)), options.rest.refuse(nothingAt(urlOf(request.raw)))),
    clientErrorHandler: answerBrokenRequest,
  });
  server.addHook('onRequest', async (request, reply) => {
    reply.headers(headersOf(request));
  });
  server.addHook('onResponse', async (request, reply) => {
    const { method, url } = request;
    const path = url.split('?')[0];
    request.log.info(
      { method, path, status: reply.statusCode, ms: Math.round(reply.elapsedTime) },
      'request',
    );
  });
  // Or a connection that a client keeps alive keeps the process, long after its last request was answered.
  let closing = false;
  server.addHook('preClose', (done) => {
    closing = true;
    done();
  });
  server.addHook('onSend', (_request, reply, _payload, done) => {
    if (closing) reply.header('connection', 'close');
    done();
  });
  if (options.corsOrigins.length > 0) {
    await server.register(cors, {
      origin: [...options.corsOrigins],
      methods: ['GET', 'POST', 'PATCH'],
      // An OPTIONS request need not come from a browser: it goes on to the doors, with the headers that one asks for.
      strictPreflight: false,
      preflightContinue: true,
    });
  }
  const limitRate = await rateLimiter(server, options.rateLimit);
  const toRest = restHandler(options.rest, limitRate);

  addHealth(server, options.health);
  await server.register(async (scope) => addGraph(scope, options, limitRate));
  await server.register(async (scope) => {
    // A hook and not the handler, which the server calls only after it has judged the body: the door does
    // that itself, once it knows that there is such a path, and who asks.
    scope.addHook('onRequest', toRest);
    for (const url of ['/api', '/api/*']) scope.all(url, toRest);
  });
  if (options.graph.explorer) server.get('/', (_request, reply) => reply.redirect('/graphql'));
  server.addHook('onRequest', async (request, reply) => (request.is404 ? toRest(request, reply) : undefined));
  server.setNotFoundHandler(toRest);
  server.setErrorHandler((error, request, reply) => send(reply, options.rest.fault(error, request.id)));
  return server;
}

type Limiter = (request: FastifyRequest) => Promise<Refusal | undefined>;

/** Counts requests by token, or by address where there is none. */
async function rateLimiter(server: FastifyInstance, perMinute: number): Promise<Limiter> {
  if (perMinute === 0) return async () => undefined;
  await server.register(rateLimit, { global: false });
  const count = server.createRateLimit({
    max: perMinute,
    timeWindow: 60_000,
    // However the header is spelled: `bearer` and more spaces would each be a caller of their own.
    keyGenerator: ({ headers, ip }) => headers.authorization?.trim().split(/\s+/).at(-1) || ip,
  });
  return async (request) => {
    const counted = await count(request);
    if (counted.isAllowed || !counted.isExceeded) return undefined;
    return new Refusal('RATE_LIMITED', `Too many requests: at most ${perMinute} a minute.`, {
      allowed: `at most ${perMinute} requests a minute`,
    });
  };
}

async function addGraph<Context extends BaseContext>(
  scope: FastifyInstance,
  { graph, authenticate }: HttpServerOptions<Context>,
  limitRate: Limiter,
): Promise<void> {
  const callers = new WeakMap<FastifyRequest, Caller>();
  scope.addHook('onRequest', async (request, reply) => {
    if (graph.explorer && asksForPage(request)) return;
    try {
      const limited = await limitRate(request);
      if (limited) throw limited;
      callers.set(request, await authenticate(request.headers.authorization));
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      return send(reply, graph.refuse(error));
    }
  });
  // Bodies that are too large, or no JSON: what the server itself refuses before Apollo sees it.
  scope.setErrorHandler((error: { statusCode?: number; message: string }, request, reply) => {
    const status = error.statusCode ?? 500;
    if (status >= 500) request.log.error(error, 'fault');
    const message = status >= 500 ? 'Something went wrong on the server.' : error.message;
    const code = status >= 500 ? 'INTERNAL_SERVER_ERROR' : 'BAD_REQUEST';
    send(reply, { status, body: { errors: [{ message, extensions: { code } }] } });
  });
  graph.server.addPlugin(fastifyApolloDrainPlugin(scope));
  await graph.server.start();
  await scope.register(fastifyApollo(graph.server), {
    path: '/graphql',
    method: ['GET', 'POST'],
    context: async (request) => graph.context({ caller: callers.get(request)!, requestId: request.id }),
  });
}

/** A browser that opens the page, and not a client that sends a query. */
const asksForPage = ({ method, headers, query }: FastifyRequest) =>
  method === 'GET' && !!headers.accept?.includes('text/html') && Object.keys(query as object).length === 0;

const restHandler =
  (rest: RestDoor, limitRate: Limiter) => async (request: FastifyRequest, reply: FastifyReply) => {
    const limited = await limitRate(request);
    if (limited) return send(reply, rest.refuse(limited));
    const { method, id, headers, raw } = request;
    const answer = await rest.answer({
      method,
      url: urlOf(raw),
      id,
      header: (name) => headers[name]?.toString(),
      body: async (limit) => {
        const body = await readBody(raw, limit);
        // What is left unread of it would stand before the connection's next request.
        if (!body) reply.header('connection', 'close');
        return body;
      },
    });
    return send(reply, answer);
  };

function send(reply: FastifyReply, { status, headers, body }: Answer): FastifyReply {
  if (headers) reply.headers(headers);
  reply.code(status);
  return body === undefined
    ? reply.send()
    : reply.type('application/json; charset=utf-8').send(JSON.stringify(body));
}

const headersOf = ({ id }: { id: string }) => ({
  'x-request-id': id,
  'x-content-type-options': 'nosniff',
  'cache-control': 'no-store',
});

/** As it was sent, but for scheme and host, which a proxy may put before the path. */
const urlOf = ({ url = '/' }: { url?: string }) => url.replace(/^https?:\/\/[^/?]*/i, '') || '/';

const nothingAt = (url: string) => new Refusal('NOT_FOUND', `There is nothing at ${url.split('?')[0]}.`);

/** The caller's own id, where it sent a plain one: its logs and ours then speak of the same request. */
function requestId({ headers }: { headers: NodeJS.Dict<string | string[]> }): string {
  const sent = headers['x-request-id'];
  return typeof sent === 'string' && /^[\w.-]{1,64}$/.test(sent) ? sent : crypto.randomUUID();
}
