import { Refusal } from '../../domain/errors.ts';
import type { LegacyAction } from '../actions/action.ts';
import { COOKIE, SECURE_COOKIE } from '../cookie.ts';
import { refusalAnswer } from '../errors.ts';
import type { Route } from '../route.ts';
import { dashboardSchemas } from './openapi-dashboard.ts';
import { neighbourSchemas } from './openapi-neighbours.ts';
import { parameters } from './openapi-parameters.ts';
import { schemas } from './openapi-schemas.ts';

/** The OpenAPI 3.1 description, from the same tables that the door routes by. */
export function openapi(routes: readonly Route[], actions: readonly LegacyAction[]) {
  const paths: Record<string, Record<string, object>> = {};
  for (const route of routes) {
    for (const method of [route.method, ...(route.alsoBy ?? [])]) {
      paths[route.path] = { ...paths[route.path], [method.toLowerCase()]: operation(route, method) };
    }
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Script profiles, as the legacy API has them',
      version: '2',
      description:
        'Every path is an operation of the graph at /graphql. Without /v2 the same paths work for older clients.',
    },
    servers: [{ url: '/api/v2' }, { url: '/api' }],
    security: [{ token: [] }],
    paths: { ...paths, '/': legacyPath(actions) },
    components: {
      securitySchemes: {
        token: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' },
        cookie: {
          type: 'apiKey',
          in: 'cookie',
          name: COOKIE,
          description: `Over HTTPS its name is ${SECURE_COOKIE}.`,
        },
      },
      schemas: { ...schemas, ...neighbourSchemas, ...dashboardSchemas },
    },
  };
}

const securityOf = { anybody: [], cookie: [{ token: [] }, { cookie: [] }, {}] } as const;

function operation(route: Route, method: string): object {
  const { path, summary, alsoBy } = route;
  const { query = [], body, success } = route.openapi;
  const names = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
  const own = [
    ...names.map((name) => ({ name, in: 'path', required: true, schema: { type: 'integer' } })),
    ...query.map((name) => ({ name, in: 'query', ...parameters[name] })),
  ];
  return {
    summary,
    ...(route.access && { security: securityOf[route.access] }),
    ...(alsoBy?.some((other) => other === method) && {
      description: 'Answers like GET: examples in circulation send it so.',
    }),
    ...(own.length > 0 && { parameters: own }),
    ...(body && { requestBody: { required: true, content: json(body) } }),
    responses: {
      [success.status]: {
        description: success.schema || success.type ? 'Done.' : 'Done; nothing to say.',
        ...(success.schema && { content: json(success.schema) }),
        ...(success.type && { content: { [success.type]: {} } }),
      },
      ...errorResponses(route, method),
    },
  };
}

/** One response for each status; what every route may answer comes on top of its own refusals. */
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
  // Of routes without a body only where a declaration is demanded of them too.
  if (method !== 'GET') add(415, 'UnsupportedMediaType');
  add(500, 'InternalServerError');
  return Object.fromEntries(
    [...byStatus].map(([status, errors]) => [
      status,
      { description: `${[...errors].join(', ')}.`, content: json('Error') },
    ]),
  );
}

/** An address and a parameter for all of the older actions: the description has no other way to tell them apart. */
function legacyPath(actions: readonly LegacyAction[]) {
  const own = [...new Set(actions.flatMap(({ openapi }) => openapi.parameters ?? []))];
  const schema = { anyOf: [...new Set(actions.map(({ openapi }) => openapi.schema))].map(reference) };
  const responses = errorResponses(
    {
      takesBody: true,
      openapi: {
        success: { status: 200 },
        refusals: [
          ...new Set([
            'NOT_FOUND' as const,
            'INVALID_INPUT' as const,
            ...actions.flatMap(({ openapi }) => openapi.refusals),
          ]),
        ],
      },
    },
    'POST',
  );
  const described = {
    servers: [{ url: '/api' }],
    summary: 'An action of the older API, with its parameters in the query or in a form',
    description: actions
      .map(
        ({ name, summary, openapi }) =>
          `${name}: ${summary} (${openapi.parameters?.join(', ') ?? 'no parameters'}).`,
      )
      .join('\n'),
    parameters: [
      { name: 'action', in: 'query', required: true, schema: { enum: actions.map(({ name }) => name) } },
      { name: 'version', in: 'query', schema: { enum: ['2011-08-01'] } },
      ...own.map((name) => ({ name, in: 'query', ...(parameters[name] ?? { schema: { type: 'string' } }) })),
    ],
    responses: { 200: { description: 'Done.', content: { 'application/json': { schema } } }, ...responses },
  };
  const form = { 'application/x-www-form-urlencoded': { schema: { type: 'object' } } };
  return { get: described, post: { ...described, requestBody: { content: form } } };
}

const reference = (schema: string) => ({ $ref: `#/components/schemas/${schema}` });

const json = (schema: string) => ({
  'application/json': { schema: reference(schema) },
});
