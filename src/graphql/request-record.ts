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

/** Which request an error is of: whoever reports it has the error alone. */
const requests = new WeakMap<object, string>();
export const requestIdOf = (error: unknown): string | undefined =>
  typeof error === 'object' && error !== null ? requests.get(error) : undefined;

/** Leaves on the request’s requestRecord what it ran and how that went; an answer with errors gets the request’s id. */
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

/** The only field that an operation asks for. Clients invent the names of operations, so there is no end of those. */
export function operationLabel(document: DocumentNode, operation: OperationDefinitionNode): string {
  const fields = new Set(rootFieldsOf(document, operation));
  if (fields.size > 1) fields.delete('__typename');
  const [field = '', ...others] = fields;
  return `${operation.operation} ${others.length > 0 ? 'several' : field}`;
}

/** Of a document of our own, which has one operation. */
export function labelOfSource(source: string): string {
  const document = parse(source);
  const operation = document.definitions.find((one) => one.kind === Kind.OPERATION_DEFINITION);
  return operationLabel(document, operation!);
}

/** A mutation that was refused has its refusal in the data, as far as the client asked for it. */
export function outcomeOf({ data, errors }: FormattedExecutionResult): string {
  if (errors?.[0]) return String(errors[0].extensions?.code ?? 'INTERNAL_SERVER_ERROR');
  for (const field of Object.values(data ?? {})) {
    const [refused] = (field as { userErrors?: readonly { code?: unknown }[] } | null)?.userErrors ?? [];
    // By an alias it may be any text.
    if (refused) return refusalCodes.find((code) => code === refused.code) ?? 'REFUSED';
  }
  return 'OK';
}
