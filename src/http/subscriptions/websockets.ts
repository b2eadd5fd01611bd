import { isUtf8 } from 'node:buffer';
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type { FastifyBaseLogger, FastifyInstance } from 'fastify';
import { GraphQLError } from 'graphql';
import { CloseCode, type Context, handleProtocols, makeServer } from 'graphql-ws';
import { type ServerOptions, type WebSocket, WebSocketServer } from 'ws';
import type { Principal } from '../../domain/accounts/access.ts';
import { Refusal } from '../../domain/errors.ts';
import type { RequestRecord } from '../../services/request-record.ts';
import { answerOn } from '../broken-request.ts';
import { allowsOrigin, type CorsPolicy } from '../cors.ts';
import type { HttpDeadlines } from '../deadlines.ts';
import { callerOf } from '../observability/request-log.ts';
import { guard, type StreamOptions } from './streams.ts';

/** Maximum bytes of a message, as over HTTP. */
const MAX_MESSAGE_BYTES = 256 * 1024;
const MAX_SUBSCRIPTIONS = 100;
/** Maximum bytes that may wait for a client that does not read. */
const MAX_UNSENT_BYTES = 1024 * 1024;

/** Codes after which clients reconnect automatically. */
const CLOSE_CODES = { serviceRestart: 1012, tryAgainLater: 1013, accessLost: CloseCode.Forbidden };

export interface WebSocketOptions extends StreamOptions {
  readonly log: FastifyBaseLogger;
  readonly deadlines: HttpDeadlines;
  readonly cors: CorsPolicy;
  /** The address that a connection comes from. */
  addressOf(request: IncomingMessage): string;
  /** The credentials of a connection whose first message has none. */
  authorizationOf(request: IncomingMessage): string | undefined;
  /** Counts a connection or an operation as a request. Returns a refusal if there were too many. */
  limitRate(caller: {
    readonly authorization: string | undefined;
    readonly address: string;
  }): Promise<Refusal | undefined>;
}

interface Connection {
  readonly socket: WebSocket;
  readonly request: IncomingMessage;
  readonly address: string;
  authorization?: string;
  principal?: Principal;
  guard?: { stop(): void };
}

