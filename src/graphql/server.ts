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
  /** Documents by the hash that requests send instead of the text. */
  readonly documents: KeyValueCache;
  readonly trusted: Trusted;
  /** Maximum number of tokens in a document. */
  readonly maxTokens: number;
  /** Maximum number of objects that an operation may fetch. */
  readonly maxCost: number;
  /** Receives internal errors, which are masked for callers. */
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
    // Apollo's own rule is off, because its message would explain to callers how to configure Apollo.
    introspection: true,
    validationRules: [...admission.validationRules],
    documentStore: admission.documentStore,
    // These options are explicit, because their defaults depend on NODE_ENV.
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
      // This plugin would wrap every field's resolver for cache hints, which this schema does not use.
      ApolloServerPluginCacheControlDisabled(),
      // Apollo's landing page loads its scripts from a CDN, and this origin has a cookie with a token.
      ApolloServerPluginLandingPageDisabled(),
      requestRecordPlugin,
      operationPlugin(maxCost, admission, introspection),
      hiddenSchemaPlugin(introspection),
      ...(trusted.only ? [trustedOnly(trusted.documents)] : []),
      subscriptionPlugin,
      // This plugin is last, because operations that another plugin answers must not be executed.
      execution.plugin,
    ],
  });
};

/**
 * Replaces an error about the document, because every trusted document is valid. The caller of any other document
 * learns only that it is not in the list.
 */
function withoutFaults(error: GraphQLFormattedError): GraphQLFormattedError {
  const { message, code } = NOT_IN_LIST;
  const isFault = ['GRAPHQL_PARSE_FAILED', 'GRAPHQL_VALIDATION_FAILED'].includes(
    String(error.extensions?.code),
  );
  return isFault ? { message, extensions: { code } } : error;
}

/** Whether the caller may not read the schema. Errors must then not reveal parts of it. */
const isSchemaHidden = ({ principal }: GraphContext, introspection: boolean): boolean =>
  !introspection || principal.kind === 'anonymous';

/** Removes names from errors that the caller did not send: similar names, and names of missing fields. */
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

/**
 * A request above this cost waits for the account's turn before it fetches any data. A waiting request with data would
 * take memory.
 */
const LARGE_COST = 2000;

/** A client that sends this header, with any value, gets the cost of its operation. */
const COST_HEADER = 'x-query-cost';

/**
 * Checks each request, because cost and faults depend on the variables. Validated documents are shared by all callers.
 */
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
          // Apollo ignores errors thrown here, so the refusal is thrown later.
          tooComplex = refusal;
        }
      },

      async didResolveOperation({ schema, document, operation, request, contextValue }) {
        if (!operation) return;
        const { variables = {} } = request;
        const { principal } = contextValue;
        try {
          if (tooComplex) throw tooComplex;
          // A document that was requested by its hash is known only at this point.
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
