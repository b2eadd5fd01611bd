import type { ComplexityEstimatorArgs } from 'graphql-query-complexity';

/** The cost of a list that has as many as `first` asks for. What is below zero is refused, and gives nothing back. */
export const firstOf = ({ args, childComplexity }: ComplexityEstimatorArgs): number =>
  1 + Math.max(Number(args.first ?? DEFAULT_FIRST), 0) * childComplexity;

/** Items of a list without pages, unless `first` names another number. */
export const DEFAULT_FIRST = 10;
