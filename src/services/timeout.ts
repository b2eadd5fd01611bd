/**
 * What work answers; or when it takes longer, what `late` answers or throws: the work goes on, and nobody waits for it.
 */
export async function withTimeout<T>(work: Promise<T>, milliseconds: number, late: () => T): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<T>((resolve) => {
    // Asynchronous, so that what it throws is the answer, and not an error of nobody's.
    const giveUp = async () => late();
    timer = setTimeout(() => resolve(giveUp()), milliseconds).unref();
  });
  return Promise.race([work, limit]).finally(() => clearTimeout(timer));
}
