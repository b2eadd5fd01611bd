import { type ApolloServer, type ApolloServerPlugin, HeaderMap } from '@apollo/server';
import {
  type DocumentNode,
  type ExecutionArgs,
  type ExecutionResult,
  type FormattedExecutionResult,
  GraphQLError,
  type GraphQLFormattedError,
  type GraphQLSchema,
} from 'graphql';
import type { Origin, Principal } from '../domain/accounts/access.ts';
import { Refusal } from '../domain/errors.ts';
import type { RequestRecord } from '../services/request-record.ts';
import type { ThingEvent } from '../services/subscriptions/live.ts';
import type { Delivery } from '../services/subscriptions/watch.ts';
import { asGraphqlError, formatError, refusedRequest } from './common/errors.ts';
import type { GraphContext, OneRequest } from './context.ts';
import { PageLoader } from './execution/page-loader.ts';
import type { Admission } from './limits/admission.ts';

/** What type-graphql hands to `subscribe`. */
export interface Subscribing<Args> {
  readonly args: Args;
  readonly context: GraphContext;
}

/** @throws whatever there is instead of an event */
export function eventOf<Event>(delivery: Delivery<Event>): Event {
  if ('failure' in delivery) throw delivery.failure;
  return delivery.event;
}

/** News of a thing that subscribers share, as far as they ask for it: what completes it is fetched once. */
export function newsOf<Thing extends object, What>(
  delivery: Delivery<ThingEvent<Thing, What>>,
  pageLoader: PageLoader,
): ThingEvent<Thing, What> {
  const event = eventOf(delivery);
  if (event.thing) pageLoader.register([event.thing]);
  return event;
}

/** An operation as a client sends it. */
export interface OperationRequest {
  readonly query?: string | null;
  readonly operationName?: string | null;
  readonly variables?: Record<string, unknown> | null;
  readonly extensions?: Record<string, unknown> | null;
}

export interface Subscriber {
  readonly principal: Principal;
  readonly origin: Origin;
  readonly requestRecord: RequestRecord;
  /** Ends the subscriber's stream: it does not keep up. */
  giveUp(): void;
}

/** Subscriptions are not for Apollo to run, but for it to judge: by the same rules as every other operation. */
export const subscriptionPlugin: ApolloServerPlugin<GraphContext> = {
  async requestDidStart() {
    return {
      async didResolveOperation({ operation, contextValue }) {
        if (!operation) return;
        const isSubscription = operation.operation === 'subscription';
        if (isSubscription !== Boolean(contextValue.admit))
          throw asGraphqlError(isSubscription ? notAnswered() : notFollowed(operation.operation));
      },
      async responseForOperation({ document, operation, contextValue }) {
        // A document without the operation that was asked for has passed no check.
        if (!contextValue.admit || !operation) return null;
        contextValue.admit(document);
        return { http: { headers: new HeaderMap() }, body: { kind: 'single', singleResult: {} } };
      },
    };
  },
};

export interface SubscriptionsOptions {
  readonly schema: GraphQLSchema;
  readonly server: ApolloServer<GraphContext>;
  /** Looks at documents before Apollo does. */
  readonly admission: Pick<Admission, 'check'>;
  contextOf(request: OneRequest): GraphContext;
  readonly report: (fault: unknown, requestId?: string) => void;
}

export function createSubscriptions({ schema, server, admission, contextOf, report }: SubscriptionsOptions) {
  // Subscribers share the rows of an event, and so what completes them: once for all, and not for each.
  const pageLoader = new PageLoader(true);
  return {
    /** What to run, or why not. */
    async admit(
      { query, operationName, variables, extensions }: OperationRequest,
      subscriber: Subscriber,
    ): Promise<ExecutionArgs | readonly GraphQLFormattedError[]> {
      try {
        admission.check(query);
      } catch (error) {
        if (!(error instanceof Refusal)) throw error;
        subscriber.requestRecord.outcome = error.code;
        return refusedRequest(error, subscriber.origin.requestId).body.errors;
      }
      let document: DocumentNode | undefined;
      const contextValue = contextOf({
        ...subscriber,
        pageLoader,
        admit: (admitted) => {
          document = admitted;
        },
      });
      const request = {
        // Empty, where it is asked for by its id: neither transport's protocol lets it be left out.
        query: query || undefined,
        operationName: operationName ?? undefined,
        variables: variables ?? undefined,
        extensions: extensions ?? undefined,
      };
      const { body } = await server.executeOperation(request, { contextValue });
      if (!document) return body.kind === 'single' ? (body.singleResult.errors ?? []) : [];
      return { schema, document, contextValue, variableValues: request.variables, operationName };
    },

    /** An event as the client gets it: errors as over HTTP. */
    format({ errors, ...result }: ExecutionResult | FormattedExecutionResult): FormattedExecutionResult {
      if (!errors) return result;
      return {
        ...result,
        errors: errors.map((error) =>
          error instanceof GraphQLError ? formatError(error.toJSON(), error, report) : error,
        ),
      };
    },
  };
}

const notAnswered = () =>
  new Refusal(
    'INVALID_INPUT',
    'Subscriptions are served over WebSocket at /graphql (graphql-transport-ws), or as server-sent events at /graphql/stream.',
    { field: 'query', found: 'subscription', allowed: 'a query or a mutation' },
  );

const notFollowed = (found: string) =>
  new Refusal('INVALID_INPUT', 'Queries and mutations are served over HTTP, by POST to /graphql.', {
    field: 'query',
    found,
    allowed: 'a subscription',
  });
