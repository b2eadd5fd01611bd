/** A result that keeps the rows of the previous filter or order visible until the next ones have loaded. */
export const withPrevious = <Result extends { readonly data?: unknown; readonly previousData?: unknown }>(
  result: Result,
): Result => ({ ...result, data: result.data ?? result.previousData });
