import { type Parameters, type Route, userErrors } from '../route.ts';
import { titleOf } from './administrators.ts';

/** Title of the only access key that dashboards manage. Clients of the graph may create others. */
const TITLE = 'API credentials';
const viewerFields = 'accountName accounts { name title }';

interface ViewerData {
  readonly accountName: string;
  readonly accounts: readonly { readonly name: string; readonly title: string }[];
}

interface KeyData {
  readonly key: string;
  readonly title: string;
  readonly secretKey: string | null;
}

/** Credentials with which the caller's programs log in to this account. */
export const credentialsRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: '/credentials',
    operationId: 'getCredentials',
    summary:
      'Get the caller’s API credentials. Only the session that created the secret receives it, for a day',
    operation: `query { viewer { ${viewerFields} accessKeys { key title secretKey } } }`,
    variables: () => ({}),
    answer: ({ viewer }, request) => {
      const key = viewer.accessKeys.findLast(({ title }: KeyData) => title === TITLE);
      return { status: 200, body: { credentials: [toCredentials(viewer, key, request)] } };
    },
    openapi: { success: { status: 200, schema: 'CredentialsList' }, refusals: [] },
  },
  {
    method: 'POST',
    path: '/credentials',
    operationId: 'createCredentials',
    summary: 'Create API credentials for the caller, and revoke the earlier ones',
    operation: `mutation ($input: CreateAccessKeyInput!) {
      done: createAccessKey(input: $input) {
        accessKey { key title } secretKey viewer { ${viewerFields} } ${userErrors}
      }
    }`,
    takesBody: true,
    variables: ({ body: { account: accountName } }) => ({
      input: { title: TITLE, replaces: true, accountName },
    }),
    answer: ({ done: { accessKey, secretKey, viewer } }, request) => ({
      status: 200,
      body: toCredentials(viewer, { ...accessKey, secretKey }, request),
    }),
    names: { accountName: 'account' },
    openapi: {
      body: 'CredentialsDraft',
      success: { status: 200, schema: 'Credentials' },
      refusals: ['INVALID_INPUT'],
    },
  },
];

/** A key that does not exist and a secret that is not shown are empty strings. */
function toCredentials(viewer: ViewerData, key: KeyData | undefined, request: Parameters) {
  const endpoint = `${request.secure ? 'https' : 'http'}://${request.header('host') ?? ''}/api/`;
  const secret = key?.secretKey ?? '';
  const exported = {
    LANDSCAPE_API_URI: endpoint,
    LANDSCAPE_API_KEY: key?.key,
    LANDSCAPE_API_SECRET: secret,
  };
  return {
    access_key: key?.key ?? '',
    account_name: viewer.accountName,
    account_title: titleOf(viewer),
    endpoint,
    exports: Object.entries(exported)
      .filter(([, value]) => value)
      .map(([name, value]) => `export ${name}='${value}'`)
      .join('\n'),
    secret_key: secret,
  };
}
