/**
 * Returns the result of `work`, or that of `late` if `work` takes too long. The work continues in that case,
 * but its result is dropped.
 */
export async function withTimeout<T>(work: Promise<T>, milliseconds: number, late: () => T): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<T>((resolve) => {
    // Async, so that an error thrown by `late` rejects the returned promise.
    const giveUp = async () => late();
    timer = setTimeout(() => resolve(giveUp()), milliseconds).unref();
  });
  return Promise.race([work, limit]).finally(() => clearTimeout(timer));
}
