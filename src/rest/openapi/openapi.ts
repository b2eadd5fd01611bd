import { Refusal } from '../../domain/errors.ts';
import { COOKIE, SECURE_COOKIE } from '../../services/session-cookie.ts';
import type { LegacyAction } from '../actions/action.ts';
import { refusalAnswer } from '../errors.ts';
import type { Route } from '../route.ts';
import { dashboardSchemas } from './openapi-dashboard.ts';
import recorded from './openapi-examples.json' with { type: 'json' };
import { neighbourSchemas } from './openapi-neighbours.ts';
import { parameters } from './openapi-parameters.ts';
import { peopleSchemas } from './openapi-people.ts';
import { schemas } from './openapi-schemas.ts';

/** Routes under one heading of the description. */
export interface Subject {
  readonly name: string;
  readonly description: string;
  readonly routes: readonly Route[];
}

/** A request, and the answer that a server with the documented data returns. */
export interface Example {
  readonly path?: Readonly<Record<string, number>>;
  readonly query?: Readonly<Record<string, string | number>>;
  readonly body?: object;
  readonly answer?: unknown;
}

/** Examples by `operationId`. */
export const examples: Readonly<Record<string, Example>> = recorded;

const OLDER = {
  name: 'Older API',
  description: 'Actions that older scripts call at `/api/`, each named in the query or in a form.',
};

/** Builds the OpenAPI 3.1 description from the tables that route requests. */
export function openapi(subjects: readonly Subject[], actions: readonly LegacyAction[]) {
  const paths: Record<string, Record<string, object>> = {};
  for (const { name, routes } of subjects) {
    for (const route of routes) {
      for (const method of [route.method, ...(route.alsoBy ?? [])]) {
        const described = { tags: [name], ...operation(route, method) };
        paths[route.path] = { ...paths[route.path], [method.toLowerCase()]: described };
      }
    }
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Script profiles in the legacy API',
      version: '2',
      description:
        'Every path runs an operation of the GraphQL API at /graphql. The same paths without /v2 work for older clients.',
    },
    servers: [{ url: '/api/v2' }, { url: '/api' }],
    security: [{ token: [] }],
    tags: [...subjects.map(({ name, description }) => ({ name, description })), OLDER],
    paths: { ...paths, '/': legacyPath(actions) },
    components: {
      securitySchemes: {
        token: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' },
        cookie: {
          type: 'apiKey',
          in: 'cookie',
          name: COOKIE,
          description: `Over HTTPS, the name of the cookie is ${SECURE_COOKIE}.`,
        },
      },
      schemas: { ...schemas, ...neighbourSchemas, ...dashboardSchemas, ...peopleSchemas },
    },
  };
}

const securityOf = { everyone: [], cookie: [{ token: [] }, { cookie: [] }, {}] } as const;

function operation(route: Route, method: string): object {
  const { path, operationId, summary, alsoBy } = route;
  const { query = [], body, success } = route.openapi;
  const example: Example = examples[operationId] ?? {};
  const isOther = alsoBy?.some((other) => other === method);
  const names = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name!);
  const own = [
    ...names.map((name) => ({
      ...{ name, in: 'path', required: true, schema: { type: 'integer' } },
      ...exampleOf(example.path?.[name]),
    })),
    ...query.map((name) => queryParameter(name, example)),
  ];
  return {
    operationId: isOther ? `${operationId}By${method[0]}${method.slice(1).toLowerCase()}` : operationId,
    summary,
    ...(route.access && { security: securityOf[route.access] }),
    ...(isOther && {
      description: 'Equivalent to GET, because published examples use POST.',
    }),
    ...(own.length > 0 && { parameters: own }),
    ...(body && { requestBody: { required: true, content: json(body, example.body) } }),
    responses: {
      [success.status]: {
        description: success.schema || success.type ? 'Done.' : 'Success without a body.',
        ...(success.schema && { content: json(success.schema, example.answer) }),
        ...(success.type && { content: { [success.type]: exampleOf(example.answer) } }),
      },
      ...errorResponses(route, method),
    },
  };
}

