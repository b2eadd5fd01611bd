import type { Route } from './route.ts';
import { staticRoute } from './server-info.ts';

const emptyPage = { results: [], count: 0, next: null, previous: null };

/** Lists of other product areas. They are always empty, in the form that dashboards expect. */
export const otherAreaRoutes: readonly Route[] = [
  staticRoute('/alerts', 'List alerts, which is always empty', 'EmptyList', []),
  staticRoute('/packageprofiles', 'List package profiles, which is always empty', 'NoPackageProfiles', {
    result: [],
  }),
  staticRoute('/rebootprofiles', 'List reboot profiles, which is always empty', 'EmptyPage', emptyPage),
  staticRoute(
    '/repositoryprofiles',
    'List repository profiles, which is always empty',
    'EmptyPage',
    emptyPage,
  ),
];
