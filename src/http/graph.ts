import { isUtf8 } from 'node:buffer';
import { Readable } from 'node:stream';
import { type ApolloServer, type BaseContext, HeaderMap } from '@apollo/server';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Origin, Principal } from '../domain/accounts/access.ts';
import { Refusal, show } from '../domain/errors.ts';
import type { RequestRecord } from '../services/request-record.ts';
import { originOf } from './address.ts';
import { type Answer, closedOf, send } from './answer.ts';
import type { Authenticator } from './auth/authenticate.ts';
import { contentCoding } from './body.ts';
import type { HttpDeadlines } from './deadlines.ts';
import { graphParameters } from './graph-parameters.ts';
import type { Metrics } from './observability/metrics.ts';
import type { Limiter } from './rate-limit.ts';
import { addEventStreams } from './subscriptions/event-streams.ts';
import type { SubscriptionHandlers } from './subscriptions/streams.ts';
import { limitTime } from './time-limit.ts';

/** The GraphQL API, which Apollo runs. */
export interface GraphqlEndpoint<Context extends BaseContext> {
  readonly server: ApolloServer<Context>;
  context(request: {
    principal: Principal;
    origin: Origin;
    requestRecord: RequestRecord;
    closed: Promise<unknown>;
  }): Context;
  refuse(refusal: Refusal, requestId: string): Answer;
  /** Checks documents before Apollo does. */
  readonly admission: {
    /** @throws Refusal QUERY_TOO_COMPLEX */
    check(document: unknown): void;
    /** Whether a document may run without a token, because it logs in or reads a public schema. */
    isOpen(document: unknown): boolean;
  };
  /** Whether a request with this body may be larger than others, because its operation contains a file or a report. */
  isUpload(body: unknown): Promise<boolean>;
  readonly streams: SubscriptionHandlers;
  /** Whether the explorer is served. It asks for a token itself. */
  readonly explorer: boolean;
}

export const MAX_DOCUMENT_BYTES = 256 * 1024;
const MAX_UPLOAD_BYTES = 4 * 1024 * 1024;

export interface GraphOptions<Context extends BaseContext> {
  readonly graph: GraphqlEndpoint<Context>;
  readonly authenticator: Authenticator;
  readonly limitRate: Limiter;
  readonly metrics: Metrics;
  /** Seconds in which a request must be answered. */
  readonly requestTimeout: number;
  readonly deadlines: HttpDeadlines;
}

