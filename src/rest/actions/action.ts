import type { Answer } from '../errors.ts';
import type { JsonObject } from '../request.ts';
import type { RouteDescription } from '../route.ts';
import type { LegacyParameters } from './action-parameters.ts';

/** A legacy action, and the operation of the graph that it runs. */
export interface LegacyAction {
  readonly name: string;
  readonly summary: string;
  readonly operation: string;
  /** @throws Refusal INVALID_INPUT, NOT_FOUND */
  variables(parameters: LegacyParameters): JsonObject;
  // biome-ignore lint/suspicious/noExplicitAny: the data has the shape of the operation beside it
  answer(data: any, parameters: LegacyParameters): Answer;
  /** Names of parameters that differ from the graph's names, for refusals. */
  readonly names?: Readonly<Record<string, string>>;
  /** Maximum size of the form in bytes, if it differs from that of other actions. */
  readonly largestBody?: number;
  readonly openapi: Pick<RouteDescription, 'refusals'> & {
    readonly parameters?: readonly string[];
    readonly schema: string;
  };
}

/** Operation for an answer that is the same for every caller with a token. */
export const accountNameQuery = 'query { viewer { accountName } }';
