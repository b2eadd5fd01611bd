import {
  type DocumentNode,
  type ExecutionResult,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLError,
  type GraphQLObjectType,
  type GraphQLSchema,
  Kind,
  type OperationDefinitionNode,
  OperationTypeNode,
} from 'graphql';
import { collectFields, collectSubfields } from 'graphql/execution/collectFields.js';
import { getFieldDef } from 'graphql/execution/execute.js';
import type { Answer } from './answer.ts';
import { completerOf, type PlanObject } from './completion.ts';
import {
  executeFields,
  executeInTurn,
  fieldExecutor,
  type Selection,
  selectionOf,
} from './execute-fields.ts';
import { catchMaybe, type MaybePromise, thenMaybe } from './maybe-promise.ts';
import type { Run, Variables } from './resolve-field.ts';

/*
 * A plan executes one operation as graphql-js does. But everything that depends only on the document is computed once
 * and not for every row. And a value that has arrived gets no promise.
 *
 * No library replaces it, because of the CPU time of one list of script profiles, JSON parsing and output included:
 *
 *                             100 rows   1,000 rows   same answers as graphql-js (test/graphql/execution.ts)
 *   graphql-js 16.15           3.24 ms      39.5 ms   reference
 *   @graphql-tools/executor    3.52 ms      41.2 ms   yes
 *   graphql-jit 0.8.9          1.06 ms      12.9 ms   no: includes fields that a nested fragment skips, refuses input
 *                                                     whose other field has a default, answers before a resolver ends
 *   this plan                  1.19 ms      12.4 ms   yes
 *
 * The price is four deep imports that the next major version of graphql-js may move: `collectFields`, `execute` and
 * `values` in `graphql/execution`, and `graphql/jsutils/Path`.
 *
 * execute-fields.ts executes the fields of an object. completion.ts converts a resolver's value to the value that is sent.
 * list.ts does so for lists. resolve-field.ts has the data of one run of a plan.
 */

/** The properties of the context that an execution needs. All others are for resolvers. */
export interface Context {
  readonly answer: Answer;
}

/** One operation, ready to run any number of times. */
export type Plan = (variables: Variables, context: Context) => MaybePromise<ExecutionResult>;

/** @param conditions values of the variables in the document's `@include` and `@skip` */
export function planOf(
  schema: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
  conditions: Variables,
): Plan {
  const fragments: Record<string, FragmentDefinitionNode> = Object.create(null);
  for (const definition of document.definitions)
    if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments[definition.name.value] = definition;

  const planSelection = (
    parentType: GraphQLObjectType,
    collected: ReadonlyMap<string, readonly FieldNode[]>,
  ): Selection =>
    selectionOf(
      [...collected].flatMap(([key, nodes]) => {
        const definition = getFieldDef(schema, parentType, nodes[0]!);
        if (!definition) return [];
        const field = { key, nodes, parentType, definition };
        return [{ key, execute: fieldExecutor(field, completerOf(definition.type, field, planObject)) }];
      }),
    );

  const planObject: PlanObject = (type, nodes) => {
    const selection = planSelection(type, collectSubfields(schema, fragments, conditions, type, nodes));
    return (run, object, path) => executeFields(run, selection, object, path);
  };

  const rootType = schema.getRootType(operation.operation);
  if (!rootType) throw new Error(`The schema has no ${operation.operation} type.`);
  const root = planSelection(
    rootType,
    collectFields(schema, fragments, conditions, rootType, operation.selectionSet),
  );
  const execute = (run: Run) =>
    operation.operation === OperationTypeNode.MUTATION
      ? executeInTurn(run, root)
      : executeFields(run, root, undefined, undefined);
  return (variables, context) => {
    const { answer } = context;
    const errors: GraphQLError[] = [];
    const args = new Map();
    const run = { schema, fragments, operation, variables, context, answer, errors, args };
    return catchMaybe(
      () =>
        thenMaybe(
          execute(run),
          (data): ExecutionResult => (errors.length === 0 ? { data } : { errors, data }),
        ),
      (error): ExecutionResult => ({ errors: [...errors, error as GraphQLError], data: null }),
    );
  };
}
