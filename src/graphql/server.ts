import { ApolloServer, type ApolloServerPlugin } from '@apollo/server';
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginLandingPageDisabled,
} from '@apollo/server/plugin/disabled';
import { ApolloServerPluginLandingPageLocalDefault } from '@apollo/server/plugin/landingPage/default';
import type { KeyValueCache } from '@apollo/utils.keyvaluecache';
import type { GraphQLFormattedError, GraphQLSchema } from 'graphql';
import { personOf } from '../domain/access.ts';
import { Refusal } from '../domain/errors.ts';
import type { Admission } from './admission.ts';
import { executedBy } from './apollo-execution.ts';
import { checkVariables } from './check-variables.ts';
import type { GraphContext } from './context.ts';
import { checkCost } from './cost.ts';
import { asGraphqlError, formatError } from './errors.ts';
import type { Executor } from './execution.ts';
import { subscriptionPlugin } from './subscriptions.ts';
import { requestIdOf, trailPlugin } from './trail.ts';
import { NOT_IN_LIST, type Trusted, trustedOnly } from './trusted-documents.ts';

export interface GraphServerOptions {
  readonly schema: GraphQLSchema;
  readonly execute: Executor;
  readonly admission: Admission;
  readonly introspection: boolean;
  readonly explorer: boolean;
  /** Texts by the hashes under which requests ask for them. */
  readonly documents: KeyValueCache;
  readonly trusted: Trusted;
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
  admission,
  introspection,
  explorer,
  documents,
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
    validationRules: [...admission.validationRules],
    documentStore: admission.documentStore,
    // Set out in full, not left to NODE_ENV.
    allowBatchedHttpRequests: false,
    csrfPrevention: true,
    includeStacktraceInErrorResponses: false,
    hideSchemaDetailsFromClientErrors: !introspection,
    persistedQueries: { cache: documents },
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
      explorer
        ? ApolloServerPluginLandingPageLocalDefault({ embed: true, footer: false })
        : ApolloServerPluginLandingPageDisabled(),
      trailPlugin,
      operationPlugin(maxCost, admission),
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
const operationPlugin = (maxCost: number, admission: Admission): ApolloServerPlugin<GraphContext> => ({
  async requestDidStart() {
    let cost: number | undefined;
    let tooComplex: unknown;
    return {
      async didResolveSource({ source, queryHash }) {
        try {
          admission.check(source, queryHash);
        } catch (refusal) {
          // The engine takes none here.
          tooComplex = refusal;
        }
      },

      async didResolveOperation({ schema, document, operation, request, contextValue }) {
        if (!operation) return;
        const { variables = {} } = request;
        const { principal } = contextValue;
        try {
          if (tooComplex) throw tooComplex;
          // A document that was asked for by its hash is known only now.
          if (principal.kind === 'anonymous' && !admission.isOpenDocument(document)) personOf(principal);
          admission.checkDocument(document);
          checkVariables(schema, operation, variables);
          cost = checkCost({ schema, document, operation, variables }, maxCost);
        } catch (error) {
          throw error instanceof Refusal ? asGraphqlError(error) : error;
        }
      },

      async willSendResponse({ request, response: { body } }) {
        if (cost === undefined || body.kind !== 'single' || !request.http?.headers.has(COST_HEADER)) return;
        body.singleResult.extensions = {
          ...body.singleResult.extensions,
          cost: { requested: cost, allowed: maxCost },
        };
      },
    };
  },
});
