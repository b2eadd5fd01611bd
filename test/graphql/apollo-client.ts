import { ApolloClient, ApolloLink, gql, HttpLink, InMemoryCache } from '@apollo/client';
import { GraphQLWsLink } from '@apollo/client/link/subscriptions';
import { beforeAll, expect, test } from '@jest/globals';
import { OperationTypeNode } from 'graphql';
import { createClient } from 'graphql-ws';
import { WebSocket } from 'ws';
import type { TestApp } from '../support/app.ts';
import { untilPublished } from '../support/following.ts';
import { sharedApp } from '../support/shared-app.ts';
import { waitUntil } from '../support/waiting.ts';
import { mutate as mutateAs } from './mutate.ts';

// A typical dashboard. It shows the contents of Apollo Client's normalised cache, and updates with it.
export function apolloClient(): void {
  let app: TestApp;
  beforeAll(async () => {
    app = await sharedApp();
  });
  const mutate = (name: string, input: object, selection: string) =>
    mutateAs(app, name, input, selection, app.token());

  function dashboard() {
    const authorization = `Bearer ${app.token()}`;
    const socket = createClient({
      url: `${app.url.replace('http', 'ws')}/graphql`,
      webSocketImpl: WebSocket,
      connectionParams: () => ({ authorization }),
    });
    const client = new ApolloClient({
      cache: new InMemoryCache(),
      link: ApolloLink.split(
        ({ operationType }) => operationType === OperationTypeNode.SUBSCRIPTION,
        new GraphQLWsLink(socket),
        new HttpLink({ uri: `${app.url}/graphql`, headers: { authorization } }),
      ),
    });
    return {
      client,
      async close() {
        client.stop();
        await socket.dispose();
      },
    };
  }

  const RUN = gql`
  fragment Run on Activity { id status completionTime counts { undelivered canceled } }
`;
  const SHOWN = gql`
  query ($id: ID!) { activity(id: $id) { ...Run } }
  ${RUN}
`;
  const PROGRESS = gql`
  subscription ($id: ID!) { runProgress(activityId: $id) { activity { ...Run } } }
  ${RUN}
`;

  interface Shown {
    readonly activity: { readonly status: string; readonly counts: { readonly canceled: number } };
  }

  test('a run in Apollo Client’s cache updates live, and the subscription ends with the run', async () => {
    const run = { id: '5', idempotencyKey: 'apollo' };
    const { activity } = await untilPublished(app, () => mutate('runScriptProfile', run, 'activity { id }'));
    const { client, close } = dashboard();
    const variables = { id: activity.id };
    const seen: string[] = [];
    const canceled = new Promise<void>((resolve) => {
      client.watchQuery<Shown>({ query: SHOWN, variables }).subscribe(({ data }) => {
        const { status, counts } = (data as Shown | undefined)?.activity ?? {};
        if (status) seen.push(`${status} ${counts?.canceled}`);
        if (status === 'CANCELED') resolve();
      });
    });
    // The query must finish before the run is canceled, because its answer may be slow.
    await waitUntil('the query has its first result', () => seen.length);
    let events = 0;
    let over: Promise<void> | undefined;
    await new Promise<void>((first) => {
      over = new Promise((complete, error) => {
        client.subscribe({ query: PROGRESS, variables }).subscribe({
          next() {
            events += 1;
            first();
          },
          complete,
          error,
        });
      });
    });
    await mutate('cancelActivity', { id: activity.id }, 'activity { status }');
    await over;
    await canceled;
    expect(events).toBe(2);
    expect(seen).toEqual(['UNDELIVERED 0', 'CANCELED 20']);
    await close();
  });
}
