import { GraphQLError, type GraphQLOutputType } from 'graphql';
import { addPath } from 'graphql/jsutils/Path.js';
import { isPromise, type MaybePromise, thenMaybe } from './maybe-promise.ts';
import { type Complete, handleFieldError, type PlannedField, type Run } from './resolve-field.ts';

/**
 * Completes a list. The first item is awaited before the others start. The page loader has then loaded the related data
 * of the whole page, and the other items complete without promises.
 */
export function listCompleter(
  itemType: GraphQLOutputType,
  { parentType, definition, nodes }: PlannedField,
  complete: Complete,
): Complete {
  return (run, value, path) => {
    if (typeof value !== 'object' || !(Symbol.iterator in value!)) {
      throw new GraphQLError(
        `Expected Iterable, but did not find one for field "${parentType.name}.${definition.name}".`,
      );
    }
    const items = [...(value as Iterable<unknown>)];
    const completeItem = (index: number) => {
      const at = addPath(path, index, undefined);
      const failed = (error: unknown) => handleFieldError(run, error, { type: itemType, nodes }, at);
      try {
        const completed = thenMaybe(items[index], (item) => complete(run, item, at));
        return isPromise(completed) ? completed.catch(failed) : completed;
      } catch (error) {
        return failed(error);
      }
    };
    return completeInTurn(run, items, completeItem, 0);
  };
}

/** Replaces the items by their completed values. Long lists let other requests run in between. */
function completeInTurn(
  run: Run,
  items: unknown[],
  completeItem: (index: number) => MaybePromise<unknown>,
  start: number,
): MaybePromise<unknown[]> {
  for (let index = start; index < items.length; index += 1) {
    const pause = index > start ? run.answer.pause() : undefined;
    if (pause) return pause.then(() => completeInTurn(run, items, completeItem, index));
    const completed = completeItem(index);
    if (isPromise(completed)) {
      return completed.then((item) => {
        items[index] = item;
        return completeInTurn(run, items, completeItem, index + 1);
      });
    }
    items[index] = completed;
  }
  return items;
}
