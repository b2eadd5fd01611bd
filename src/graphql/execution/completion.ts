import {
  defaultTypeResolver,
  type FieldNode,
  GraphQLError,
  type GraphQLObjectType,
  type GraphQLOutputType,
  isAbstractType,
  isLeafType,
  isListType,
  isNonNullType,
  isObjectType,
} from 'graphql';
import type { Path } from 'graphql/jsutils/Path.js';
import { listCompleter } from './list.ts';
import { type MaybePromise, thenMaybe } from './maybe-promise.ts';
import { type Complete, Info, type PlannedField, type Run } from './resolve-field.ts';

/** Executes the fields that the document selects from an object. */
export type CompleteObject = (run: Run, object: unknown, path: Path) => MaybePromise<unknown>;

/** Plans the fields that the document selects from a type at these nodes. */
export type PlanObject = (type: GraphQLObjectType, nodes: readonly FieldNode[]) => CompleteObject;

export function completerOf(type: GraphQLOutputType, field: PlannedField, planObject: PlanObject): Complete {
  if (isNonNullType(type)) {
    const complete = completerOf(type.ofType, field, planObject);
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
  const complete = completerOfValue(type, field, planObject);
  return (run, value, path) => {
    if (value instanceof Error) throw value;
    return value == null ? null : complete(run, value, path);
  };
}

/** Completes values other than null. */
function completerOfValue(type: GraphQLOutputType, field: PlannedField, planObject: PlanObject): Complete {
  if (isLeafType(type)) {
    return ({ answer }, value) => {
      const serialized: unknown = type.serialize(value);
      if (serialized == null) throw new Error(`${type} cannot represent ${String(value)}.`);
      answer.addValue(serialized);
      return serialized;
    };
  }
  if (isListType(type)) return listCompleter(type.ofType, field, completerOf(type.ofType, field, planObject));
  const planned = new Map<GraphQLObjectType, CompleteObject>();
  const completeObject = (of: GraphQLObjectType): CompleteObject => {
    let complete = planned.get(of);
    if (!complete) {
      complete = planObject(of, field.nodes);
      planned.set(of, complete);
    }
    return complete;
  };
  // Planned at the first object, because a type may contain itself. The items of an empty list are never planned.
  if (isObjectType(type)) return (run, value, path) => completeObject(type)(run, value, path);
  if (!isAbstractType(type)) throw new Error(`${type} is not an output type.`);
  const resolveType = type.resolveType ?? defaultTypeResolver;
  return (run, value, path) => {
    const info = new Info(run, field, path);
    return thenMaybe(resolveType(value, run.context, info, type), (name) => {
      const found = run.schema.getType(String(name));
      if (!isObjectType(found) || !run.schema.isSubType(type, found))
        throw new GraphQLError(`${name} is not a possible type of ${type}.`, { nodes: field.nodes });
      return completeObject(found)(run, value, path);
    });
  };
}
