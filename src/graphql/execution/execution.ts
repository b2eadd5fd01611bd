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

/** A document's operation, with a plan for each set of values of the variables on which its conditions depend. */
interface Known {
  /** Undefined: it is left to graphql-js. */
  readonly conditions: readonly string[] | undefined;
  readonly plans: Map<string, Plan>;
}

/** With more conditions a plan is made for each execution: each doubles the number of plans to keep. */
const MAX_CONDITIONS = 4;

/** Of a request's errors in its variables; graphql-js's own bound. */
const MAX_ERRORS = 50;

/**
 * Runs documents that are valid, by plans that are kept: over a page of rows a plan takes a fraction of graphql-js's
 * time. They live as long as their documents, so whoever parses these bounds both.
 */
export function createExecutor(schema: GraphQLSchema): Executor {
  const known = new WeakMap<OperationDefinitionNode, Known>();

  return async ({ document, operationName, variables, context }) => {
    const operation = getOperationAST(document, operationName);
    if (operation && !known.has(operation))
      known.set(operation, { conditions: conditionsOf(document, operation), plans: new Map() });
    const asGraphqlJs = () =>
      execute({ schema, document, operationName, variableValues: variables, contextValue: context });
    const { conditions, plans } = (operation && known.get(operation)) ?? {};
    if (!operation || !conditions || !plans) return asGraphqlJs();
    const { errors, coerced } = getVariableValues(schema, operation.variableDefinitions ?? [], variables, {
      maxErrors: MAX_ERRORS,
    });
    if (errors) return { errors };
    const values = Object.fromEntries(conditions.map((name) => [name, coerced[name]]));
    // A condition that may not be null, and is: graphql-js has the words for it.
    if (Object.values(values).some((value) => typeof value !== 'boolean')) return asGraphqlJs();
    const key = JSON.stringify(values);
    const plan = plans.get(key) ?? planOf(schema, document, operation, values);
    if (conditions.length <= MAX_CONDITIONS) plans.set(key, plan);
    return plan(coerced, context);
  };
}

/** The variables in the document's `@include` and `@skip`; undefined where no plan is made. */
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