export async function addGraph<Context extends BaseContext>(
  scope: FastifyInstance,
  { graph, authenticator, limitRate, metrics, requestTimeout, deadlines }: GraphOptions<Context>,
): Promise<void> {
  const principals = new WeakMap<FastifyRequest, Principal>();
  const principalOf = (request: FastifyRequest) => principals.get(request) ?? anonymous;
  const parameters = new WeakMap<FastifyRequest, URLSearchParams>();
  const documentOf = (request: FastifyRequest): unknown =>
    request.method === 'GET'
      ? (parameters.get(request)?.get('query') ?? undefined)
      : (request.body as { query?: unknown } | null | undefined)?.query;
  const searchOf = (request: FastifyRequest) => `?${parameters.get(request) ?? ''}`;
  const isPage = (request: FastifyRequest) => graph.explorer && asksForPage(request);
  const refuse = (reply: FastifyReply, refusal: unknown) => {
    // The request timed out and was already answered.
    if (reply.sent) return reply;
    if (!(refusal instanceof Refusal)) throw refusal;
    const { requestRecord } = reply.request;
    requestRecord.outcome = refusal.code;
    return send(reply, graph.refuse(refusal, requestRecord.requestId));
  };
  const authenticate = async (request: FastifyRequest, reply: FastifyReply) => {
    try {
      const principal = await authenticator.authenticate(request.authorization, originOf(request));
      principals.set(request, principal);
      request.requestRecord.principal = principal;
    } catch (error) {
      return refuse(reply, error);
    }
  };

  limitTime(scope, requestTimeout * 1000, refuse);
  scope.addHook('onRequest', async (request, reply) => {
    // Apollo's own page would load its scripts from the internet.
    if (isPage(request)) return reply.redirect('/explorer');
    const limited = await limitRate(request);
    if (limited) return refuse(reply, limited);
    // A caller without a token may be about to log in, which only the document shows.
    if (request.authorization !== undefined) return authenticate(request, reply);
  });
  scope.addHook('preHandler', async (request, reply) => {
    try {
      if (request.method === 'GET') parameters.set(request, graphParameters(request.raw.url ?? ''));
      const document = documentOf(request);
      const isOpen = () =>
        isOperation(request) && (isAskedForByHash(request) || graph.admission.isOpen(document));
      if (!principals.has(request) && !isOpen()) return authenticate(request, reply);
      // Errors in the document of a stream are sent in the stream.
      if (isOperation(request)) graph.admission.check(document);
    } catch (error) {
      return principals.has(request) ? refuse(reply, error) : authenticate(request, reply);
    }
  });
  // The server rejects bodies that are too large or not JSON before Apollo reads them.
  scope.setErrorHandler((error: { statusCode?: number; message: string }, request, reply) => {
    const status = error.statusCode ?? 500;
    if (status < 500 && !principals.has(request)) return authenticate(request, reply);
    if (status >= 500) request.log.error(error, 'fault');
    const message =
      status >= 500 ? 'An internal error occurred.' : (sentences[status]?.(request) ?? error.message);
    const code = status >= 500 ? 'INTERNAL_SERVER_ERROR' : 'BAD_REQUEST';
    request.requestRecord.outcome = code;
    const extensions = { requestId: request.id };
    send(reply, { status, body: { errors: [{ message, extensions: { code } }], extensions } });
  });
  scope.addHook('preParsing', async ({ headers, method }) => {
    if (method !== 'GET' && contentCoding(headers)) throw refusedBody(415);
  });
  // Apollo rejects this type with a message about browsers.
  scope.removeContentTypeParser('text/plain');
  const parseJson = scope.getDefaultJsonParser('error', 'error');
  scope.addContentTypeParser(
    'application/json',
    { parseAs: 'buffer', bodyLimit: MAX_UPLOAD_BYTES },
    (request, bytes: Buffer, done) => {
      const isLarge = bytes.length > MAX_DOCUMENT_BYTES;
      const tooLarge = () => done(refusedBody(413));
      if (isLarge && !principals.has(request)) return tooLarge();
      // Decoding would store every invalid byte as U+FFFD.
      if (!isUtf8(bytes)) return done(refusedBody(400, 'The body is not JSON: it is not UTF-8.'));
      parseJson(request, bytes.toString(), (error, body) => {
        if (error || !isLarge) return done(error, body);
        graph.isUpload(body).then((isUpload) => (isUpload ? done(null, body) : tooLarge()), done);
      });
    },
  );
  await graph.server.start();
  scope.route({
    method: ['GET', 'POST'],
    url: '/graphql',
    handler: async (request, reply) => {
      const { headers, body, status } = await graph.server.executeHTTPGraphQLRequest({
        httpGraphQLRequest: {
          method: request.method,
          headers: headerMap(request.headers),
          search: searchOf(request),
          body: request.body,
        },
        context: async () =>
          graph.context({
            principal: principalOf(request),
            origin: originOf(request),
            requestRecord: request.requestRecord,
            closed: closedOf(reply),
          }),
      });
      reply.code(status ?? 200).headers(Object.fromEntries(headers));
      return body.kind === 'complete' ? body.string : reply.send(Readable.from(body.asyncIterator));
    },
  });
  addEventStreams(scope, {
    metrics,
    streams: graph.streams,
    authenticate: authenticator.authenticate,
    principalOf,
    deadlines,
    searchOf,
  });
}

/** An error for a body that is rejected before it is parsed. Defaults to the sentence of the status. */
const refusedBody = (statusCode: number, message = '') => Object.assign(new Error(message), { statusCode });

/** Messages with the limit and the value found. The framework's own messages lack both. */
const sentences: Readonly<Record<number, (request: FastifyRequest) => string>> = {
  413: () =>
    `The body must be at most ${MAX_DOCUMENT_BYTES} bytes, or ${MAX_UPLOAD_BYTES} for an upload of a file or a report.`,
  415: ({ headers }) => {
    const coding = contentCoding(headers);
    return coding
      ? `Content-Encoding must be omitted, because the server does not decode bodies; found ${show(coding)}.`
      : `The body must be JSON, declared as application/json; found ${show(headers['content-type'])}.`;
  },
};

const anonymous: Principal = { kind: 'anonymous' };

const headerMap = (headers: FastifyRequest['headers']) =>
  new HeaderMap(
    Object.entries(headers).flatMap(([name, value]) => (value ? [[name, value.toString()] as const] : [])),
  );

/**
 * Whether the document is requested by hash and not sent. The GraphQL API finds it and decides whether it is public.
 */
const isAskedForByHash = ({ body }: FastifyRequest): boolean => {
  const { query, extensions } = (body ?? {}) as {
    query?: unknown;
    extensions?: { persistedQuery?: unknown };
  };
  return query === undefined && typeof extensions?.persistedQuery === 'object';
};

/** Whether the request is an operation and not a stream. A stream always needs a token. */
const isOperation = ({ routeOptions }: FastifyRequest) => routeOptions.url === '/graphql';

/** Whether the request is from a browser that opens the page, and not from a client that sends a query. */
const asksForPage = (request: FastifyRequest) =>
  request.method === 'GET' &&
  isOperation(request) &&
  !!request.headers.accept?.includes('text/html') &&
  !request.raw.url?.includes('?');