const queryParameter = (name: string, example: Example | undefined) => ({
  name,
  in: 'query',
  ...(parameters[name] ?? { schema: { type: 'string' } }),
  ...exampleOf(example?.query?.[name]),
});

/** Builds one response for each status, from the route's own refusals and those that any route may return. */
function errorResponses(
  { openapi, takesBody, access }: Pick<Route, 'openapi' | 'takesBody' | 'access'>,
  method: string,
): Record<string, object> {
  const byStatus = new Map<number, Set<string>>();
  const add = (status: number, error: string) =>
    byStatus.set(status, (byStatus.get(status) ?? new Set()).add(error));
  for (const code of [
    ...openapi.refusals,
    ...(access ? [] : (['UNAUTHENTICATED', 'FORBIDDEN'] as const)),
    'RATE_LIMITED',
    'UNAVAILABLE',
  ] as const) {
    const { status, body } = refusalAnswer(new Refusal(code, ''));
    add(status, (body as { error: string }).error);
  }
  if (takesBody) add(413, 'PayloadTooLarge');
  // A route without a body returns 415 only if the server requires a content type on every request.
  if (method !== 'GET') add(415, 'UnsupportedMediaType');
  add(500, 'InternalServerError');
  return Object.fromEntries(
    [...byStatus].map(([status, errors]) => [
      status,
      { description: `${[...errors].join(', ')}.`, content: json('Error') },
    ]),
  );
}

/**
 * Describes all legacy actions as one path with a parameter, because OpenAPI cannot describe them as separate
 * operations.
 */
function legacyPath(actions: readonly LegacyAction[]) {
  const own = [...new Set(actions.flatMap(({ openapi }) => openapi.parameters ?? []))];
  const schema = { anyOf: [...new Set(actions.map(({ openapi }) => openapi.schema))].map(reference) };
  const refusals = [
    ...new Set([
      'NOT_FOUND' as const,
      'INVALID_INPUT' as const,
      ...actions.flatMap(({ openapi }) => openapi.refusals),
    ]),
  ];
  const errors = errorResponses({ takesBody: true, openapi: { success: { status: 200 }, refusals } }, 'POST');
  const action = { type: 'string', enum: actions.map(({ name }) => name) };
  const described = (operationId: string, isInQuery: boolean) => {
    const example: Example = examples[operationId] ?? {};
    return {
      servers: [{ url: '/api' }],
      tags: [OLDER.name],
      operationId,
      summary: 'Run a legacy action, with its parameters in the query or in a form',
      description: actions
        .map(
          ({ name, summary, openapi }) =>
            `${name}: ${summary} (${openapi.parameters?.join(', ') ?? 'no parameters'}).`,
        )
        .join('\n'),
      parameters: [
        { ...queryParameter('action', example), required: isInQuery, schema: action },
        { name: 'version', in: 'query', schema: { type: 'string', enum: ['2011-08-01'] } },
        ...own.map((name) => queryParameter(name, example)),
      ],
      responses: {
        200: {
          description: 'Done.',
          content: { 'application/json': { schema, ...exampleOf(example.answer) } },
        },
        ...errors,
      },
    };
  };
  const form = {
    schema: { type: 'object', properties: { action } },
    ...exampleOf(examples.callAction?.body),
  };
  return {
    get: described('callActionByGet', true),
    post: {
      ...described('callAction', false),
      requestBody: { content: { 'application/x-www-form-urlencoded': form } },
    },
  };
}

const reference = (schema: string) => ({ $ref: `#/components/schemas/${schema}` });

const exampleOf = (value: unknown) => (value === undefined ? {} : { example: value });

const json = (schema: string, example?: unknown) => ({
  'application/json': { schema: reference(schema), ...exampleOf(example) },
});
