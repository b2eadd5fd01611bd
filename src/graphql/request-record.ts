import type { ApolloServerPlugin } from '@apollo/server';
import {
  type DocumentNode,
  type FormattedExecutionResult,
  Kind,
  type OperationDefinitionNode,
  parse,
} from 'graphql';
import { refusalCodes } from '../domain/errors.ts';
import type { GraphContext } from './context.ts';
import { rootFieldsOf } from './root-fields.ts';

const MAX_NAME_LENGTH = 64;

/** Ids of the requests that errors belong to. The code that reports an error receives only the error. */
const requests = new WeakMap<object, string>();
export const requestIdOf = (error: unknown): string | undefined =>
  typeof error === 'object' && error !== null ? requests.get(error) : undefined;

/** Stores the operation and its outcome in the request record, and adds the request's id to an answer with errors. */
export const requestRecordPlugin: ApolloServerPlugin<GraphContext> = {
  async requestDidStart({ contextValue: { requestRecord } }) {
    if (!requestRecord) return;
    return {
      async didResolveOperation({ document, operation, operationName }) {
        if (operation) requestRecord.operation = operationLabel(document, operation);
        if (operationName) requestRecord.operationName = operationName.slice(0, MAX_NAME_LENGTH);
      },
      async didEncounterErrors({ errors }) {
        for (const error of errors) requests.set(error, requestRecord.requestId);
      },
      async willSendResponse({ response: { body } }) {
        if (body.kind !== 'single') return;
        requestRecord.outcome = outcomeOf(body.singleResult);
        if (body.singleResult.errors)
          body.singleResult.extensions = {
            ...body.singleResult.extensions,
            requestId: requestRecord.requestId,
          };
      },
    };
  },
};

/** Names the operation by its only root field, because a client can invent any number of operation names. */
export function operationLabel(document: DocumentNode, operation: OperationDefinitionNode): string {
  const fields = new Set(rootFieldsOf(document, operation));
  if (fields.size > 1) fields.delete('__typename');
  const [field = '', ...others] = fields;
  return `${operation.operation} ${others.length > 0 ? 'several' : field}`;
}

/** Label of one of our own documents, which has a single operation. */
export function labelOfSource(source: string): string {
  const document = parse(source);
  const operation = document.definitions.find((one) => one.kind === Kind.OPERATION_DEFINITION);
  return operationLabel(document, operation!);
}

/** Outcome of a request. A refused mutation has its refusal in the data if the client selected it. */
export function outcomeOf({ data, errors }: FormattedExecutionResult): string {
  if (errors?.[0]) return String(errors[0].extensions?.code ?? 'INTERNAL_SERVER_ERROR');
  for (const field of Object.values(data ?? {})) {
    const [refused] = (field as { userErrors?: readonly { code?: unknown }[] } | null)?.userErrors ?? [];
    // With an alias, `code` may be any text.
    if (refused) return refusalCodes.find((code) => code === refused.code) ?? 'REFUSED';
  }
  return 'OK';
}
