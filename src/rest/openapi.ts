import { Refusal } from '../domain/errors.ts';
import { refusalAnswer } from './errors.ts';
import { schemas } from './openapi-schemas.ts';
import type { Route } from './route.ts';

const parameters: Readonly<Record<string, object>> = {
  archived: {
    schema: { enum: ['active', 'archived', 'all'], default: 'active' },
    description: 'Which script profiles to list.',
  },
  search: { schema: { type: 'string' }, description: 'A part of the title, in upper or lower case.' },
  names: { schema: { type: 'string' }, description: 'Whole titles, separated by commas.' },
  limit: {
    schema: { type: 'integer', minimum: 0, default: 1000 },
    description: 'The most results; above 10,000 it is cut to that. 0 gives the count alone.',
  },
  offset: { schema: { type: 'integer', minimum: 0, default: 0 }, description: 'How many results to skip.' },
};

/** The OpenAPI 3.1 description, from the same table that the door routes by. */
export function openapi(routes: readonly Route[]) {
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
    paths,
    components: {
      securitySchemes: { token: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' } },
      schemas,
    },
  };
}

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
    ...(alsoBy?.some((other) => other === method) && {
      description: 'Answers like GET: examples in circulation send it so.',
    }),
    ...(own.length > 0 && { parameters: own }),
    ...(body && { requestBody: { required: true, content: json(body) } }),
    responses: {
      [success.status]: success.schema
        ? { description: 'Done.', content: json(success.schema) }
        : { description: 'Done; nothing to say.' },
      ...errorResponses(route, method),
    },
  };
}

/** One response for each status; what every route may answer comes on top of its own refusals. */
function errorResponses({ openapi, takesBody }: Route, method: string): Record<string, object> {
  const byStatus = new Map<number, Set<string>>();
  const add = (status: number, error: string) =>
    byStatus.set(status, (byStatus.get(status) ?? new Set()).add(error));
  for (const code of [
    ...openapi.refusals,
    'UNAUTHENTICATED',
    'FORBIDDEN',
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

const json = (schema: string) => ({
  'application/json': { schema: { $ref: `#/components/schemas/${schema}` } },
});
