import { ApolloLink, HttpLink } from '@apollo/client';
import { CombinedGraphQLErrors, ServerError } from '@apollo/client/errors';
import { ErrorLink } from '@apollo/client/link/error';
import { GraphQLWsLink } from '@apollo/client/link/subscriptions';
import { getMainDefinition } from '@apollo/client/utilities';
import { createClient } from 'graphql-ws';
import { retry, throwError } from 'rxjs';
import { addressOf, consoleHeader, webSocketAddress } from './address.ts';
import { connection, noteLoss } from './connection.ts';
import { expire, untilOpen } from './session/session.ts';

const http = new HttpLink({
  uri: addressOf('graphql'),
  headers: consoleHeader,
  credentials: 'same-origin',
});

const MAX_WAIT_MS = 30_000;
/** A connection that is silent for so long is lost, which a switched-off network does not say. */
const SILENCE_MS = 10_000;

/** One connection serves all subscriptions. `onReconnect` runs when events may have been missed. */
function webSocket(onReconnect: () => void): ApolloLink {
  let pong: ReturnType<typeof setTimeout> | undefined;
  let socket: WebSocket | undefined;
  const client = createClient({
    url: webSocketAddress('graphql'),
    lazyCloseTimeout: 3000,
    keepAlive: SILENCE_MS,
    retryAttempts: Number.POSITIVE_INFINITY,
    shouldRetry: () => true,
    retryWait: (retries) =>
      new Promise((done) =>
        setTimeout(done, Math.min(1000 * 2 ** Math.min(retries, 5), MAX_WAIT_MS) * (0.5 + Math.random() / 2)),
      ),
    on: {
      opened: (opened) => {
        socket = opened as WebSocket;
      },
      connected: () => {
        const wasLost = connection().state === 'lost';
        connection({ state: 'live' });
        if (wasLost) onReconnect();
      },
      ping: (received) => {
        if (!received) pong = setTimeout(() => socket?.close(4408, 'The gateway is silent'), SILENCE_MS / 2);
      },
      pong: (received) => {
        if (received) clearTimeout(pong);
      },
      closed: (event) => {
        clearTimeout(pong);
        // 1000: the last subscription ended, so the connection is not needed.
        if ((event as CloseEvent).code === 1000) connection({ state: 'connecting' });
        else noteLoss();
      },
    },
  });
  // A session that ended fails its subscriptions. They start again in the next session.
  const again = new ApolloLink((operation, forward) =>
    forward(operation).pipe(
      retry({ delay: (error) => (isRefused(error) ? throwError(() => error) : untilOpen()) }),
    ),
  );
  return ApolloLink.from([again, new GraphQLWsLink(client)]);
}

const has = (error: unknown, code: string) =>
  CombinedGraphQLErrors.is(error) && error.errors.some(({ extensions }) => extensions?.code === code);

/** Whether another attempt in the same session would fail in the same way. */
const isRefused = (error: unknown) => CombinedGraphQLErrors.is(error) && !has(error, 'UNAUTHENTICATED');

const noticeEndOfSession = new ErrorLink(({ error }) => {
  if (has(error, 'UNAUTHENTICATED') || (ServerError.is(error) && error.statusCode === 401)) expire();
});

/** A document that the gateway does not understand is a defect of the console. It must not fail silently. */
const reportDefect = new ErrorLink(({ error, operation }) => {
  if (has(error, 'GRAPHQL_VALIDATION_FAILED')) console.error(`${operation.operationName}: ${error.message}`);
});

export const createLink = (onReconnect: () => void): ApolloLink =>
  reportDefect.split(
    ({ query }) => {
      const definition = getMainDefinition(query);
      return definition.kind === 'OperationDefinition' && definition.operation === 'subscription';
    },
    webSocket(onReconnect),
    ApolloLink.from([noticeEndOfSession, http]),
  );
