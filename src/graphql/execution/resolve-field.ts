import {
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLError,
  type GraphQLField,
  type GraphQLObjectType,
  type GraphQLOutputType,
  type GraphQLResolveInfo,
  type GraphQLSchema,
  isNonNullType,
  locatedError,
  type OperationDefinitionNode,
} from 'graphql';
import { getArgumentValues } from 'graphql/execution/values.js';
import { type Path, pathToArray } from 'graphql/jsutils/Path.js';
import type { Answer } from './answer.ts';
import type { MaybePromise } from './maybe-promise.ts';

export type Variables = Readonly<Record<string, unknown>>;

/** One execution of a plan. */
export interface Run {
  readonly schema: GraphQLSchema;
  readonly fragments: Readonly<Record<string, FragmentDefinitionNode>>;
  readonly operation: OperationDefinitionNode;
  readonly variables: Variables;
  readonly context: unknown;
  readonly answer: Answer;
  readonly errors: GraphQLError[];
  /** Arguments by field, stored after the first use because all rows of a page have the same arguments. */
  readonly args: Map<PlannedField, Record<string, unknown>>;
}

/** A field of the document, with data that graphql-js would look up again for every row. */
export interface PlannedField {
  readonly key: string;
  readonly nodes: readonly FieldNode[];
  readonly parentType: GraphQLObjectType;
  readonly definition: GraphQLField<unknown, unknown>;
}

/** Converts a resolver's value to the value that is sent. Throws or rejects if the type forbids the value. */
export type Complete = (run: Run, value: unknown, path: Path) => MaybePromise<unknown>;

/** Returns a field's value from its resolver, or from the property of that name. */
export function resolveField(run: Run, field: PlannedField, parent: unknown, path: Path): unknown {
  const { resolve, name } = field.definition;
  if (resolve) return resolve(parent, argumentsOf(run, field), run.context, new Info(run, field, path));
  const property = (parent as Record<string, unknown> | undefined)?.[name];
  if (typeof property !== 'function') return property;
  return property.call(parent, argumentsOf(run, field), run.context, new Info(run, field, path));
}

function argumentsOf(run: Run, field: PlannedField): Record<string, unknown> {
  if (field.definition.args.length === 0) return {};
  let args = run.args.get(field);
  if (!args) {
    args = getArgumentValues(field.definition, field.nodes[0]!, run.variables);
    run.args.set(field, args);
  }
  return args;
}

/** Computes its properties when they are read, because few resolvers read any. */
export class Info implements GraphQLResolveInfo {
  constructor(
    private readonly run: Run,
    private readonly field: PlannedField,
    readonly path: Path,
  ) {}

  get fieldName() {
    return this.field.definition.name;
  }
  get fieldNodes() {
    return this.field.nodes;
  }
  get returnType() {
    return this.field.definition.type;
  }
  get parentType() {
    return this.field.parentType;
  }
  get schema() {
    return this.run.schema;
  }
  get fragments() {
    return this.run.fragments;
  }
  get operation() {
    return this.run.operation;
  }
  get rootValue() {
    return undefined;
  }
  get variableValues() {
    return this.run.variables as Record<string, unknown>;
  }
}

/**
 * Records the error and returns null. For a non-null type it throws, so that the nearest nullable field above becomes
 * null.
 */
export function handleFieldError(
  run: Run,
  error: unknown,
  { type, nodes }: { type: GraphQLOutputType; nodes: readonly FieldNode[] },
  path: Path,
): null {
  if (run.answer.isEndedBy(error)) throw error;
  const located = locatedError(error, nodes, pathToArray(path));
  if (isNonNullType(type)) throw located;
  run.errors.push(located);
  return null;
}
