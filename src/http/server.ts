import type { IncomingMessage } from 'node:http';
import type { BaseContext } from '@apollo/server';
import {
  type FastifyBaseLogger,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
  fastify,
  LogController,
} from 'fastify';
import { Refusal } from '../domain/errors.ts';
import { inTime } from '../services/in-time.ts';
import type { Trail } from '../services/trail.ts';
import { addAddress, addressReader, proxyCheck } from './address.ts';
import { type AgentDoor, addAgents } from './agents.ts';
import { type Answer, closedOf, errorObject, send } from './answer.ts';
import type { Authenticator } from './authenticate.ts';
import { readBody } from './body.ts';
import { brokenRequestHandler } from './broken-request.ts';
import { type CorsPolicy, corsHeaders, isPreflight, preflightHeaders } from './cors.ts';
import { DEADLINES, type HttpDeadlines } from './deadlines.ts';
import { addExplorer } from './explorer.ts';
import { addGraph, type GraphDoor, LARGEST_DOCUMENT } from './graph.ts';
import { headersOf } from './headers.ts';
import { addHealth, type Health } from './health.ts';
import type { Metrics } from './metrics.ts';
import { addOperator, type Operator } from './operator.ts';
import { type Limiter, rateLimiter } from './rate-limit.ts';
import { addRequestLog, noteAnswer, requestId } from './request-log.ts';
import { tookTooLong } from './time-limit.ts';
import { addTracing } from './tracing.ts';
import { endUnusedConnections } from './unused-connections.ts';
import { WebSocketRequest } from './websocket-request.ts';
import { addWebSockets } from './websockets.ts';

/** The door of the legacy API. */
export interface RestDoor {
  answer(request: {
    readonly method: string;
    readonly url: string;
    readonly trail: Trail;
    readonly address: string;
    readonly secure: boolean;
    closed: Promise<unknown>;
    header(name: string): string | undefined;
    body(limit: number): Promise<Uint8Array | undefined>;
  }): Promise<Answer>;
  refuse(refusal: Refusal, trail: Trail): Answer;
  /** For a path that has other methods than the one it was asked by. */
  wrongMethod(method: string, allowed: readonly string[], trail: Trail): Answer;
  /** Reports what went wrong, and says nothing of it. */
  fault(fault: unknown, trail: Trail): Answer;
}

export interface HttpServerOptions<Context extends BaseContext> {
  readonly log: FastifyBaseLogger;
  readonly graph: GraphDoor<Context>;
  readonly rest: RestDoor;
  /** Left out where no agents are served. */
  readonly agents?: AgentDoor;
  readonly authenticator: Authenticator;
  readonly cors: CorsPolicy;
  /** Requests a minute and caller, or address where no token is valid; 0 is off. */
  readonly rateLimit: number;
  /** Seconds that a request may take to arrive, and again to be answered. */
  readonly requestTimeout: number;
  /** Whose word counts on where a request comes from, and whether encrypted. */
  readonly trustedProxies: readonly string[];
  readonly health: Health;
  readonly deadlines?: HttpDeadlines;
  readonly metrics: Metrics;
  /** Adds /metrics to this server; left out where it is elsewhere, or nowhere. */
  readonly addMetrics?: (server: FastifyInstance) => void;
  /** Left out where commands can open the database themselves. */
  readonly operator?: Operator;
}

