import { notFound, type Refusal } from '../domain/errors.ts';
import type { Answer } from './errors.ts';
import type { JsonObject, Query } from './request.ts';

export type Method = 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE';

/** A path of the legacy API, and the operation of the graph that it runs. */
export interface Route {
  readonly method: Method;
  /** Other methods that are accepted. The documentation's own examples send POST to two paths that only read. */
  readonly alsoBy?: readonly Method[];
  /** Path below `/api/v2` and `/api`, such as `/script-profiles/{id}:archive`. */
  readonly path: string;
  /** Name in the OpenAPI description. Generated clients use it as the name of a method. */
  readonly operationId: string;
  readonly summary: string;
  /** The operation, which is validated against the schema when the server starts. */
  readonly operation: string;
  /**
   * Converts path, query and body to the operation's variables.
   * @throws Refusal INVALID_INPUT, NOT_FOUND
   */
  variables(request: Parameters): JsonObject;
  /** Converts the operation's data to the legacy form. */
  // biome-ignore lint/suspicious/noExplicitAny: the data has the shape of the operation beside it
  answer(data: any, request: Parameters): Answer;
  readonly takesBody?: boolean;
  /** The content type must be JSON. Browsers do not send it from another site's page without a preflight request. */
  readonly declaresJson?: boolean;
  /**
   * Callers that the route accepts. Defaults to callers with a token. `everyone` ignores the token. `cookie` also
   * accepts the token from the cookie; without a valid token the request is anonymous. A browser sends cookies by
   * itself, and bodies need no content type. So use `cookie` only for operations that another page may cause without
   * harm.
   */
  readonly access?: 'everyone' | 'cookie';
  /** Names of fields that differ from the graph's names, for refusals. */
  readonly names?: Readonly<Record<string, string>>;
  readonly openapi: RouteDescription;
}

/** The parameters of a request to a route. */
export interface Parameters {
  readonly path: Readonly<Record<string, string>>;
  readonly query: Query;
  readonly body: JsonObject;
  /** The token that authenticated the request. */
  readonly token?: string;
  readonly secure: boolean;
  header(name: string): string | undefined;
}

/** Data for the OpenAPI description of a route, in addition to its path and summary. */
export interface RouteDescription {
  readonly query?: readonly string[];
  readonly body?: string;
  /** The answer on success: JSON of this schema, bytes of this type, or nothing. */
  readonly success: { readonly status: number; readonly schema?: string; readonly type?: string };
  readonly refusals: readonly Refusal['code'][];
}

/** The refusals, which every mutation must select so that they become answers. */
export const userErrors = 'userErrors { code field message found allowed }';

/**
 * Reads an id from the path. The REST API takes only numbers, and no row has any other id.
 * @throws Refusal NOT_FOUND
 */
export function idOf(what: string, path: Parameters['path'], name = 'id'): string {
  const id = path[name] ?? '';
  if (!/^\d{1,15}$/.test(id)) throw notFound(what, id);
  return id;
}
