import { postgreSplitterOptions, splitQuery } from 'dbgate-query-splitter';

/** The statements of a script. */
export const statementsOf = (script: string): string[] =>
  splitQuery(script, { ...postgreSplitterOptions, ignoreComments: true }).map(String);
