import type { JsonObject } from './request.ts';
import { type Route, userErrors } from './route.ts';

/** Placeholder for the key, which is stored as a hash and never shown. Dashboards show it as if it were the key. */
export const HIDDEN_KEY = '••••••••';

const fields = 'title autoRegisterNewComputers hasRegistrationKey';

export const preferencesRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: '/preferences',
    operationId: 'getPreferences',
    summary: 'Get the preferences of the account',
    operation: `query { preferences { ${fields} } }`,
    variables: () => ({}),
    answer: ({ preferences }) => ({ status: 200, body: toPreferences(preferences) }),
    openapi: { success: { status: 200, schema: 'Preferences' }, refusals: [] },
  },
  {
    method: 'PATCH',
    path: '/preferences',
    operationId: 'updatePreferences',
    summary: 'Edit the preferences of the account',
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

interface PreferencesData {
  readonly title: string;
  readonly autoRegisterNewComputers: boolean;
  readonly hasRegistrationKey: boolean;
}

const toPreferences = (preferences: PreferencesData) => ({
  // A negative number means no limit. This API does not limit the age of audit records.
  audit_retention_period: -1,
  auto_register_new_computers: preferences.autoRegisterNewComputers,
  has_registration_password: preferences.hasRegistrationKey,
  registration_password: preferences.hasRegistrationKey ? HIDDEN_KEY : null,
  title: preferences.title,
  ubuntu_one: false,
});

/**
 * Dashboards send back the values that they received, so the placeholder keeps the stored key. They send null if their
 * user clears the key or if no key is set.
 */
const toInput = (body: JsonObject): JsonObject => ({
  title: body.title,
  autoRegisterNewComputers: body.auto_register_new_computers,
  registrationKey: keyOf(body.registration_password),
});

function keyOf(given: unknown): unknown {
  if (given === HIDDEN_KEY) return undefined;
  return given === null ? '' : given;
}
