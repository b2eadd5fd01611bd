import { notFound, type Refusal } from '../domain/errors.ts';
import type { Answer } from './errors.ts';
import type { JsonObject, Query } from './request.ts';

export type Method = 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE';

/** One line of the table: a path of the legacy API, and the operation of the graph that it stands for. */
export interface Route {
  readonly method: Method;
  /** Other methods that are taken for it: the page's own examples send POST to two paths that only read. */
  readonly alsoBy?: readonly Method[];
  /** Below `/api/v2` and `/api`: `/script-profiles/{id}:archive`. */
  readonly path: string;
  /** Its name in the OpenAPI description: generated clients call their method so. */
  readonly operationId: string;
  readonly summary: string;
  /** The operation, prepared against the schema when the server starts. */
  readonly operation: string;
  /** From path, query and body to the operation's variables. @throws Refusal INVALID_INPUT, NOT_FOUND */
  variables(request: Parameters): JsonObject;
  /** From the operation's data to the legacy shape. */
  // biome-ignore lint/suspicious/noExplicitAny: the data has the shape of the operation beside it
  answer(data: any, request: Parameters): Answer;
  readonly takesBody?: boolean;
  /** The body must be declared as JSON: the page of another site cannot send that without asking first. */
  readonly declaresJson?: boolean;
  /**
   * Who may ask: somebody with a token unless told. `anybody`: a token is not looked at. `cookie`: it may be in the
   * cookie, too, and may be missing or good for nothing: then nobody asks. Since a browser sends cookies by itself,
   * and bodies need no content type here, that is for what another page may as well set off.
   */
  readonly access?: 'anybody' | 'cookie';
  /** Names of the graph that are others here, for refusals to point at. */
  readonly names?: Readonly<Record<string, string>>;
  readonly openapi: RouteDescription;
}

/** What a route is called with. */
export interface Parameters {
  readonly path: Readonly<Record<string, string>>;
  readonly query: Query;
  readonly body: JsonObject;
  /** The one that the request was let in with. */
  readonly token?: string;
  readonly secure: boolean;
  header(name: string): string | undefined;
}

/** What the OpenAPI description says of a route, beyond its path and summary. */
export interface RouteDescription {
  readonly query?: readonly string[];
  readonly body?: string;
  /** What comes: JSON of this schema, bytes of this type, or nothing. */
  readonly success: { readonly status: number; readonly schema?: string; readonly type?: string };
  readonly refusals: readonly Refusal['code'][];
}

/** What every mutation is asked for, so that its refusals become answers. */
export const userErrors = 'userErrors { code field message found allowed }';

/** Global ids are the graph's: here an id that is no number is the id of nothing. @throws Refusal NOT_FOUND */
export function idOf(what: string, path: Parameters['path'], name = 'id'): string {
  const id = path[name] ?? '';
  if (!/^\d{1,15}$/.test(id)) throw notFound(what, id);
  return id;
}
