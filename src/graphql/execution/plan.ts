import {
  type DocumentNode,
  defaultTypeResolver,
  type ExecutionResult,
  type FieldNode,
  type FragmentDefinitionNode,
  GraphQLError,
  type GraphQLObjectType,
  type GraphQLOutputType,
  type GraphQLSchema,
  getNullableType,
  isAbstractType,
  isLeafType,
  isListType,
  isNonNullType,
  isObjectType,
  Kind,
  type OperationDefinitionNode,
  OperationTypeNode,
  TypeNameMetaFieldDef,
} from 'graphql';
import { collectFields, collectSubfields } from 'graphql/execution/collectFields.js';
import { getFieldDef } from 'graphql/execution/execute.js';
import { addPath, type Path } from 'graphql/jsutils/Path.js';
import type { Answer } from './answer.ts';
import { rowReaderOf } from './from-row.ts';
import { catchMaybe, isPromise, type MaybePromise, thenMaybe } from './maybe-promise.ts';
import {
  handleFieldError,
  Info,
  type PlannedField,
  type Run,
  resolveField,
  usesAlias,
  type Variables,
} from './plan-run.ts';

/** What an execution needs of its context; the rest is its resolvers'. */
export interface Context {
  readonly answer: Answer;
}

/** One operation, to be run any number of times. */
export type Plan = (variables: Variables, context: Context) => MaybePromise<ExecutionResult>;

/** Fields of an object, in their order. */
interface Selection {
  readonly fields: readonly { readonly key: string; readonly execute: Execute }[];
  /** Of their names in an answer, with quotes, colon and comma. */
  readonly bytes: number;
}

/** From a row to the value of one of its fields. */
type Execute = (run: Run, parent: unknown, parentPath: Path | undefined) => MaybePromise<unknown>;

/** From what a resolver answered with to what is sent. Throws, or rejects, where that can't be. */
type Complete = (run: Run, value: unknown, path: Path) => MaybePromise<unknown>;

/**
 * The rules are graphql-js's, to the letter; what depends on the document alone is worked out once, and no
 * promise is made for what is there. The first row of a list is waited for before the others are asked: what
 * completes a page (siblings.ts) has done so by then, and the others are answered at once, without a promise each.
 * @param conditions variables with the values on which the document's `@include` and `@skip` depend
 */
