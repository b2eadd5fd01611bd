import { ApolloServer, type ApolloServerPlugin } from '@apollo/server';
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginLandingPageDisabled,
} from '@apollo/server/plugin/disabled';
import { ApolloServerPluginLandingPageLocalDefault } from '@apollo/server/plugin/landingPage/default';
import type { GraphQLSchema } from 'graphql';
import { Refusal } from '../domain/errors.ts';
import { checkVariables } from './check-variables.ts';
import type { GraphContext } from './context.ts';
import { asGraphqlError, formatError } from './errors.ts';

export interface GraphServerOptions {
  readonly schema: GraphQLSchema;
  readonly introspection: boolean;
  readonly explorer: boolean;
  /** Hears of faults, which callers don't. */
  readonly report: (fault: unknown) => void;
}

/** Tokens of a document: no honest one comes near. */
const LONGEST_DOCUMENT = 4000;

export const createGraphServer = ({ schema, introspection, explorer, report }: GraphServerOptions) =>
  new ApolloServer<GraphContext>({
    schema,
    introspection,
    // Set out in full, not left to NODE_ENV.
    allowBatchedHttpRequests: false,
    csrfPrevention: true,
    includeStacktraceInErrorResponses: false,
    hideSchemaDetailsFromClientErrors: !introspection,
    persistedQueries: false,
    parseOptions: { maxTokens: LONGEST_DOCUMENT },
    validationOptions: { maxErrors: 10 },
    stopOnTerminationSignals: false,
    formatError: (formatted, error) => formatError(formatted, error, report),
    plugins: [
      // It wraps every field's resolver, for hints that nobody here gives.
      ApolloServerPluginCacheControlDisabled(),
      explorer
        ? ApolloServerPluginLandingPageLocalDefault({ embed: true, footer: false })
        : ApolloServerPluginLandingPageDisabled(),
      variablesPlugin,
    ],
  });

const variablesPlugin: ApolloServerPlugin<GraphContext> = {
  async requestDidStart() {
    return {
      async didResolveOperation({ schema, operation, request }) {
        try {
          if (operation) checkVariables(schema, operation, request.variables ?? {});
        } catch (error) {
          throw error instanceof Refusal ? asGraphqlError(error) : error;
        }
      },
    };
  },
};
