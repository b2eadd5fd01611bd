import type { Route } from './route.ts';
import { staticRoute } from './server-info.ts';

const emptyPage = { results: [], count: 0, next: null, previous: null };

/** Lists of other product areas. They are empty here, in the shapes that dashboards read. */
export const otherAreaRoutes: readonly Route[] = [
  staticRoute('/alerts', 'Alerts: always an empty list', 'EmptyList', []),
  staticRoute('/packageprofiles', 'Package profiles: always an empty list', 'NoPackageProfiles', {
    result: [],
  }),
  staticRoute('/rebootprofiles', 'Reboot profiles: always an empty page', 'EmptyPage', emptyPage),
  staticRoute('/repositoryprofiles', 'Repository profiles: always an empty page', 'EmptyPage', emptyPage),
];
