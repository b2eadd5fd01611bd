import type { FormattedExecutionResult } from 'graphql';
import { createClient as createEventClient } from 'graphql-sse';
import { createClient as createSocketClient } from 'graphql-ws';
import { WebSocket } from 'ws';
import type { TestApp } from './app.ts';

/** A subscription, event by event. */
export interface Following {
  /** The data of the next event. Throws if the event has errors or the stream has ended. */
  // biome-ignore lint/suspicious/noExplicitAny: a test reads answers of any shape
  next(): Promise<any>;
  /** The errors of the next event. */
  // biome-ignore lint/suspicious/noExplicitAny: a test reads answers of any shape
  errors(): Promise<readonly any[]>;
  /** Waits until the server has ended the stream. */
  ended(): Promise<void>;
  stop(): Promise<void>;
}

export type Transport = 'WebSocket' | 'server-sent events';
export const transports: readonly Transport[] = ['WebSocket', 'server-sent events'];

/**
 * Creates a run, and waits until its creation is published, shortly after the answer. Otherwise a subscriber of the run
 * may receive its creation as an event.
 */
export async function untilPublished<Result>(
  app: Pick<TestApp, 'url' | 'token'>,
  run: () => Promise<Result>,
): Promise<Result> {
  const feed = follow(app, 'WebSocket', 'subscription { activityFeed { isSnapshot } }');
  await feed.next();
  const made = await run();
  await feed.next();
  await feed.stop();
  return made;
}

/** Subscribes with the client library of the transport, without its reconnecting. */
export function follow(
  app: Pick<TestApp, 'url' | 'token'>,
  transport: Transport,
  query: string,
  variables: Record<string, unknown> = {},
  token = app.token(),
  extensions?: Record<string, unknown>,
): Following {
  const authorization = `Bearer ${token}`;
  const client =
    transport === 'WebSocket'
      ? createSocketClient({
          url: `${app.url.replace('http', 'ws')}/graphql`,
          webSocketImpl: WebSocket,
          connectionParams: { authorization },
          retryAttempts: 0,
        })
      : createEventClient({
          url: `${app.url}/graphql/stream`,
          headers: { authorization },
          retryAttempts: 0,
        });
  const events = client.iterate({
    query,
    variables,
    extensions,
  }) as AsyncIterableIterator<FormattedExecutionResult>;
  const result = async () => {
    const { value, done } = await events.next();
    if (done) throw new Error('The stream is over.');
    return value;
  };
  return {
    async next() {
      const { data, errors } = await result();
      if (errors) throw new Error(JSON.stringify(errors));
      return data;
    },
    async errors() {
      // Over WebSocket, errors before the first event end the subscription. Over server-sent events they are an event.
      try {
        return (await result()).errors ?? [];
      } catch (errors) {
        if (Array.isArray(errors)) return errors;
        throw errors;
      }
    },
    async ended() {
      while (!(await events.next()).done);
    },
    async stop() {
      await events.return?.();
      await client.dispose();
    },
  };
}
