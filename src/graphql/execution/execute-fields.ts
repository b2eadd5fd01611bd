import { getNullableType, isLeafType, TypeNameMetaFieldDef } from 'graphql';
import { addPath, type Path } from 'graphql/jsutils/Path.js';
import { rowReaderOf } from './from-row.ts';
import { isPromise, type MaybePromise } from './maybe-promise.ts';
import {
  type Complete,
  handleFieldError,
  type PlannedField,
  type Run,
  resolveField,
} from './resolve-field.ts';

/** The fields of an object, in order. */
export interface Selection {
  readonly fields: readonly { readonly key: string; readonly execute: Execute }[];
  /** Bytes of their names in an answer, with quotes, colon and comma. */
  readonly bytes: number;
  /**
   * Every key with null. Each object starts as a copy of it: V8 turns an object that gets more than some twenty keys one
   * by one into a hash table. A row of 26 fields then takes seven times as long to fill, and twice as long to print.
   */
  readonly template: Readonly<Record<string, null>>;
}

/** Executes a field of a row and returns its value. */
export type Execute = (run: Run, parent: unknown, parentPath: Path | undefined) => MaybePromise<unknown>;

export const selectionOf = (fields: Selection['fields']): Selection => ({
  fields,
  // Parsed, because the key `__proto__` of an object literal would set the prototype.
  template: JSON.parse(`{${fields.map(({ key }) => `${JSON.stringify(key)}:null`).join(',')}}`),
  bytes: fields.reduce((sum, { key }) => sum + key.length + 4, 0),
});

/** Resolves a field and completes its value. */
export function fieldExecutor(field: PlannedField, complete: Complete): Execute {
  const { key, nodes, parentType, definition } = field;
  const { type } = definition;
  if (definition === TypeNameMetaFieldDef) return () => parentType.name;
  const pathFrom = (parentPath: Path | undefined) => addPath(parentPath, key, parentType.name);
  const fromRow = rowReaderOf(definition);
  const find = (run: Run, parent: unknown, path: Path): unknown => {
    const value = fromRow?.(parent);
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
  if (!fromRow || !isLeafType(getNullableType(type))) return executeWithPath;
  // Most fields are properties of the row, so this path allocates only the value that is sent.
  return (run, parent, parentPath) => {
    try {
      const value = fromRow(parent);
      if (isSettled(value)) return complete(run, value, UNUSED_PATH);
    } catch (error) {
      return handleFieldError(run, error, { type, nodes }, pathFrom(parentPath));
    }
    return executeWithPath(run, parent, parentPath);
  };
}

/** Executes the fields of one object. Fields whose values are promises run concurrently. */
export function executeFields(
  run: Run,
  { fields, bytes, template }: Selection,
  parent: unknown,
  path: Path | undefined,
): MaybePromise<Record<string, unknown>> {
  const data: Record<string, unknown> = { ...template };
  let waiting: Promise<unknown>[] | undefined;
  try {
    run.answer.add(bytes);
    for (const { key, execute } of fields) {
      const value = execute(run, parent, path);
      if (isPromise(value)) {
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
    // Wait for the pending fields, because an unhandled rejection would end the process.
    return Promise.allSettled(waiting).then(() => Promise.reject(error));
  }
  return waiting ? Promise.all(waiting).then(() => data) : data;
}

/** Executes a mutation's fields in order. */
export async function executeInTurn(
  run: Run,
  { fields, template }: Selection,
): Promise<Record<string, unknown>> {
  const data: Record<string, unknown> = { ...template };
  for (const { key, execute } of fields) data[key] = await execute(run, undefined, undefined);
  return data;
}

/** Whether the value can be completed directly. It is not missing, and neither a promise nor a function. */
const isSettled = (value: unknown): boolean =>
  value !== undefined && typeof value !== 'function' && !isPromise(value);

/** Placeholder for completers that never read the path. */
const UNUSED_PATH: Path = { prev: undefined, key: '', typename: undefined };
