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
import type { RequestRecord } from '../services/request-record.ts';
import { withTimeout } from '../services/timeout.ts';
import { addAddress, addressReader, proxyCheck } from './address.ts';
import { type AgentApi, addAgents } from './agents.ts';
import { type Answer, closedOf, errorObject, send } from './answer.ts';
import type { Authenticator } from './auth/authenticate.ts';
import { addAuthorization, authorizationOfUpgrade } from './auth/authorization.ts';
import { readBody } from './body.ts';
import { brokenRequestHandler } from './broken-request.ts';
import { addConsole, opensConsole } from './console/page.ts';
import { addSession } from './console/session.ts';
import { type CorsPolicy, corsHeaders, isPreflight, preflightHeaders } from './cors.ts';
import { DEADLINES, type HttpDeadlines } from './deadlines.ts';
import { addExplorer, addRestPage } from './explorer.ts';
import { addGraph, type GraphqlEndpoint, MAX_DOCUMENT_BYTES } from './graph.ts';
import { headersOf } from './headers.ts';
import { addHealth, type Health } from './health.ts';
import type { Metrics } from './observability/metrics.ts';
import { addRequestLog, noteAnswer, requestId } from './observability/request-log.ts';
import { addTracing } from './observability/tracing.ts';
import { addOperator, type Operator } from './operator.ts';
import { addPasswordPage } from './password-page.ts';
import { type Limiter, rateLimiter } from './rate-limit.ts';
import { WebSocketRequest } from './subscriptions/websocket-request.ts';
import { addWebSockets } from './subscriptions/websockets.ts';
import { timedOut } from './time-limit.ts';
import { endUnusedConnections } from './unused-connections.ts';

/** The legacy API. */
export interface RestApi {
  answer(request: {
    readonly method: string;
    readonly url: string;
    readonly requestRecord: RequestRecord;
    readonly address: string;
    readonly secure: boolean;
    readonly isPrivate: boolean;
    closed: Promise<unknown>;
    header(name: string): string | undefined;
    body(limit: number): Promise<Uint8Array | undefined>;
  }): Promise<Answer>;
  refuse(refusal: Refusal, requestRecord: RequestRecord): Answer;
  /** Answers a request whose path exists only with other methods. */
  wrongMethod(method: string, allowed: readonly string[], requestRecord: RequestRecord): Answer;
  /** Reports the error without revealing it to the caller. */
  fault(fault: unknown, requestRecord: RequestRecord): Answer;
}

export interface HttpServerOptions<Context extends BaseContext> {
  readonly log: FastifyBaseLogger;
  readonly graph: GraphqlEndpoint<Context>;
  readonly rest: RestApi;
  /** Undefined if the server serves no agents. */
  readonly agents?: AgentApi;
  /** Undefined if the web console is off. Then no request is authenticated by the session cookie. */
  readonly console?: {
    /** The built console. Undefined if it is not built. */
    readonly folder?: string;
    /** The identity provider whose tokens are accepted too. */
    readonly issuer?: string;
  };
  readonly authenticator: Authenticator;
  readonly cors: CorsPolicy;
  /** Requests a minute for each caller, or for each network without a valid token. 0 turns the limit off. */
  readonly rateLimit: number;
  /** Seconds in which a request must arrive, and again seconds in which it must be answered. */
  readonly requestTimeout: number;
  /** Proxies whose headers about the caller's address and encryption are trusted. */
  readonly trustedProxies: readonly string[];
  readonly health: Health;
  readonly deadlines?: HttpDeadlines;
  readonly metrics: Metrics;
  /** Adds /metrics to this server. Undefined if /metrics has another port, or is off. */
  readonly addMetrics?: (server: FastifyInstance) => void;
  /** Undefined if commands can open the database themselves. */
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
  const acceptsCookie = options.console !== undefined;
  const server = fastify({
    loggerInstance: options.log,
    // We log one line for each answered request. Fastify would log two.
    logController: new LogController({ disableRequestLogging: true, requestIdLogLabel: 'requestId' }),
    requestTimeout: timeout,
    http: {
      IncomingMessage: WebSocketRequest,
      // Interval of the check for slow requests.
      connectionsCheckingInterval: Math.min(timeout, 30_000),
      headersTimeout: timeout,
      // Checked below, because Node's own refusal has an empty body.
      requireHostHeader: false,
    },
    trustProxy: options.trustedProxies.length > 0 ? [...options.trustedProxies] : false,
    // Requests accepted before the stop are answered normally, because Fastify's own 503 is not in our error format.
    return503OnClosing: false,
    bodyLimit: MAX_DOCUMENT_BYTES,
    genReqId: (request) => requestId(request, isProxy),
    routerOptions: { maxParamLength: 8192 },
    // A path that can't be decoded has no route and skips the hooks. The legacy API words the answer.
    frameworkErrors: (_error, request, reply) => {
      request.requestRecord = { requestId: request.id };
      reply.raw.once('close', () => noteAnswer(options.metrics, request, reply));
      const { method, headers } = request;
      reply.headers({ ...headersOf(request), ...corsHeaders(cors, headers) });
      if (isPreflight(method, headers)) send(reply, preflightAnswer(cors, headers));
      else send(reply, options.rest.refuse(nothingAt(urlOf(request.raw)), request.requestRecord));
    },
    clientErrorHandler: brokenRequestHandler(cors),
  });
  addAddress(server, addressOf, isProxy);
  addAuthorization(server, acceptsCookie);
  const methodsOf = listMethods(server);
  server.addHook('onRequest', (request, reply, done) => {
    reply.headers(headersOf(request)).headers(corsHeaders(cors, request.headers));
    done();
  });
  addRequestLog(server, options.metrics);
  // Without a listener Node rejects such requests with an empty body.
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
  // Set before any scope is registered, because a scope inherits the handler that it finds.
  server.setErrorHandler((error, request, reply) => {
    const { refuse, fault } = options.rest;
    send(
      reply,
      error instanceof Refusal ? refuse(error, request.requestRecord) : fault(error, request.requestRecord),
    );
  });
  // Otherwise an idle keep-alive connection would keep the process running.
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
    authorizationOf: (request) => authorizationOfUpgrade(request, { acceptsCookie, isProxy }),
    // A WebSocket has no Fastify request, so pass only the parts that the limit reads.
    limitRate: ({ authorization, address }) =>
      limitRate({ authorization, address, routeOptions: {} } as FastifyRequest),
  });
  await server.register(async (scope) => {
    if (options.graph.explorer) addRestPage(scope);
    // A hook and not a handler, because Fastify checks the body before it calls a handler. The legacy API checks the
    // body itself, once it knows the path and the caller.
    scope.addHook('onRequest', toRest);
    for (const url of ['/api', '/api/*']) scope.all(url, toRest);
  });
  const { operator, agents } = options;
  if (agents)
    await server.register(async (scope) =>
      addAgents(scope, {
        api: agents,
        perMinute: options.rateLimit,
        timeout,
        savePings: deadlines.savePings,
      }),
    );
  if (operator) await server.register(async (scope) => addOperator(scope, operator));
  addPasswordPage(server);
  const { console: webConsole } = options;
  if (webConsole)
    await server.register((scope) => addSession(scope, { ...options, ...webConsole, limitRate }));
  const sendConsole = webConsole?.folder ? await addConsole(server, webConsole.folder) : undefined;
  if (options.graph.explorer) {
    addExplorer(server);
    server.get('/', (request, reply) =>
      sendConsole && opensConsole(request, '/') ? sendConsole(request, reply) : reply.redirect('/explorer'),
    );
  }
  const notFound = async (request: FastifyRequest, reply: FastifyReply) => {
    const path = urlOf(request.raw).split('?')[0]!;
    if (sendConsole && opensConsole(request, path)) return sendConsole(request, reply);
    const allowed = methodsOf.get(path);
    if (!allowed) return toRest(request, reply);
    return send(reply, options.rest.wrongMethod(request.method, [...allowed], request.requestRecord));
  };
  server.addHook('onRequest', (request, reply, done) => {
    if (request.is404) notFound(request, reply).catch(done);
    else done();
  });
  server.setNotFoundHandler(notFound);
  return server;
}

