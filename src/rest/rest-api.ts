import type { GraphQLError } from 'graphql';
import type { Origin, Principal } from '../domain/accounts/access.ts';
import { Refusal } from '../domain/errors.ts';
import type { RequestRecord } from '../services/request-record.ts';
import { cookieToken } from '../services/session-cookie.ts';
import { administratorRoutes } from './accounts/administrators.ts';
import { credentialsRoutes } from './accounts/credentials.ts';
import { eventRoutes } from './accounts/events.ts';
import { firstAccountRoutes } from './accounts/first-account.ts';
import { personRoutes } from './accounts/person.ts';
import { actionNamed, LEGACY_METHODS, mayBeLegacy, readLegacyRequest } from './actions/action-requests.ts';
import { legacyActions } from './actions/actions.ts';
import { activityRoutes } from './activities.ts';
import { fleetRoutes } from './computers.ts';
import {
  type Answer,
  contentCoded,
  errorAnswer,
  refusalAnswer,
  refusalOf,
  renamed,
  withRequestId,
} from './errors.ts';
import { limitsRoutes } from './limits.ts';
import { logInRoutes } from './log-in.ts';
import { openapi, type Subject } from './openapi/openapi.ts';
import { otherAreaRoutes } from './other-areas.ts';
import { matcher, pathBelowPrefix } from './path.ts';
import { preferencesRoutes } from './preferences.ts';
import { type JsonObject, originOf, parseJsonObject, Query, type RestRequest } from './request.ts';
import type { Method, Route } from './route.ts';
import { scriptProfileRoutes } from './script-profiles.ts';
import { scriptRoutes } from './scripts.ts';
import { bootRoutes } from './server-info.ts';

/** All routes of the legacy API, by subject. */
export const subjects: readonly Subject[] = [
  {
    name: 'Script profiles',
    description: 'Script profiles, their runs and computers, and their limits.',
    routes: [...scriptProfileRoutes, ...limitsRoutes],
  },
  { name: 'Scripts', description: 'Scripts, their versions and attachments.', routes: scriptRoutes },
  { name: 'Computers', description: 'Accepted computers and their tags.', routes: fleetRoutes },
  { name: 'Activities', description: 'Runs and their executions.', routes: activityRoutes },
  {
    name: 'Sessions',
    description: 'Log-in, log-out, tokens, and switching between accounts.',
    routes: logInRoutes,
  },
  {
    name: 'People',
    description: 'The caller, the people of the account, invitations, credentials and the event log.',
    routes: [...personRoutes, ...credentialsRoutes, ...administratorRoutes, ...eventRoutes],
  },
  { name: 'Preferences', description: 'The account’s preferences.', routes: preferencesRoutes },
  {
    name: 'Server',
    description: 'Data that a dashboard requests when it starts.',
    routes: [...bootRoutes, ...firstAccountRoutes],
  },
  {
    name: 'Other product areas',
    description: 'Empty pages for the areas of the real system that the gateway does not have.',
    routes: otherAreaRoutes,
  },
];
export const routes: readonly Route[] = subjects.flatMap((subject) => subject.routes);

const MAX_BODY_BYTES = 1024 * 1024;
const NO_BODY = new Uint8Array();

/** Runs one of our operations in-process, as the given principal. */
export type RunOperation = (
  variables: JsonObject,
  principal: Principal,
  request: { readonly origin: Origin; readonly closed: Promise<unknown> },
) => Promise<{ data?: object | null; errors?: readonly GraphQLError[] }>;

export interface RestApiOptions {
  /**
   * Parses an operation and validates it against the schema.
   * @throws Error if it does not fit the schema
   */
  prepare(operation: string): RunOperation;
  /** @throws Refusal UNAUTHENTICATED */
  authenticate(authorization: string | undefined, origin: Origin): Promise<Principal>;
  /** Whether a body must be declared as JSON, as the newest releases of the real system require. */
  readonly strictContentType: boolean;
  /** Receives internal errors, which are masked for callers. */
  report(fault: unknown, requestId: string): void;
}

