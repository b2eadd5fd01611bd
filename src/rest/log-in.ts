import { invalid } from '../domain/errors.ts';
import { noCookie, tokenCookie } from '../services/session-cookie.ts';
import type { Answer } from './errors.ts';
import type { JsonObject } from './request.ts';
import type { Parameters, Route } from './route.ts';

const userErrors = 'userErrors { code message field found allowed }';
const viewerFields = 'accountName hasPassword person { name email } accounts { name title isDefault }';
const session = `session { token expiresAt viewer { ${viewerFields} } }`;

interface Viewer {
  readonly accountName: string;
  readonly hasPassword: boolean;
  readonly person: { readonly name: string; readonly email: string };
  readonly accounts: readonly {
    readonly name: string;
    readonly title: string;
    readonly isDefault: boolean;
  }[];
}

interface Session {
  readonly token: string;
  readonly expiresAt: string;
  readonly viewer: Viewer;
}

/** Routes for logging in and out, as clients of the legacy API expect them. */
export const logInRoutes: readonly Route[] = [
  {
    method: 'POST',
    path: '/login',
    operationId: 'logIn',
    summary: 'Log in with a password. Returns the token in the body and in a cookie',
    access: 'everyone',
    operation: `mutation ($input: LoginInput!) { done: login(input: $input) { ${session} ${userErrors} } }`,
    takesBody: true,
    variables: ({ body }) => ({ input: toLoginInput(body) }),
    answer: ({ done }, request) => loggedIn(done.session, request),
    openapi: {
      body: 'Login',
      success: { status: 200, schema: 'LoggedIn' },
      refusals: ['INVALID_INPUT', 'UNAUTHENTICATED'],
    },
  },
  {
    method: 'POST',
    path: '/login/access-key',
    operationId: 'logInWithAccessKey',
    summary: 'Log in with an access key and its secret',
    access: 'everyone',
    operation: `mutation ($input: LoginWithAccessKeyInput!) {
      done: loginWithAccessKey(input: $input) { ${session} ${userErrors} }
    }`,
    takesBody: true,
    variables: ({
      body: { access_key: accessKey, secret_key: secretKey, expiry_minutes: expiryMinutes },
    }) => ({
      input: { accessKey, secretKey, expiryMinutes },
    }),
    answer: ({ done }, request) => loggedIn(done.session, request),
    openapi: {
      body: 'LoginWithAccessKey',
      success: { status: 200, schema: 'LoggedIn' },
      refusals: ['INVALID_INPUT', 'UNAUTHENTICATED'],
    },
  },
  {
    method: 'GET',
    path: '/me',
    operationId: 'getMe',
    summary: 'Get the person of the token or cookie, or an empty object if there is none',
    access: 'cookie',
    operation: `query { viewer { ${viewerFields} } }`,
    variables: () => ({}),
    answer: ({ viewer }, { token }) => ({
      status: 200,
      body: viewer && token ? toPerson(viewer, token) : {},
    }),
    openapi: { success: { status: 200, schema: 'Me' }, refusals: [] },
  },
  {
    method: 'POST',
    path: '/switch-account',
    operationId: 'switchAccount',
    summary: 'Create a token for another account of the same person',
    operation: `mutation ($input: SwitchAccountInput!) { done: switchAccount(input: $input) { ${session} ${userErrors} } }`,
    takesBody: true,
    variables: ({ body: { account_name: accountName } }) => ({ input: { accountName } }),
    answer: ({ done }, request) => ({
      ...loggedIn(done.session, request),
      body: { token: done.session.token },
    }),
    openapi: {
      body: 'SwitchAccount',
      success: { status: 200, schema: 'Token' },
      refusals: ['INVALID_INPUT'],
    },
  },
  {
    method: 'POST',
    path: '/logout',
    operationId: 'logOut',
    summary: 'Revoke the token of the header or the cookie, and delete the cookie',
    access: 'cookie',
    operation: `mutation { done: logout(input: {}) { ${userErrors} } }`,
    variables: () => ({}),
    answer: (_data, request) => ({ status: 200, headers: noCookie(request), body: {} }),
    openapi: { success: { status: 200, schema: 'Nothing' }, refusals: [] },
  },
  {
    method: 'POST',
    path: '/tokens/invalidate-me',
    operationId: 'invalidateMyTokens',
    summary: 'Revoke all tokens of the caller in this account',
    operation: `mutation { done: logout(input: { everywhere: true }) { ${userErrors} } }`,
    variables: () => ({}),
    answer: (_data, request) => ({ status: 200, headers: noCookie(request), body: {} }),
    openapi: { success: { status: 200, schema: 'Nothing' }, refusals: [] },
  },
  {
    method: 'POST',
    path: '/tokens/invalidate-account',
    operationId: 'invalidateAccountTokens',
    summary: 'Revoke all tokens of all people in the caller’s account',
    operation: `mutation { done: invalidateAccountTokens(input: {}) { ${userErrors} } }`,
    variables: () => ({}),
    answer: (_data, request) => ({ status: 200, headers: noCookie(request), body: {} }),
    openapi: { success: { status: 200, schema: 'Nothing' }, refusals: [] },
  },
];

/** @throws Refusal INVALID_INPUT */
function toLoginInput({
  email,
  identity,
  password,
  account,
  expiry_minutes: expiryMinutes,
}: JsonObject): JsonObject {
  // A dashboard sends the property for which it shows a field, and may send the other one as null.
  if ((email ?? '') !== '' && (identity ?? '') !== '') {
    throw invalid('identity', identity, 'omitted if `email` is given');
  }
  return { email: email ?? identity, password, account, expiryMinutes };
}

function loggedIn({ token, expiresAt, viewer }: Session, request: Parameters): Answer {
  return { status: 200, headers: tokenCookie(token, expiresAt, request), body: toPerson(viewer, token) };
}

/** Properties that are null belong to features that do not exist here. Clients expect the keys. */
const toPerson = ({ person, accounts, accountName, hasPassword }: Viewer, token: string) => ({
  token,
  email: person.email,
  name: person.name,
  accounts: accounts.map(({ name, title, isDefault }) => ({
    name,
    title,
    default: isDefault,
    subdomain: null,
    classic_dashboard_url: '',
  })),
  current_account: accountName,
  attach_code: null,
  return_to: null,
  invitation_id: null,
  has_password: hasPassword,
  identity_source: 'password',
  self_hosted: true,
});
