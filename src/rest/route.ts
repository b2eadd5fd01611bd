import type { Refusal } from '../domain/errors.ts';
import type { Answer } from './errors.ts';
import type { JsonObject, Query } from './request.ts';

export type Method = 'GET' | 'POST' | 'PATCH';

/** One line of the table: a path of the legacy API, and the operation of the graph that it stands for. */
export interface Route {
  readonly method: Method;
  /** Other methods that are taken for it: the page's own examples send POST to two paths that only read. */
  readonly alsoBy?: readonly Method[];
  /** Below `/api/v2` and `/api`: `/script-profiles/{id}:archive`. */
  readonly path: string;
  readonly summary: string;
  /** The operation, prepared against the schema when the server starts. */
  readonly operation: string;
  /** From path, query and body to the operation's variables. @throws Refusal INVALID_INPUT, NOT_FOUND */
  variables(request: Parameters): JsonObject;
  /** From the operation's data to the legacy shape. */
  // biome-ignore lint/suspicious/noExplicitAny: the data has the shape of the operation beside it
  answer(data: any, request: Parameters): Answer;
  readonly takesBody?: boolean;
  readonly openapi: RouteDescription;
}

/** What a route is called with. */
export interface Parameters {
  readonly path: Readonly<Record<string, string>>;
  readonly query: Query;
  readonly body: JsonObject;
}

/** What the OpenAPI description says of a route, beyond its path and summary. */
export interface RouteDescription {
  readonly query?: readonly string[];
  readonly body?: string;
  readonly success: { readonly status: number; readonly schema?: string };
  readonly refusals: readonly Refusal['code'][];
}
