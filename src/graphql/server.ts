import { ApolloServer, type ApolloServerPlugin } from '@apollo/server';
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginLandingPageDisabled,
} from '@apollo/server/plugin/disabled';
import type { KeyValueCache } from '@apollo/utils.keyvaluecache';
import type { GraphQLFormattedError, GraphQLSchema } from 'graphql';
import { personOf } from '../domain/accounts/access.ts';
import { Refusal } from '../domain/errors.ts';
import { asGraphqlError, formatError } from './common/errors.ts';
import type { GraphContext } from './context.ts';
import { executedBy } from './execution/apollo-execution.ts';
import type { Executor } from './execution/execution.ts';
import type { Admission } from './limits/admission.ts';
import { checkVariables } from './limits/check-variables.ts';
import { checkCost } from './limits/cost.ts';
import { NOT_IN_LIST, type Trusted, trustedOnly } from './limits/trusted-documents.ts';
import { requestIdOf, requestRecordPlugin } from './request-record.ts';
import { subscriptionPlugin } from './subscriptions.ts';

export interface GraphServerOptions {
  readonly schema: GraphQLSchema;
  readonly execute: Executor;
  readonly admission: Admission;
  readonly introspection: boolean;
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
      // Its page is Apollo Sandbox, whose scripts come from a CDN: this origin's cookie gets a token.
      ApolloServerPluginLandingPageDisabled(),
      requestRecordPlugin,
      operationPlugin(maxCost, admission, introspection),
      hiddenSchemaPlugin(introspection),
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

/** Whether a caller is told only what they sent: without the schema, an error must not list parts of it. */
const isSchemaHidden = ({ principal }: GraphContext, introspection: boolean): boolean =>
  !introspection || principal.kind === 'anonymous';

/** Takes out of errors what else the schema has: names that resemble the sent ones, and names that are missing. */
const hiddenSchemaPlugin = (introspection: boolean): ApolloServerPlugin<GraphContext> => ({
  async requestDidStart({ contextValue }) {
    if (!isSchemaHidden(contextValue, introspection)) return undefined;
    return {
      async willSendResponse({ response: { body } }) {
        if (body.kind !== 'single' || !body.singleResult.errors) return;
        body.singleResult.errors = body.singleResult.errors.map((error) => ({
          ...error,
          message: withoutSchema(error.message),
        }));
      },
    };
  },
});

const REQUIRED =
  /\b(?:Field|Argument) "[\w.]+"(?: argument "\w+")? of (?:required )?type "[^"]+" (?:is required, but it )?was not provided\./g;

const withoutSchema = (message: string): string =>
  message
    .replace(/ Did you mean [^?]*\?/g, '')
    .replace(REQUIRED, 'A required field or argument was not provided.');

/** From this cost on, a request waits for the account's turn before it fetches anything: what waits takes memory, too. */
const LARGE_COST = 2000;

/** Whoever wants to know what an operation costs sends this header, with any value. */
const COST_HEADER = 'x-query-cost';

/** What depends on the variables: validated documents are kept for all callers. */
const operationPlugin = (
  maxCost: number,
  admission: Admission,
  introspection: boolean,
): ApolloServerPlugin<GraphContext> => ({
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
          const hideSchema = isSchemaHidden(contextValue, introspection);
          checkVariables(schema, operation, variables, { hideSchema });
          cost = checkCost({ schema, document, operation, variables }, maxCost);
          if (cost > LARGE_COST) await contextValue.answer.enterLarge();
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
