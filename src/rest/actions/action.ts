import type { Answer } from '../errors.ts';
import type { JsonObject } from '../request.ts';
import type { RouteDescription } from '../route.ts';
import type { LegacyParameters } from './action-parameters.ts';

/** One line of the older table: an action, and the operation of the graph that it stands for. */
export interface LegacyAction {
  readonly name: string;
  readonly summary: string;
  readonly operation: string;
  /** @throws Refusal INVALID_INPUT, NOT_FOUND */
  variables(parameters: LegacyParameters): JsonObject;
  // biome-ignore lint/suspicious/noExplicitAny: the data has the shape of the operation beside it
  answer(data: any, parameters: LegacyParameters): Answer;
  /** Names of the graph that are others here, for refusals to point at. */
  readonly names?: Readonly<Record<string, string>>;
  /** Maximum number of bytes of its form, where it differs from that of other actions. */
  readonly largestBody?: number;
  readonly openapi: Pick<RouteDescription, 'refusals'> & {
    readonly parameters?: readonly string[];
    readonly schema: string;
  };
}

/** For what is the same for everybody who has a token. */
export const anybodyHere = 'query { viewer { accountName } }';
