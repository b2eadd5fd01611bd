import {
  type DocumentNode,
  type ExecutionResult,
  type GraphQLSchema,
  Kind,
  type OperationDefinitionNode,
  parse,
  validate,
} from 'graphql';
import { MAX_PAGE_SIZE } from '../../domain/page.ts';
import type { GraphContext } from '../context.ts';
import { checkVariables } from '../limits/check-variables.ts';
import type { Executor } from './execution.ts';

/** An operation of our own that runs in-process, without the limits on cost and depth of callers' documents. */
export type PreparedOperation = (
  variables: Readonly<Record<string, unknown>>,
  context: GraphContext,
) => Promise<ExecutionResult>;

/** Parses and validates an operation once, at start. @throws Error if the document does not fit the schema */
export function prepareOperation(
  schema: GraphQLSchema,
  execute: Executor,
  source: string,
): PreparedOperation {
  const document = parse(source);
  const faults = validate(schema, document);
  if (faults.length > 0)
    throw new Error(`An operation does not fit the schema: ${faults.join('; ')}\n${source}`);
  const operation = operationOf(document);
  return async (variables, context) => {
    checkVariables(schema, operation, variables, { strictLists: true });
    // The page is larger than callers' own documents may request, so an account runs only one at a time.
    if (Number(variables.first ?? 0) > MAX_PAGE_SIZE) await context.answer.enterLarge();
    return execute({ document, variables, context });
  };
}

function operationOf(document: DocumentNode): OperationDefinitionNode {
  const operation = document.definitions.find((definition) => definition.kind === Kind.OPERATION_DEFINITION);
  if (!operation) throw new Error('The document has no operation.');
  return operation;
}
