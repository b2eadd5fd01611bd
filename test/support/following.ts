import type { FormattedExecutionResult } from 'graphql';
import { createClient as createEventClient } from 'graphql-sse';
import { createClient as createSocketClient } from 'graphql-ws';
import { WebSocket } from 'ws';
import type { TestApp } from './app.ts';

/** A subscription that is followed, event by event. */
export interface Following {
  /** The data of the next event; an error when it has errors, or the stream is over. */
  // biome-ignore lint/suspicious/noExplicitAny: a test looks into whatever came
  next(): Promise<any>;
  /** The errors of the next event. */
  // biome-ignore lint/suspicious/noExplicitAny: a test looks into whatever came
  errors(): Promise<readonly any[]>;
  /** Waits until the server has ended it. */
  ended(): Promise<void>;
  stop(): Promise<void>;
}

export type Transport = 'WebSocket' | 'server-sent events';
export const transports: readonly Transport[] = ['WebSocket', 'server-sent events'];

/**
 * Makes a run, and waits until the server has heard of it, which is a little after it is answered: whoever follows the
 * run before that is told of its beginning as news.
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

/** Follows with the client library of the transport, without its connecting again. */
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
      // Errors before the first event end a subscription over WebSocket; over the other they are an event.
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
