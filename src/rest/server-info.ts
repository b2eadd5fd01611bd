import type { Answer } from './errors.ts';
import type { Route } from './route.ts';

const available = { available: true, enabled: true };
const unavailable = { available: false, enabled: false };

const features = [
  {
    key: 'script-profiles',
    enabled: true,
    name: 'Script profiles',
    description: 'Scripts that run on computers on enrolment, at a given time or on a schedule.',
    database_key: 1,
    details: { configuration: true },
  },
];

/** Data that dashboards request before log-in, and for their frame afterwards. */
export const bootRoutes: readonly Route[] = [
  publicRoute('/about', 'Get information about the server', 'About', 'version', ({ version }) => ({
    self_hosted: true,
    package_version: version,
    revision: '',
    display_disa_stig_banner: false,
  })),
  publicRoute('/features', 'List the features that dashboards check for', 'FeaturePage', 'version', () => ({
    results: features,
    count: features.length,
    next: null,
    previous: null,
  })),
  publicRoute(
    '/standalone-account',
    'Check whether an account exists',
    'StandaloneAccount',
    'hasAccount',
    (server) => ({
      exists: server.hasAccount,
    }),
  ),
  publicRoute('/login/methods', 'List the log-in methods', 'LoginMethods', 'version', () => ({
    password: available,
    pam: unavailable,
    ubuntu_one: unavailable,
    standalone_oidc: unavailable,
    oidc: { available: false, configurations: [] },
  })),
  staticRoute(
    '/classic_dashboard_url',
    'Get the URL of the classic dashboard, which does not exist here',
    'DashboardUrl',
    {
      url: '',
    },
  ),
  staticRoute('/alerts/summary', 'List alerts. The list is always empty', 'AlertsSummary', {
    alerts_summary: [],
  }),
];

interface ServerData {
  readonly version: string;
  readonly hasAccount: boolean;
}

/** Creates a route that needs no token. */
function publicRoute(
  path: string,
  summary: string,
  schema: string,
  fields: string,
  body: (server: ServerData) => object,
): Route {
  return {
    method: 'GET',
    path,
    operationId: operationIdOf(path),
    summary,
    access: 'everyone',
    operation: `query { server { ${fields} } }`,
    variables: () => ({}),
    answer: ({ server }): Answer => ({ status: 200, body: body(server) }),
    openapi: { success: { status: 200, schema }, refusals: [] },
  };
}

/** Creates a route with the same answer for every person. */
export function staticRoute(path: string, summary: string, schema: string, body: object): Route {
  return {
    method: 'GET',
    path,
    operationId: operationIdOf(path),
    summary,
    operation: 'query { viewer { accountName } }',
    variables: () => ({}),
    answer: (): Answer => ({ status: 200, body }),
    openapi: { success: { status: 200, schema }, refusals: [] },
  };
}

/** Derives an id: `/login/methods` becomes `getLoginMethods`. */
function operationIdOf(path: string): string {
  return `get${path.replace(/[/_-](\w)/g, (_, letter: string) => letter.toUpperCase())}`;
}
