import { afterEach, beforeAll, expect, jest, test } from '@jest/globals';
import { createClient as createEventClient } from 'graphql-sse';
import { createClient as createSocketClient } from 'graphql-ws';
import { WebSocket } from 'ws';
import type { TestApp } from '../support/app.ts';
import { expireTokens } from '../support/expiry.ts';
import { untilPublished } from '../support/following.ts';
import { sharedApp } from '../support/shared-app.ts';
import { mutate as mutateAs } from './mutate.ts';

// Client libraries reconnect by themselves with another token when the old one has expired.
export function reconnecting(): void {
  let app: TestApp;
  beforeAll(async () => {
    app = await sharedApp();
  });
  afterEach(() => {
    jest.useRealTimers();
  });
  const mutate = (name: string, input: object, selection: string) =>
    mutateAs(app, name, input, selection, app.token());

  const retries = { retryAttempts: 5, retry: async () => {} };

  test.each([
    [
      'graphql-ws',
      () => {
        return createSocketClient({
          url: `${app.url.replace('http', 'ws')}/graphql`,
          webSocketImpl: WebSocket,
          connectionParams: () => ({ authorization: `Bearer ${app.token()}` }),
          retryAttempts: retries.retryAttempts,
          retryWait: retries.retry,
        });
      },
    ],
    [
      'graphql-sse',
      () => {
        return createEventClient({
          url: `${app.url}/graphql/stream`,
          headers: () => ({ authorization: `Bearer ${app.token()}` }),
          retryAttempts: retries.retryAttempts,
          retry: retries.retry,
        });
      },
    ],
  ])('%s continues with another token when one expires, and misses nothing', async (name, createClient) => {
    const input = { id: '5', idempotencyKey: name };
    const { activity } = await untilPublished(app, () =>
      mutate('runScriptProfile', input, 'activity { id }'),
    );
    const client = createClient();
    const query = 'subscription ($id: ID!) { runProgress(activityId: $id) { activity { status } } }';
    const events = client.iterate({ query, variables: { id: activity.id } });
    const next = async () => (await events.next()).value?.data;
    const open = { runProgress: { activity: { status: 'UNDELIVERED' } } };
    expect(await next()).toEqual(open);
    // Expires through another connection.
    await expireTokens(app);
    expect(await next()).toEqual(open);
    await mutate('cancelActivity', { id: activity.id }, 'activity { status }');
    expect(await next()).toEqual({ runProgress: { activity: { status: 'CANCELED' } } });
    expect((await events.next()).done).toBe(true);
    await client.dispose();
  });
}
