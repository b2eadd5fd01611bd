import type { ComplexityEstimatorArgs } from 'graphql-query-complexity';

/** Cost of a list with `first` items. A negative number is rejected elsewhere and does not reduce the cost. */
export const firstOf = ({ args, childComplexity }: ComplexityEstimatorArgs): number =>
  1 + Math.max(Number(args.first ?? DEFAULT_FIRST), 0) * childComplexity;

/** Number of items that a list without pages has if `first` is missing. */
export const DEFAULT_FIRST = 10;
