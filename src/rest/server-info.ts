import type { Answer } from './errors.ts';
import type { Route } from './route.ts';

const available = { available: true, enabled: true };
const unavailable = { available: false, enabled: false };

const features = [
  {
    key: 'script-profiles',
    enabled: true,
    name: 'Script profiles',
    description: 'Scripts that run on computers when they enrol, at a time, or on a schedule.',
    database_key: 1,
    details: { configuration: true },
  },
];

/** What a dashboard asks before anybody has logged in, and what its frame shows afterwards. */
export const bootRoutes: readonly Route[] = [
  publicRoute('/about', 'About this server', 'About', 'version', ({ version }) => ({
    self_hosted: true,
    package_version: version,
    revision: '',
    display_disa_stig_banner: false,
  })),
  publicRoute('/features', 'The features that dashboards look for', 'FeaturePage', 'version', () => ({
    results: features,
    count: features.length,
    next: null,
    previous: null,
  })),
  publicRoute(
    '/standalone-account',
    'Whether there is an account',
    'StandaloneAccount',
    'hasAccount',
    (server) => ({
      exists: server.hasAccount,
    }),
  ),
  publicRoute('/login/methods', 'The ways to log in', 'LoginMethods', 'version', () => ({
    password: available,
    pam: unavailable,
    ubuntu_one: unavailable,
    standalone_oidc: unavailable,
    oidc: { available: false, configurations: [] },
  })),
  staticRoute(
    '/classic_dashboard_url',
    'The address of the dashboard of old: there is none',
    'DashboardUrl',
    {
      url: '',
    },
  ),
  staticRoute('/alerts/summary', 'The alerts of the account: there are none here', 'AlertsSummary', {
    alerts_summary: [],
  }),
];

interface ServerData {
  readonly version: string;
  readonly hasAccount: boolean;
}

/** A path that takes no token. */
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
    summary,
    access: 'anybody',
    operation: `query { server { ${fields} } }`,
    variables: () => ({}),
    answer: ({ server }): Answer => ({ status: 200, body: body(server) }),
    openapi: { success: { status: 200, schema }, refusals: [] },
  };
}

/** A path that answers every person the same. */
export function staticRoute(path: string, summary: string, schema: string, body: object): Route {
  return {
    method: 'GET',
    path,
    summary,
    operation: 'query { viewer { accountName } }',
    variables: () => ({}),
    answer: (): Answer => ({ status: 200, body }),
    openapi: { success: { status: 200, schema }, refusals: [] },
  };
}
