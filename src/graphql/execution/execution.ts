import {
  type DocumentNode,
  type ExecutionResult,
  execute,
  type GraphQLSchema,
  getOperationAST,
  Kind,
  type OperationDefinitionNode,
  OperationTypeNode,
  visit,
} from 'graphql';
import { getVariableValues } from 'graphql/execution/values.js';
import type { GraphContext } from '../context.ts';
import { type Plan, planOf } from './plan.ts';

export interface Execution {
  readonly document: DocumentNode;
  readonly operationName?: string | null;
  readonly variables: Readonly<Record<string, unknown>>;
  readonly context: GraphContext;
}

export type Executor = (execution: Execution) => Promise<ExecutionResult>;

/** Plans of a document's operation, one for each set of values of the variables in its conditions. */
interface Known {
  /** Undefined if graphql-js executes the operation. */
  readonly conditions: readonly string[] | undefined;
  readonly plans: Map<string, Plan>;
}

/**
 * With more conditions a plan is built for each execution, because each condition doubles the number of plans to store.
 */
const MAX_CONDITIONS = 4;

/** Maximum number of errors in a request's variables, as in graphql-js. */
const MAX_ERRORS = 50;

/**
 * Executes valid documents by stored plans. For a page of rows, a plan takes a fraction of graphql-js's time. Plans
 * live as long as their documents, so the code that parses documents limits both.
 */
export function createExecutor(schema: GraphQLSchema): Executor {
  const stored = new WeakMap<OperationDefinitionNode, Known>();

  return async ({ document, operationName, variables, context }) => {
    const operation = getOperationAST(document, operationName);
    if (operation && !stored.has(operation))
      stored.set(operation, { conditions: conditionsOf(document, operation), plans: new Map() });
    const asGraphqlJs = () =>
      execute({ schema, document, operationName, variableValues: variables, contextValue: context });
    const { conditions, plans } = (operation && stored.get(operation)) ?? {};
    if (!operation || !conditions || !plans) return asGraphqlJs();
    const { errors, coerced } = getVariableValues(schema, operation.variableDefinitions ?? [], variables, {
      maxErrors: MAX_ERRORS,
    });
    if (errors) return { errors };
    const values = Object.fromEntries(conditions.map((name) => [name, coerced[name]]));
    // A condition that must not be null is null. graphql-js words the error.
    if (Object.values(values).some((value) => typeof value !== 'boolean')) return asGraphqlJs();
    const key = JSON.stringify(values);
    const plan = plans.get(key) ?? planOf(schema, document, operation, values);
    if (conditions.length <= MAX_CONDITIONS) plans.set(key, plan);
    return plan(coerced, context);
  };
}

/** The variables in the document's `@include` and `@skip`. Undefined if the operation gets no plan. */
function conditionsOf(document: DocumentNode, { operation }: OperationDefinitionNode) {
  if (operation === OperationTypeNode.SUBSCRIPTION) return undefined;
  const conditions = new Set<string>();
  visit(document, {
    Directive: {
      enter({ arguments: given = [] }) {
        for (const { value } of given) if (value.kind === Kind.VARIABLE) conditions.add(value.name.value);
      },
    },
  });
  return [...conditions];
}
