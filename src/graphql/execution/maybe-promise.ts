/** A value, or a promise only if it must be awaited. Awaiting a promise costs more than resolving a field. */
export type MaybePromise<Value> = Value | Promise<Value>;

export const isPromise = (value: unknown): value is Promise<unknown> =>
  typeof value === 'object' && value !== null && typeof (value as Promise<unknown>).then === 'function';

export const thenMaybe = <Value, Result>(
  value: MaybePromise<Value>,
  use: (value: Value) => MaybePromise<Result>,
): MaybePromise<Result> => (isPromise(value) ? value.then(use as never) : use(value));

/** @param failed handles errors that `work` throws or rejects with */
export function catchMaybe<Result>(
  work: () => MaybePromise<Result>,
  failed: (error: unknown) => Result,
): MaybePromise<Result> {
  try {
    const done = work();
    return isPromise(done) ? (done.catch(failed) as Promise<Result>) : done;
  } catch (error) {
    return failed(error);
  }
}