export function planOf(
  schema: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
  conditions: Variables,
): Plan {
  const fragments: Record<string, FragmentDefinitionNode> = Object.create(null);
  // As a key of another object it would be its prototype.
  const newObject: () => Record<string, unknown> = usesAlias(document, '__proto__')
    ? () => Object.create(null)
    : () => ({});
  for (const definition of document.definitions)
    if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments[definition.name.value] = definition;

  function planSelection(
    parentType: GraphQLObjectType,
    collected: ReadonlyMap<string, readonly FieldNode[]>,
  ): Selection {
    const fields = [...collected].flatMap(([key, nodes]) => {
      const definition = getFieldDef(schema, parentType, nodes[0]!);
      return definition ? [{ key, execute: executor({ key, nodes, parentType, definition }) }] : [];
    });
    return { fields, bytes: fields.reduce((sum, { key }) => sum + key.length + 4, 0) };
  }

  function executor(field: PlannedField): Execute {
    const { key, nodes, parentType, definition } = field;
    const { type } = definition;
    if (definition === TypeNameMetaFieldDef) return () => parentType.name;
    const complete = completer(type, field);
    const pathFrom = (parentPath: Path | undefined) => addPath(parentPath, key, parentType.name);
    const given = rowReaderOf(definition);
    const find = (run: Run, parent: unknown, path: Path): unknown => {
      const value = given?.(parent);
      return isSettled(value) ? value : resolveField(run, field, parent, path);
    };
    const executeWithPath: Execute = (run, parent, parentPath) => {
      const path = pathFrom(parentPath);
      try {
        const value = find(run, parent, path);
        const completed = isPromise(value)
          ? value.then((late) => complete(run, late, path))
          : complete(run, value, path);
        return isPromise(completed)
          ? completed.catch((error) => handleFieldError(run, error, { type, nodes }, path))
          : completed;
      } catch (error) {
        return handleFieldError(run, error, { type, nodes }, path);
      }
    };
    if (!given || !isLeafType(getNullableType(type))) return executeWithPath;
    // Most fields are these: a property of the row, of which nothing is made but what is sent.
    return (run, parent, parentPath) => {
      try {
        const value = given(parent);
        if (isSettled(value)) return complete(run, value, UNUSED_PATH);
      } catch (error) {
        return handleFieldError(run, error, { type, nodes }, pathFrom(parentPath));
      }
      return executeWithPath(run, parent, parentPath);
    };
  }

  function completer(type: GraphQLOutputType, field: PlannedField): Complete {
    if (isNonNullType(type)) {
      const complete = completer(type.ofType, field);
      return (run, value, path) => {
        const completed = complete(run, value, path);
        if (completed === null) {
          throw new Error(
            `Cannot return null for non-nullable field ${field.parentType.name}.${field.definition.name}.`,
          );
        }
        return completed;
      };
    }
    const complete = nullableCompleter(type, field);
    return (run, value, path) => {
      if (value instanceof Error) throw value;
      return value == null ? null : complete(run, value, path);
    };
  }

  function nullableCompleter(type: GraphQLOutputType, field: PlannedField): Complete {
    if (isLeafType(type)) {
      return ({ answer }, value) => {
        const serialized: unknown = type.serialize(value);
        if (serialized == null) throw new Error(`${type} cannot represent ${String(value)}.`);
        answer.addValue(serialized);
        return serialized;
      };
    }
    if (isListType(type)) return listCompleter(type.ofType, field);
    const selections = new Map<GraphQLObjectType, Selection>();
    const selectionOf = (of: GraphQLObjectType) => {
      let selection = selections.get(of);
      if (!selection) {
        selection = planSelection(of, collectSubfields(schema, fragments, conditions, of, field.nodes));
        selections.set(of, selection);
      }
      return selection;
    };
    if (isObjectType(type)) return (run, value, path) => executeFields(run, selectionOf(type), value, path);
    if (!isAbstractType(type)) throw new Error(`${type} is not an output type.`);
    const resolveType = type.resolveType ?? defaultTypeResolver;
    return (run, value, path) => {
      const info = new Info(run, field, path);
      return thenMaybe(resolveType(value, run.context, info, type), (name) => {
        const found = schema.getType(String(name));
        if (!isObjectType(found) || !schema.isSubType(type, found))
          throw new GraphQLError(`${name} is not a possible type of ${type}.`, { nodes: field.nodes });
        return executeFields(run, selectionOf(found), value, path);
      });
    };
  }

  function listCompleter(type: GraphQLOutputType, field: PlannedField): Complete {
    const complete = completer(type, field);
    return (run, value, path) => {
      if (typeof value !== 'object' || !(Symbol.iterator in value!)) {
        throw new GraphQLError(
          `Expected Iterable, but did not find one for field "${field.parentType.name}.${field.definition.name}".`,
        );
      }
      const items = [...(value as Iterable<unknown>)];
      const completeItem = (index: number) => {
        const at = addPath(path, index, undefined);
        try {
          const completed = thenMaybe(items[index], (item) => complete(run, item, at));
          return isPromise(completed)
            ? completed.catch((error) => handleFieldError(run, error, { type, nodes: field.nodes }, at))
            : completed;
        } catch (error) {
          return handleFieldError(run, error, { type, nodes: field.nodes }, at);
        }
      };
      const completeFrom = (start: number): MaybePromise<unknown[]> => {
        for (let index = start; index < items.length; index += 1) {
          const pause = index > start ? run.answer.pause() : undefined;
          if (pause) return pause.then(() => completeFrom(index));
          const completed = completeItem(index);
          if (isPromise(completed)) {
            return completed.then((item) => {
              items[index] = item;
              return completeFrom(index + 1);
            });
          }
          items[index] = completed;
        }
        return items;
      };
      return completeFrom(0);
    };
  }

  function executeFields(
    run: Run,
    { fields, bytes }: Selection,
    parent: unknown,
    path: Path | undefined,
  ): MaybePromise<Record<string, unknown>> {
    const data = newObject();
    let waiting: Promise<unknown>[] | undefined;
    try {
      run.answer.add(bytes);
      for (const { key, execute } of fields) {
        const value = execute(run, parent, path);
        if (isPromise(value)) {
          // It keeps its place among the keys.
          data[key] = null;
          waiting ??= [];
          waiting.push(
            value.then((late) => {
              data[key] = late;
            }),
          );
        } else {
          data[key] = value;
        }
      }
    } catch (error) {
      if (!waiting) throw error;
      // Or what is under way would go on behind the answer, and its own failure be nobody's, which ends the process.
      return Promise.allSettled(waiting).then(() => Promise.reject(error));
    }
    return waiting ? Promise.all(waiting).then(() => data) : data;
  }

  /** A mutation's fields, each when the one before it is done. */
  async function executeInTurn(run: Run, { fields }: Selection): Promise<Record<string, unknown>> {
    const data = newObject();
    for (const { key, execute } of fields) data[key] = await execute(run, undefined, undefined);
    return data;
  }

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
    const run: Run = {
      schema,
      fragments,
      operation,
      variables,
      context,
      answer,
      errors: [],
      args: new Map(),
    };
    return catchMaybe(
      () =>
        thenMaybe(
          execute(run),
          (data): ExecutionResult => (run.errors.length === 0 ? { data } : { errors: run.errors, data }),
        ),
      (error): ExecutionResult => ({ errors: [...run.errors, error as GraphQLError], data: null }),
    );
  };
}

/** And is no function that would be asked for it. */
const isSettled = (value: unknown): boolean =>
  value !== undefined && typeof value !== 'function' && !isPromise(value);

/** The path of what makes no use of it. */
const UNUSED_PATH: Path = { prev: undefined, key: '', typename: undefined };