interface Performed<Call> extends Pick<Route, 'names'> {
  readonly run: RunOperation;
  variables(call: Call): JsonObject;
  // biome-ignore lint/suspicious/noExplicitAny: the data has the shape of the operation
  answer(data: any, call: Call): Answer;
}

export interface RestApi {
  answer(request: RestRequest): Promise<Answer>;
  /** Answers a request that the HTTP server refuses before it reaches this API. */
  refuse(refusal: Refusal, requestRecord: RequestRecord): Answer;
  /** Answers a request for one of the HTTP server's own paths with a method that the path does not allow. */
  wrongMethod(method: string, allowed: readonly string[], requestRecord: RequestRecord): Answer;
  /** Reports an internal error of the HTTP server, and answers without its details. */
  fault(fault: unknown, requestRecord: RequestRecord): Answer;
}

/**
 * Creates the legacy API. It checks a request in this order: path, method, authentication, body. Then the graph checks
 * permissions and rules.
 */
export function createRestApi(options: RestApiOptions): RestApi {
  const table = routes.map((route) => ({
    ...route,
    matches: matcher(route.path),
    run: options.prepare(route.operation),
  }));
  const actions = legacyActions.map((action) => ({ ...action, run: options.prepare(action.operation) }));

  async function answer(request: RestRequest): Promise<Answer> {
    const query = new Query(request.url);
    const path = pathBelowPrefix(query.path);
    const method = request.method === 'HEAD' ? 'GET' : request.method;
    if (path === '/openapi.json') {
      return method === 'GET'
        ? { status: 200, body: openapi(subjects, legacyActions) }
        : wrongMethod(method, ['GET']);
    }
    if (mayBeLegacy(request, query)) return answerLegacy(request, query, method);

    const here = table.flatMap((route) => {
      const parameters = path === undefined ? undefined : route.matches(path);
      return parameters ? [{ route, parameters }] : [];
    });
    if (here.length === 0)
      return errorAnswer(404, 'NotFound', `The path ${request.url.split('?')[0]} does not exist.`);

    const match = here.find(({ route }) => methodsOf(route).includes(method as Method));
    if (!match) {
      const allowed = here.flatMap((candidate) => methodsOf(candidate.route));
      return wrongMethod(method, [...new Set(allowed)]);
    }
    const { route, parameters } = match;
    const { requestRecord } = request;
    requestRecord.operation = `${route.method} ${route.path}`;

    const { principal, token } = await identify(route, request);
    requestRecord.principal = principal;
    if (options.strictContentType ? method !== 'GET' : route.takesBody) {
      const refused = wrongContentType(request, options.strictContentType || route.declaresJson === true);
      if (refused) return refused;
    }
    query.check();
    const coded = route.takesBody ? contentCoded(request) : undefined;
    if (coded) return coded;
    const bytes = route.takesBody ? await request.body(MAX_BODY_BYTES) : NO_BODY;
    if (!bytes)
      return errorAnswer(413, 'PayloadTooLarge', `The body must be at most ${MAX_BODY_BYTES} bytes.`);
    const body = bytes === NO_BODY ? {} : parseJsonObject(bytes);
    const { secure } = request;
    const header = (name: string) => request.header(name);
    const call = { path: parameters, query, body, token, secure, header };
    return perform(route, call, principal, request);
  }

  async function answerLegacy(request: RestRequest, query: Query, method: string): Promise<Answer> {
    if (!LEGACY_METHODS.some((allowed) => allowed === method)) return wrongMethod(method, LEGACY_METHODS);
    const named = query.get('action');
    const asked = named === undefined ? undefined : actionNamed(actions, named);
    const principal = await options.authenticate(request.header('authorization'), originOf(request));
    request.requestRecord.principal = principal;
    query.check();
    const read = await readLegacyRequest(request, query, actions, asked?.largestBody ?? MAX_BODY_BYTES);
    if ('status' in read) return read;
    request.requestRecord.operation = `action ${read.action.name}`;
    return perform(read.action, read.parameters, principal, request);
  }

  /** Runs an operation. A refusal names the field as the caller knows it. */
  async function perform<Call>(
    { run, variables, answer, names = {} }: Performed<Call>,
    call: Call,
    principal: Principal,
    request: RestRequest,
  ): Promise<Answer> {
    try {
      const { closed } = request;
      const { data, errors } = await run(variables(call), principal, { origin: originOf(request), closed });
      if (errors?.[0]) throw errors[0].originalError ?? errors[0];
      const [refused] = Object.values(data ?? {}).flatMap((field) => field?.userErrors ?? []);
      if (refused) throw refusalOf(refused);
      return answer(data, call);
    } catch (error) {
      throw error instanceof Refusal ? renamed(error, names) : error;
    }
  }

  async function identify(
    { access }: Route,
    request: RestRequest,
  ): Promise<{ principal: Principal; token?: string }> {
    const sent = request.header('authorization');
    if (access === undefined)
      return { principal: await options.authenticate(sent, originOf(request)), token: bearer(sent) };
    const cookie = access === 'cookie' ? cookieToken(request) : undefined;
    const authorization = sent ?? (cookie && `Bearer ${cookie}`);
    if (access === 'everyone' || !authorization) return { principal: { kind: 'anonymous' } };
    try {
      return {
        principal: await options.authenticate(authorization, originOf(request)),
        token: bearer(authorization),
      };
    } catch (error) {
      if (error instanceof Refusal && error.code === 'UNAUTHENTICATED')
        return { principal: { kind: 'anonymous' } };
      throw error;
    }
  }

  function refuse(refusal: Refusal, requestRecord: RequestRecord): Answer {
    requestRecord.outcome = refusal.code;
    return withRequestId(refusalAnswer(refusal), requestRecord.requestId);
  }

  function fault(error: unknown, requestRecord: RequestRecord): Answer {
    const { requestId } = requestRecord;
    options.report(error, requestId);
    requestRecord.outcome = 'INTERNAL_SERVER_ERROR';
    const message = `An internal error occurred. The server’s log has the details under the request id ${requestId}.`;
    return withRequestId(errorAnswer(500, 'InternalServerError', message), requestId);
  }

  return {
    refuse,
    wrongMethod: (method, allowed, { requestId }) => withRequestId(wrongMethod(method, allowed), requestId),
    fault,
    async answer(request) {
      try {
        return withRequestId(await answer(request), request.requestRecord.requestId);
      } catch (error) {
        return error instanceof Refusal
          ? refuse(error, request.requestRecord)
          : fault(error, request.requestRecord);
      }
    },
  };
}

const bearer = (authorization = '') => authorization.trim().split(/\s+/).at(-1);

const methodsOf = ({ method, alsoBy = [] }: Route): readonly Method[] => [method, ...alsoBy];

function wrongMethod(method: string, allowed: readonly string[]): Answer {
  const allow = allowed.join(', ');
  if (method === 'OPTIONS') return { status: 204, headers: { allow } };
  return errorAnswer(405, 'MethodNotAllowed', `The method ${method} is not allowed here. Use ${allow}.`, {
    headers: { allow },
  });
}

/** The type that `curl -d` declares by default, and plain text, may also carry JSON. */
const LENIENT_TYPES = ['application/x-www-form-urlencoded', 'text/plain'];

function wrongContentType(request: RestRequest, strict: boolean): Answer | undefined {
  const declared = request.header('content-type')?.split(';')[0]?.trim().toLowerCase();
  const isJson = declared === 'application/json' || declared?.endsWith('+json');
  if (isJson || (!strict && (!declared || LENIENT_TYPES.includes(declared)))) return undefined;
  return errorAnswer(415, 'UnsupportedMediaType', 'The body must be JSON, declared as application/json.', {
    detail: { field: 'Content-Type', found: declared || 'nothing', allowed: 'application/json' },
  });
}
