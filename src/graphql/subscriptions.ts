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

/** The arguments that type-graphql passes to `subscribe`. */
export interface Subscribing<Args> {
  readonly args: Args;
  readonly context: GraphContext;
}

/** @throws the failure that was delivered instead of an event */
export function eventOf<Event>(delivery: Delivery<Event>): Event {
  if ('failure' in delivery) throw delivery.failure;
  return delivery.event;
}

/** Returns an event about an object. Subscribers share the object, so that its selected related data is loaded once. */
export function newsOf<Thing extends object, What>(
  delivery: Delivery<ThingEvent<Thing, What>>,
  pageLoader: PageLoader,
): ThingEvent<Thing, What> {
  const event = eventOf(delivery);
  if (event.thing) pageLoader.register([event.thing]);
  return event;
}

/** An operation in the form in which a client sends it. */
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
  /** Ends the stream of a subscriber that is too slow. */
  giveUp(): void;
}

/** Apollo checks subscriptions by the rules of all other operations, but does not execute them. */
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
        // A document without the requested operation has not been checked.
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
  /** Checks documents before Apollo does. */
  readonly admission: Pick<Admission, 'check'>;
  contextOf(request: OneRequest): GraphContext;
  readonly report: (fault: unknown, requestId?: string) => void;
}

export function createSubscriptions({ schema, server, admission, contextOf, report }: SubscriptionsOptions) {
  // Subscribers share the rows of an event, so they also share the related data that is loaded.
  const pageLoader = new PageLoader(true);
  return {
    /** Returns the checked operation, ready to execute, or the errors that reject it. */
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
        // The text is empty if the document is requested by its id, because both transports' protocols require the
        // property.
        query: query || undefined,
        operationName: operationName ?? undefined,
        variables: variables ?? undefined,
        extensions: extensions ?? undefined,
      };
      const { body } = await server.executeOperation(request, { contextValue });
      if (!document) return body.kind === 'single' ? (body.singleResult.errors ?? []) : [];
      return { schema, document, contextValue, variableValues: request.variables, operationName };
    },

    /** Converts an event to the form that the client gets. Errors look the same as over HTTP. */
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