const restHandler =
  (rest: RestApi, limitRate: Limiter, timeout: number) =>
  async (request: FastifyRequest, reply: FastifyReply) => {
    const limited = await limitRate(request);
    if (limited) return send(reply, rest.refuse(limited, request.requestRecord));
    const { method, requestRecord, headers, raw, address, protocol, isPrivate } = request;
    const work = rest.answer({
      method,
      url: urlOf(raw),
      requestRecord,
      address,
      secure: protocol === 'https',
      isPrivate,
      closed: closedOf(reply),
      header: (name) => headers[name]?.toString(),
      body: async (limit) => {
        const body = await readBody(raw, limit);
        // The unread rest of the body would precede the connection's next request.
        if (!body) reply.header('connection', 'close');
        return body;
      },
    });
    const answer = await withTimeout(work, timeout, () => {
      reply.header('connection', 'close');
      return rest.refuse(timedOut(timeout), requestRecord);
    });
    return send(reply, answer);
  };

/** Checks rules of HTTP that Node does not enforce here. */
function wrongForHttp({ httpVersion, headers }: IncomingMessage) {
  if (httpVersion === '1.1' && headers.host === undefined) {
    const message = 'An HTTP/1.1 request must have a Host header.';
    return { status: 400, body: errorObject(400, 'BadRequest', message) };
  }
  if (headers.expect !== undefined && !/^100-continue$/i.test(headers.expect)) {
    const message = 'Expect must be 100-continue or omitted.';
    return { status: 417, body: errorObject(417, 'ExpectationFailed', message) };
  }
  return undefined;
}

/** The methods of each path outside the legacy API, collected as routes are added. */
function listMethods(server: Pick<FastifyInstance, 'addHook'>): ReadonlyMap<string, ReadonlySet<string>> {
  const methods = new Map<string, Set<string>>();
  server.addHook('onRoute', ({ method, url }) => {
    // The legacy API has its own table. HEAD is added automatically with GET.
    if (url.startsWith('/api')) return;
    const known = methods.get(url) ?? new Set();
    for (const name of [method].flat()) if (name !== 'HEAD') known.add(name);
    methods.set(url, known);
  });
  return methods;
}

const preflightAnswer = (cors: CorsPolicy, headers: FastifyRequest['headers']): Answer => ({
  status: 204,
  headers: preflightHeaders(cors, headers),
});

/** The URL as sent, without scheme and host, which a proxy may add. */
const urlOf = ({ url = '/' }: { url?: string }) => url.replace(/^https?:\/\/[^/?]*/i, '') || '/';

const nothingAt = (url: string) => new Refusal('NOT_FOUND', `The path ${url.split('?')[0]} does not exist.`);
