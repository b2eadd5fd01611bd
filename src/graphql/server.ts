import { ApolloServer, type ApolloServerPlugin } from '@apollo/server';
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginLandingPageDisabled,
} from '@apollo/server/plugin/disabled';
import type { GraphQLFormattedError, GraphQLSchema } from 'graphql';
import { personOf } from '../domain/access.ts';
import { Refusal } from '../domain/errors.ts';
import { executedBy } from './apollo-execution.ts';
import { checkVariables } from './check-variables.ts';
import type { GraphContext } from './context.ts';
import { checkCost } from './cost.ts';
import { asGraphqlError, formatError } from './errors.ts';
import type { Executor } from './execution.ts';
import { noIntrospection } from './introspection.ts';
import { subscriptionPlugin } from './subscriptions.ts';
import { requestIdOf, trailPlugin } from './trail.ts';
import { documentCache, NOT_IN_LIST, type TrustedDocuments, trustedOnly } from './trusted-documents.ts';

export interface GraphServerOptions {
  readonly schema: GraphQLSchema;
  readonly execute: Executor;
  /** Whether a document may be run for nobody. */
  readonly isOpen: (document: string) => boolean;
  readonly introspection: boolean;
  /** What clients were built with; `only`: nothing else is run. */
  readonly trusted: { readonly documents: TrustedDocuments; readonly only: boolean };
  /** Tokens of a document. */
  readonly maxTokens: number;
  /** How many objects an operation may fetch. */
  readonly maxCost: number;
  /** Hears of faults, which callers don't. */
  readonly report: (fault: unknown, requestId?: string) => void;
}

export const createGraphServer = ({
  schema,
  execute,
  isOpen,
  introspection,
  trusted,
  maxTokens,
  maxCost,
  report,
}: GraphServerOptions) => {
  const execution = executedBy(execute, schema);
  return new ApolloServer<GraphContext>({
    gateway: execution.gateway,
    // Apollo's own rule would tell callers how to configure Apollo.
    introspection: true,
    validationRules: introspection ? [] : [noIntrospection],
    // Set out in full, not left to NODE_ENV.
    allowBatchedHttpRequests: false,
    csrfPrevention: true,
    includeStacktraceInErrorResponses: false,
    hideSchemaDetailsFromClientErrors: !introspection,
    persistedQueries: { cache: documentCache(trusted.documents, trusted.only) },
    parseOptions: { maxTokens },
    validationOptions: { maxErrors: 10 },
    stopOnTerminationSignals: false,
    formatError: (formatted, error) =>
      formatError(trusted.only ? withoutFaults(formatted) : formatted, error, (fault) =>
        report(fault, requestIdOf(error)),
      ),
    plugins: [
      // It wraps every field's resolver, for hints that nobody here gives.
      ApolloServerPluginCacheControlDisabled(),
      ApolloServerPluginLandingPageDisabled(),
      trailPlugin,
      operationPlugin(maxCost, isOpen),
      noSuggestionsPlugin,
      ...(trusted.only ? [trustedOnly(trusted.documents)] : []),
      subscriptionPlugin,
      // The last: what the others answer with themselves is not executed.
      execution.plugin,
    ],
  });
};

/** The manifest’s documents are faultless: one with a fault is none of them, and whoever made it up learns no more. */
function withoutFaults(error: GraphQLFormattedError): GraphQLFormattedError {
  const { message, code } = NOT_IN_LIST;
  const isFault = ['GRAPHQL_PARSE_FAILED', 'GRAPHQL_VALIDATION_FAILED'].includes(
    String(error.extensions?.code),
  );
  return isFault ? { message, extensions: { code } } : error;
}

/** Whoever is nobody yet is told what is wrong with their document, and not what else the schema has. */
const noSuggestionsPlugin: ApolloServerPlugin<GraphContext> = {
  async requestDidStart({ contextValue }) {
    if (contextValue.principal.kind !== 'anonymous') return undefined;
    return {
      async willSendResponse({ response: { body } }) {
        if (body.kind !== 'single' || !body.singleResult.errors) return;
        body.singleResult.errors = body.singleResult.errors.map((error) => ({
          ...error,
          message: error.message.replace(/ Did you mean [^?]*\?/g, ''),
        }));
      },
    };
  },
};

/** Whoever wants to know what an operation costs sends this header, with any value. */
const COST_HEADER = 'x-query-cost';

/** What depends on the variables: validated documents are kept for all callers. */
const operationPlugin = (
  maxCost: number,
  isOpen: GraphServerOptions['isOpen'],
): ApolloServerPlugin<GraphContext> => ({
  async requestDidStart() {
    let cost: number | undefined;
    return {
      async didResolveOperation({ schema, source, document, operation, request, contextValue }) {
        if (!operation) return;
        const { variables = {} } = request;
        const { principal } = contextValue;
        try {
          // One that was asked for by its hash is found only now.
          if (principal.kind === 'anonymous' && !isOpen(source)) personOf(principal);
          checkVariables(schema, operation, variables);
          cost = checkCost({ schema, document, operation, variables }, maxCost);
        } catch (error) {
          throw error instanceof Refusal ? asGraphqlError(error) : error;
        }
      },

      async willSendResponse({ request, response: { body, http } }) {
        if (cost === undefined || body.kind !== 'single' || !request.http?.headers.has(COST_HEADER)) return;
        http.headers.set(COST_HEADER, String(cost));
        body.singleResult.extensions = {
          ...body.singleResult.extensions,
          cost: { requested: cost, allowed: maxCost },
        };
      },
    };
  },
});
