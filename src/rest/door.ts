import type { GraphQLError } from 'graphql';
import type { Caller } from '../domain/access.ts';
import { Refusal } from '../domain/errors.ts';
import { type Answer, errorAnswer, refusalAnswer, refusalOf } from './errors.ts';
import { limitsRoutes } from './limits.ts';
import { openapi } from './openapi.ts';
import { type JsonObject, parseJsonObject, Query, type RestRequest } from './request.ts';
import type { Method, Route } from './route.ts';
import { scriptProfileRoutes } from './script-profiles.ts';

/** The whole of the legacy API, as far as it is here. */
export const routes: readonly Route[] = [...scriptProfileRoutes, ...limitsRoutes];

/** Older clients leave the version out. */
const PREFIXES = ['/api/v2', '/api'];

const LARGEST_BODY = 1024 * 1024;
const NO_BODY = new Uint8Array();

/** Runs one of our operations in-process, as this caller. */
export type RunOperation = (
  variables: JsonObject,
  caller: Caller,
  requestId: string,
) => Promise<{ data?: object | null; errors?: readonly GraphQLError[] }>;

export interface RestDoorOptions {
  /** Parses an operation and validates it against the schema. @throws Error when it does not fit */
  prepare(operation: string): RunOperation;
  /** @throws Refusal UNAUTHENTICATED */
  authenticate(authorization: string | undefined): Promise<Caller>;
  /** Whether a body must be declared as JSON, as the newest releases of the real system demand. */
  readonly strictContentType: boolean;
  /** Hears of faults, which callers don't. */
  report(fault: unknown, requestId: string): void;
}

export interface RestDoor {
  answer(request: RestRequest): Promise<Answer>;
  /** For what the server refuses before it asks the door. */
  refuse(refusal: Refusal): Answer;
  /** For what goes wrong there: reported, and answered without a word of it. */
  fault(fault: unknown, requestId: string): Answer;
}

/**
 * The legacy API. A request is checked in one order: path, method, authentication, body; then the graph
 * checks permission and rule.
 */
export function createRestDoor(options: RestDoorOptions): RestDoor {
  const table = routes.map((route) => ({
    ...route,
    matches: matcher(route.path),
    run: options.prepare(route.operation),
  }));

  async function answer(request: RestRequest): Promise<Answer> {
    const query = new Query(request.url);
    const path = pathBelowPrefix(query.path);
    const method = request.method === 'HEAD' ? 'GET' : request.method;
    if (path === '/openapi.json') {
      return method === 'GET' ? { status: 200, body: openapi(routes) } : wrongMethod(method, ['GET']);
    }

    const here = table.flatMap((route) => {
      const parameters = path === undefined ? undefined : route.matches(path);
      return parameters ? [{ route, parameters }] : [];
    });
    if (here.length === 0)
      return errorAnswer(404, 'NotFound', `There is nothing at ${request.url.split('?')[0]}.`);

    const match = here.find(({ route }) => methodsOf(route).includes(method as Method));
    if (!match) {
      const allowed = here.flatMap((candidate) => methodsOf(candidate.route));
      return wrongMethod(method, [...new Set(allowed)]);
    }
    const { route, parameters } = match;

    const caller = await options.authenticate(request.header('authorization'));
    if (options.strictContentType ? method !== 'GET' : route.takesBody) {
      const refused = wrongContentType(request, options.strictContentType);
      if (refused) return refused;
    }
    const bytes = route.takesBody ? await request.body(LARGEST_BODY) : NO_BODY;
    if (!bytes) return errorAnswer(413, 'PayloadTooLarge', `The body must be at most ${LARGEST_BODY} bytes.`);
    const body = bytes === NO_BODY ? {} : parseJsonObject(bytes);
    const call = { path: parameters, query, body };
    const { data, errors } = await route.run(route.variables(call), caller, request.id);
    if (errors?.[0]) throw errors[0].originalError ?? errors[0];
    const [refused] = Object.values(data ?? {}).flatMap((field) => field?.userErrors ?? []);
    if (refused) throw refusalOf(refused);
    return route.answer(data, call);
  }

  function fault(error: unknown, requestId: string): Answer {
    options.report(error, requestId);
    return errorAnswer(
      500,
      'InternalServerError',
      `Something went wrong on the server. The request id ${requestId} leads to the details in its log.`,
    );
  }

  return {
    refuse: refusalAnswer,
    fault,
    async answer(request) {
      try {
        return await answer(request);
      } catch (error) {
        return error instanceof Refusal ? refusalAnswer(error) : fault(error, request.id);
      }
    },
  };
}

function pathBelowPrefix(path: string): string | undefined {
  const prefix = PREFIXES.find((candidate) => path === candidate || path.startsWith(`${candidate}/`));
  return prefix === undefined ? undefined : path.slice(prefix.length);
}

/**
 * Matches a path as it was sent, segment by segment, each decoded. `{id}` stands for anything but a colon,
 * so that `5:archive` is no id, and `5:bogus` nothing at all.
 */
function matcher(template: string) {
  const patterns = template
    .split('/')
    .map((segment) => new RegExp(`^${segment.replace(/\{(\w+)\}/, '(?<$1>[^:]+)')}$`));
  return (path: string): Record<string, string> | undefined => {
    const segments = path.split('/');
    if (segments.length !== patterns.length) return undefined;
    const parameters: Record<string, string> = {};
    for (const [index, pattern] of patterns.entries()) {
      const match = pattern.exec(decoded(segments[index]!));
      if (!match) return undefined;
      Object.assign(parameters, match.groups);
    }
    return parameters;
  };
}

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}

const methodsOf = ({ method, alsoBy = [] }: Route): readonly Method[] => [method, ...alsoBy];

function wrongMethod(method: string, allowed: readonly Method[]): Answer {
  const allow = allowed.join(', ');
  if (method === 'OPTIONS') return { status: 204, headers: { allow } };
  return errorAnswer(405, 'MethodNotAllowed', `${method} is not allowed here; allowed: ${allow}.`, {
    headers: { allow },
  });
}

/** What `curl -d` declares unless told otherwise carries JSON too. */
const LENIENT_TYPES = ['application/x-www-form-urlencoded', 'text/plain'];

function wrongContentType(request: RestRequest, strict: boolean): Answer | undefined {
  const declared = request.header('content-type')?.split(';')[0]?.trim().toLowerCase();
  const isJson = declared === 'application/json' || declared?.endsWith('+json');
  if (isJson || (!strict && (!declared || LENIENT_TYPES.includes(declared)))) return undefined;
  return errorAnswer(415, 'UnsupportedMediaType', 'The body must be JSON, declared as application/json.', {
    detail: { field: 'Content-Type', found: declared || 'nothing', allowed: 'application/json' },
  });
}
