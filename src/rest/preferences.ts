import { invalid } from '../domain/errors.ts';
import type { JsonObject } from './request.ts';
import { type Route, userErrors } from './route.ts';

const fields = 'title autoRegisterNewComputers';

export const preferencesRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: '/preferences',
    summary: 'The account’s preferences',
    operation: `query { preferences { ${fields} } }`,
    variables: () => ({}),
    answer: ({ preferences }) => ({ status: 200, body: toPreferences(preferences) }),
    openapi: { success: { status: 200, schema: 'Preferences' }, refusals: [] },
  },
  {
    method: 'PATCH',
    path: '/preferences',
    summary: 'Change the account’s preferences',
    operation: `mutation ($input: UpdatePreferencesInput!) {
      done: updatePreferences(input: $input) { preferences { ${fields} } ${userErrors} }
    }`,
    takesBody: true,
    variables: ({ body }) => ({ input: toInput(body) }),
    answer: ({ done }) => ({ status: 200, body: toPreferences(done.preferences) }),
    names: { registrationKey: 'registration_password' },
    openapi: {
      body: 'PreferencesUpdate',
      success: { status: 200, schema: 'Preferences' },
      refusals: ['INVALID_INPUT'],
    },
  },
];

const toPreferences = (preferences: { title: string; autoRegisterNewComputers: boolean }) => ({
  // Negative: without end. There is nothing of the kind here.
  audit_retention_period: -1,
  auto_register_new_computers: preferences.autoRegisterNewComputers,
  // Kept as a hash, it is shown to nobody.
  registration_password: null,
  title: preferences.title,
  ubuntu_one: false,
});

/** JSON Merge Patch: what is left out stays, and only the key can be taken away, by null. */
function toInput(body: JsonObject): JsonObject {
  const { registration_password: key } = body;
  if (key === '') throw invalid('registration_password', key, 'a key, or null for none');
  return {
    title: body.title,
    autoRegisterNewComputers: body.auto_register_new_computers,
    ...(key !== undefined && { registrationKey: key ?? '' }),
  };
}