export async function createHttpServer<Context extends BaseContext>(
  options: HttpServerOptions<Context>,
): Promise<FastifyInstance> {
  const { deadlines = DEADLINES } = options;
  const timeout = options.requestTimeout * 1000;
  const addressOf = addressReader(options.trustedProxies);
  const isProxy = proxyCheck(options.trustedProxies);
  const { cors } = options;
  const server = fastify({
    loggerInstance: options.log,
    // One line for a request, when it is answered, is ours; theirs are two.
    logController: new LogController({ disableRequestLogging: true, requestIdLogLabel: 'requestId' }),
    requestTimeout: timeout,
    http: {
      IncomingMessage: WebSocketRequest,
      // As often slow requests are looked for.
      connectionsCheckingInterval: Math.min(timeout, 30_000),
      headersTimeout: timeout,
      // Node's own refusal has an empty body.
      requireHostHeader: false,
    },
    trustProxy: options.trustedProxies.length > 0 ? [...options.trustedProxies] : false,
    // Who got through before the stop is answered like everybody: the server's own 503 is none of our error objects.
    return503OnClosing: false,
    bodyLimit: LARGEST_DOCUMENT,
    genReqId: (request) => requestId(request, isProxy),
    routerOptions: { maxParamLength: 8192 },
    // A path that can't be decoded has no route, and gets past the hooks; the legacy API's door knows what to say.
    frameworkErrors: (_error, request, reply) => {
      request.trail = { requestId: request.id };
      reply.raw.once('close', () => noteAnswer(options.metrics, request, reply));
      const { method, headers } = request;
      reply.headers({ ...headersOf(request), ...corsHeaders(cors, headers) });
      if (isPreflight(method, headers)) send(reply, preflightAnswer(cors, headers));
      else send(reply, options.rest.refuse(nothingAt(urlOf(request.raw)), request.trail));
    },
    clientErrorHandler: brokenRequestHandler(cors),
  });
  addAddress(server, addressOf);
  const methodsOf = listMethods(server);
  server.addHook('onRequest', (request, reply, done) => {
    reply.headers(headersOf(request)).headers(corsHeaders(cors, request.headers));
    done();
  });
  addRequestLog(server, options.metrics);
  // Without a listener Node refuses it, with an empty body.
  server.server.on('checkExpectation', (request, response) => server.routing(request, response));
  server.addHook('onRequest', (request, reply, done) => {
    const { method, headers, id } = request;
    const wrong = wrongForHttp(request.raw);
    if (wrong) {
      const { status, body } = wrong;
      send(reply.header('connection', 'close'), { status, body: { ...body, request_id: id } });
    } else if (isPreflight(method, headers)) send(reply, preflightAnswer(cors, headers));
    else done();
  });
  const tracing = addTracing(server);
  // Before whatever is registered below: that takes over the one it finds.
  server.setErrorHandler((error, request, reply) => {
    const { refuse, fault } = options.rest;
    send(reply, error instanceof Refusal ? refuse(error, request.trail) : fault(error, request.trail));
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
  endUnusedConnections(server);
  const limitRate = await rateLimiter(server, {
    perMinute: options.rateLimit,
    subjectOf: options.authenticator.subjectOf,
  });
  const toRest = restHandler(options.rest, limitRate, timeout);

  addHealth(server, options.health, deadlines.readiness);
  options.addMetrics?.(server);
  await server.register(async (scope) => {
    await addGraph(scope, { ...options, limitRate, deadlines });
    tracing.operations(scope);
  });
  addWebSockets(server, {
    ...options,
    deadlines,
    streams: options.graph.streams,
    authenticate: options.authenticator.authenticate,
    addressOf,
    // No request of the server's, but as much of one as is looked at to count it.
    limitRate: ({ authorization, address }) =>
      limitRate({ headers: { authorization }, address, routeOptions: {} } as FastifyRequest),
  });
  await server.register(async (scope) => {
    // A hook and not the handler, which the server calls only after it has judged the body: the door does
    // that itself, once it knows that there is such a path, and who asks.
    scope.addHook('onRequest', toRest);
    for (const url of ['/api', '/api/*']) scope.all(url, toRest);
  });
  const { operator, agents } = options;
  if (agents)
    await server.register(async (scope) =>
      addAgents(scope, {
        door: agents,
        perMinute: options.rateLimit,
        timeout,
        savePings: deadlines.savePings,
      }),
    );
  if (operator) await server.register(async (scope) => addOperator(scope, operator));
  if (options.graph.explorer) {
    addExplorer(server);
    server.get('/', (_request, reply) => reply.redirect('/explorer'));
  }
  const notFound = async (request: FastifyRequest, reply: FastifyReply) => {
    const allowed = methodsOf.get(urlOf(request.raw).split('?')[0]!);
    if (!allowed) return toRest(request, reply);
    return send(reply, options.rest.wrongMethod(request.method, [...allowed], request.trail));
  };
  server.addHook('onRequest', (request, reply, done) => {
    if (request.is404) notFound(request, reply).catch(done);
    else done();
  });
  server.setNotFoundHandler(notFound);
  return server;
}

const restHandler =
  (rest: RestDoor, limitRate: Limiter, timeout: number) =>
  async (request: FastifyRequest, reply: FastifyReply) => {
    const limited = await limitRate(request);
    if (limited) return send(reply, rest.refuse(limited, request.trail));
    const { method, trail, headers, raw, address, protocol } = request;
    const work = rest.answer({
      method,
      url: urlOf(raw),
      trail,
      address,
      secure: protocol === 'https',
      closed: closedOf(reply),
      header: (name) => headers[name]?.toString(),
      body: async (limit) => {
        const body = await readBody(raw, limit);
        // What is left unread of it would stand before the connection's next request.
        if (!body) reply.header('connection', 'close');
        return body;
      },
    });
    const answer = await inTime(work, timeout, () => {
      reply.header('connection', 'close');
      return rest.refuse(tookTooLong(timeout), trail);
    });
    return send(reply, answer);
  };

/** What HTTP itself asks of a request, and Node leaves to us. */
function wrongForHttp({ httpVersion, headers }: IncomingMessage) {
  if (httpVersion === '1.1' && headers.host === undefined) {
    const message = 'A request of HTTP/1.1 must have a Host header.';
    return { status: 400, body: errorObject(400, 'BadRequest', message) };
  }
  if (headers.expect !== undefined && !/^100-continue$/i.test(headers.expect)) {
    const message = 'Expect must be 100-continue, or be left out.';
    return { status: 417, body: errorObject(417, 'ExpectationFailed', message) };
  }
  return undefined;
}

/** The methods of each path outside the legacy API, as its routes are added. */
function listMethods(server: Pick<FastifyInstance, 'addHook'>): ReadonlyMap<string, ReadonlySet<string>> {
  const methods = new Map<string, Set<string>>();
  server.addHook('onRoute', ({ method, url }) => {
    // The legacy API has its own table, and HEAD comes with GET.
    if (url.startsWith('/api')) return;
    const known = methods.get(url) ?? new Set();
    for (const each of [method].flat()) if (each !== 'HEAD') known.add(each);
    methods.set(url, known);
  });
  return methods;
}

const preflightAnswer = (cors: CorsPolicy, headers: FastifyRequest['headers']): Answer => ({
  status: 204,
  headers: preflightHeaders(cors, headers),
});

/** As it was sent, but for scheme and host, which a proxy may put before the path. */
const urlOf = ({ url = '/' }: { url?: string }) => url.replace(/^https?:\/\/[^/?]*/i, '') || '/';

const nothingAt = (url: string) => new Refusal('NOT_FOUND', `There is nothing at ${url.split('?')[0]}.`);
