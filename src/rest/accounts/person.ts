import { invalid } from '../../domain/errors.ts';
import { tokenCookie } from '../../services/session-cookie.ts';
import type { JsonObject } from '../request.ts';
import { type Route, userErrors } from '../route.ts';

const personFields = 'name email timeZone';
const viewerFields = `accountName roles person { ${personFields} } accounts { name title }`;

interface ViewerData {
  readonly accountName: string;
  readonly roles: readonly string[];
  readonly person: { readonly name: string; readonly email: string; readonly timeZone: string };
  readonly accounts: readonly { readonly name: string; readonly title: string }[];
}

/** The caller. */
export const personRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: '/person',
    operationId: 'getPerson',
    summary: 'Get the caller, with their roles in this account',
    operation: `query { viewer { ${viewerFields} } }`,
    variables: () => ({}),
    answer: ({ viewer }) => ({ status: 200, body: toCaller(viewer) }),
    openapi: { success: { status: 200, schema: 'Person' }, refusals: [] },
  },
  {
    method: 'POST',
    path: '/person',
    operationId: 'updatePerson',
    summary: 'Edit the caller’s name, time zone or e-mail address. A new address ends the session',
    operation: `mutation ($input: UpdatePersonInput!) {
      done: updatePerson(input: $input) { person { ${personFields} } ${userErrors} }
    }`,
    takesBody: true,
    variables: ({ body }) => ({ input: toInput(body) }),
    answer: ({ done }) => ({ status: 200, body: toPerson(done.person) }),
    names: { timeZone: 'timezone' },
    openapi: {
      body: 'PersonUpdate',
      success: { status: 200, schema: 'EditedPerson' },
      refusals: ['INVALID_INPUT', 'TITLE_TAKEN'],
    },
  },
  {
    method: 'PUT',
    path: '/password',
    operationId: 'changePassword',
    summary:
      'Change the caller’s password and revoke their tokens. The cookie and the body contain a new one',
    operation: `mutation ($input: ChangePasswordInput!) {
      done: changePassword(input: $input) { session { token expiresAt } ${userErrors} }
    }`,
    takesBody: true,
    variables: ({ body: { password, new_password: newPassword } }) => ({
      input: { currentPassword: password, newPassword },
    }),
    answer: ({ done: { session } }, request) => ({
      status: 200,
      headers: tokenCookie(session.token, session.expiresAt, request),
      body: { token: session.token },
    }),
    names: { currentPassword: 'password', newPassword: 'new_password' },
    openapi: {
      body: 'PasswordChange',
      success: { status: 200, schema: 'Token' },
      refusals: ['INVALID_INPUT'],
    },
  },
];

const toPerson = ({ name, email, timeZone }: ViewerData['person']) => ({
  allowable_emails: null,
  name,
  email,
  identity: email,
  timezone: timeZone,
  last_login_time: null,
  last_login_host: null,
  preferred_account: null,
});

const toCaller = ({ accountName, roles, person, accounts }: ViewerData) => ({
  ...toPerson(person),
  accounts: accounts.filter(({ name }) => name === accountName).map((account) => ({ ...account, roles })),
  oidc_identities: [],
});

/** Forms send all fields back. @throws Refusal INVALID_INPUT for a preferred account, which cannot be stored */
function toInput({ name, email, timezone: timeZone, preferred_account: account }: JsonObject): JsonObject {
  if (account != null && account !== '')
    throw invalid('preferred_account', account, 'empty, because each log-in selects its account');
  return { name, email, timeZone };
}
