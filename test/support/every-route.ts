import { routes } from '../../src/rest/rest-api.ts';
import type { Route } from '../../src/rest/route.ts';
import type { TestApp } from './app.ts';
import { written } from './every-operation.ts';
import type { Furnished } from './furnished.ts';

const profile = `"username": "root", "time_limit": 1, "trigger": { "trigger_type": "event", "event_type": "post_enrollment" }`;

/** Bodies of the routes that take one, with `$names`. */
const bodies: Readonly<Record<string, string>> = {
  'POST /script-profiles': `{ "title": "By REST", "script_id": $script, ${profile} }`,
  'PATCH /script-profiles/{id}': '{ "time_limit": 9 }',
  'POST /activities/reapply': '{ "activity_ids": [$failed] }',
  'PUT /computers/{id}': '{ "comment": "a note" }',
  'POST /person': '{ "name": "Renamed" }',
  'PUT /password': '{ "password": "$password", "new_password": "another password" }',
  'POST /credentials': '{ "account": "$account" }',
  'PUT /administrators/{id}': '{ "roles": [] }',
  'PATCH /preferences': '{ "title": "Ours" }',
  'POST /login': '{ "email": "$email", "password": "$password", "account": "$account" }',
  'POST /login/access-key': '{ "access_key": "$key", "secret_key": "$secret" }',
  'POST /switch-account': '{ "account_name": "$account" }',
};
const owners: Readonly<Record<string, string>> = {
  scripts: 'script',
  computers: 'computer',
  activities: 'run',
  administrators: 'member',
  invitations: 'invitation',
};

/** All routes, in an order in which each finds the objects that it needs. Routes that end an object come last. */
export const everyRoute: readonly Route[] = [':archive', ':redact', '/tokens/'].reduce<readonly Route[]>(
  (sorted, ending) => [
    ...sorted.filter(({ path }) => !path.includes(ending)),
    ...sorted.filter(({ path }) => path.includes(ending)),
  ],
  // One of them requires an empty installation, see test/rest/first-start.test.ts.
  routes.filter(({ operationId }) => operationId !== 'createStandaloneAccount'),
);

/** Calls a route as the administrator, or without a token if the route ignores it. */
export function callRoute(
  app: TestApp,
  { method, path, access }: Route,
  { world, names, changing, visitor }: Furnished,
) {
  // The next route still needs the administrator's tokens.
  const tokens: Readonly<Record<string, string>> = {
    '/tokens/invalidate-me': visitor,
    '/password': changing,
  };
  const token = tokens[path] ?? world.admin;
  const body = bodies[`${method} ${path}`];
  const owner = owners[path.split('/')[1]!] ?? 'profile';
  const asked = path
    .replace('{id}', `$${owner}`)
    .replace('{number}', '1')
    .replace('{attachment}', '$attachment')
    .replace(/profile-diff$/, 'profile-diff?tags=tag&instance_ids=$computer');
  return fetch(`${app.url}/api/v2${written(asked, names)}`, {
    method,
    headers: access === 'everyone' ? {} : { authorization: `Bearer ${token}` },
    body: body && written(body, names),
  });
}