/** Serves subscriptions over WebSocket at /graphql, with the protocol graphql-transport-ws. */
export function addWebSockets(server: FastifyInstance, options: WebSocketOptions): void {
  const { streams, authenticate, cors, addressOf, authorizationOf, limitRate, log, metrics, deadlines } =
    options;
  const settings: ServerOptions & { closeTimeout: number } = {
    noServer: true,
    maxPayload: MAX_MESSAGE_BYTES,
    closeTimeout: deadlines.close,
    handleProtocols,
  };
  const sockets = new WebSocketServer(settings);
  const contexts = new Set<Context<Record<string, unknown>, Connection>>();
  metrics.watchSockets(() => ({
    connections: sockets.clients.size,
    subscriptions: [...contexts].reduce(
      (sum, { subscriptions }) => sum + Object.keys(subscriptions).length,
      0,
    ),
  }));

  const protocol = makeServer<Record<string, unknown>, Connection>({
    connectionInitWaitTimeout: deadlines.connectionInit,
    async onConnect(context) {
      const { connectionParams, extra } = context;
      const { socket, request, address } = extra;
      const origin = { address, requestId: crypto.randomUUID() };
      const authorization = sentWith(connectionParams) ?? authorizationOf(request);
      const limited = await limitRate({ authorization, address });
      if (limited) {
        close(socket, CLOSE_CODES.tryAgainLater, limited.message);
        return false;
      }
      try {
        extra.authorization = authorization;
        extra.principal = await authenticate(authorization, origin);
      } catch (error) {
        if (!(error instanceof Refusal)) throw error;
        // To reconnect with the same invalid token would not help.
        close(
          socket,
          error.code === 'UNAUTHENTICATED' ? CloseCode.Unauthorized : CLOSE_CODES.tryAgainLater,
          error.message,
        );
        return false;
      }
      if (socket.readyState !== socket.OPEN) return false;
      contexts.add(context);
      const { principal } = extra;
      extra.guard = guard(options, { authorization, principal, origin }, (why) =>
        close(socket, CLOSE_CODES.accessLost, why),
      );
      return true;
    },
    async onSubscribe({ extra, subscriptions }, _id, operation) {
      const { socket, address, authorization, principal } = extra;
      if (Object.keys(subscriptions).length > MAX_SUBSCRIPTIONS) return [asError(tooMany())];
      const limited = await limitRate({ authorization, address });
      if (limited) return [asError(limited)];
      const requestId = crypto.randomUUID();
      const requestRecord: RequestRecord = { requestId, principal };
      const admitted = await streams.admit(operation, {
        principal: principal!,
        origin: { address, requestId },
        requestRecord,
        giveUp: () => giveUp(socket),
      });
      noteSubscription(requestRecord);
      return 'document' in admitted ? admitted : admitted.map(formatted);
    },
    onNext: (_context, _id, _operation, _args, result) => streams.format(result),
    onClose(context) {
      contexts.delete(context);
      context.extra.guard?.stop();
    },
  });

  function noteSubscription({
    requestId,
    principal,
    operation = 'none',
    operationName,
    outcome = 'OK',
  }: RequestRecord) {
    metrics.request({ door: 'websocket', operation, outcome });
    const caller = principal && callerOf(principal);
    log.info({ requestId, path: '/graphql', operation, operationName, caller, outcome }, 'subscription');
  }

  const open = (socket: WebSocket, request: IncomingMessage) => {
    const closed = protocol.opened(
      {
        protocol: socket.protocol,
        // Resolves when the message was sent, so that a client that does not read gets no further messages meanwhile.
        send: (data) =>
          new Promise((sent) => {
            if (socket.bufferedAmount > MAX_UNSENT_BYTES) giveUp(socket);
            if (socket.readyState === socket.OPEN) socket.send(data, () => sent());
            else sent();
          }),
        close: (code = CloseCode.InternalServerError, reason) => close(socket, code, reason),
        onMessage: (take) =>
          socket.on('message', (data) =>
            // Invalid UTF-8 is not a message. The protocol library closes the socket with the code for it.
            take(isUtf8(data as Buffer) ? String(data) : '').catch((fault: unknown) => {
              log.error({ err: fault }, 'fault');
              close(socket, CloseCode.InternalServerError, 'An internal error occurred.');
            }),
          ),
      },
      { socket, request, address: addressOf(request) },
    );
    let alive = true;
    socket.on('pong', () => {
      alive = true;
    });
    const heart = setInterval(() => {
      if (!alive) return socket.terminate();
      alive = false;
      socket.ping();
    }, deadlines.pong).unref();
    // Input that is not a WebSocket message. The library closes the socket with the matching code.
    socket.on('error', () => {});
    socket.once('close', (code, reason) => {
      clearInterval(heart);
      log.info({ path: '/graphql', code }, 'websocket closed');
      void closed(code, String(reason));
    });
  };

  let closing = false;
  server.server.on('upgrade', (request: IncomingMessage, connection: Duplex, head: Buffer) => {
    connection.on('error', () => connection.destroy());
    const path = request.url?.split('?')[0];
    if (closing)
      return answerOn(connection, '503 Service Unavailable', 'Unavailable', 'The server is stopping.');
    if (path !== '/graphql')
      return answerOn(
        connection,
        '404 Not Found',
        'NotFound',
        `The path ${path} does not accept a WebSocket.`,
      );
    if (!isAllowed(request, cors))
      return answerOn(connection, '403 Forbidden', 'Forbidden', 'CORS_ORIGINS does not name this origin.');
    sockets.handleUpgrade(request, connection, head, open);
  });
  server.addHook('preClose', (done) => {
    closing = true;
    for (const socket of sockets.clients)
      close(socket, CLOSE_CODES.serviceRestart, 'The server is restarting.');
    done();
  });
}

/** Whether the page's origin is allowed. Clients other than browsers send no origin. */
function isAllowed({ headers }: IncomingMessage, cors: CorsPolicy): boolean {
  const { origin, host } = headers;
  if (origin === undefined || allowsOrigin(cors, origin)) return true;
  return URL.canParse(origin) && new URL(origin).host === host;
}

/** The Authorization header, sent in the first message because browsers can't send it with a WebSocket. */
function sentWith(params: Readonly<Record<string, unknown>> = {}): string | undefined {
  const value = params.authorization ?? params.Authorization;
  return typeof value === 'string' ? value : undefined;
}

const giveUp = (socket: WebSocket) =>
  close(socket, CLOSE_CODES.tryAgainLater, 'The subscriber is too slow for the events.');

/** Closes a socket. A reason has a maximum of 123 bytes. */
function close(socket: WebSocket, code: number, reason = ''): void {
  socket.close(
    code,
    Buffer.from(reason)
      .subarray(0, 123)
      .toString()
      .replace(/\uFFFD$/, ''),
  );
}

const asError = ({ code, message, detail, retryAfter }: Refusal) =>
  new GraphQLError(message, {
    extensions: { code, ...detail, ...(retryAfter !== undefined && { retryAfter }) },
  });

const formatted = (error: { readonly message: string }) =>
  Object.assign(new GraphQLError(error.message), { toJSON: () => error });

const tooMany = () =>
  new Refusal('RATE_LIMITED', `A connection may have at most ${MAX_SUBSCRIPTIONS} subscriptions.`, {
    allowed: `at most ${MAX_SUBSCRIPTIONS} subscriptions`,
  });
