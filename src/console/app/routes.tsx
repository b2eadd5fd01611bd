import { type ComponentType, lazy } from 'react';
import { matchPath, Route, Routes } from 'react-router';
import type { GroupPermission } from '../generated/graphql.ts';
import { NotFoundPage } from './not-found-page.tsx';
import { Permitted } from './permitted.tsx';

type Load = () => Promise<{ default: ComponentType }>;

/**
 * Each page is loaded when it is first opened. The paths are deep links, so they stay. Without the permission, a page
 * shows only which one is missing.
 */
const loaders: readonly (readonly [path: string, load: Load, needs?: GroupPermission])[] = [
  ['/', () => import('../pages/overview/overview-page.tsx')],
  ['/profiles', () => import('../pages/profiles/profiles-page.tsx'), 'VIEW_SCRIPT_PROFILE'],
  ['/profiles/new', () => import('../pages/profile-form/new-profile-page.tsx'), 'MANAGE_SCRIPT_PROFILE'],
  ['/profiles/:id', () => import('../pages/profile/profile-page.tsx'), 'VIEW_SCRIPT_PROFILE'],
  [
    '/profiles/:id/edit',
    () => import('../pages/profile-form/edit-profile-page.tsx'),
    'MANAGE_SCRIPT_PROFILE',
  ],
  ['/runs', () => import('../pages/runs/runs-page.tsx'), 'VIEW_SCRIPT_PROFILE'],
  ['/runs/:id', () => import('../pages/run/run-page.tsx'), 'VIEW_SCRIPT_PROFILE'],
  ['/calendar', () => import('../pages/calendar/calendar-page.tsx'), 'VIEW_SCRIPT_PROFILE'],
  ['/computers', () => import('../pages/computers/computers-page.tsx'), 'VIEW_COMPUTER'],
  ['/computers/:id', () => import('../pages/computer/computer-page.tsx'), 'VIEW_COMPUTER'],
  ['/scripts', () => import('../pages/scripts/scripts-page.tsx'), 'VIEW_SCRIPT'],
  ['/scripts/new', () => import('../pages/script-form/new-script-page.tsx'), 'MANAGE_SCRIPT'],
  ['/scripts/:id', () => import('../pages/script/script-page.tsx'), 'VIEW_SCRIPT'],
  ['/scripts/:id/edit', () => import('../pages/script-form/edit-script-page.tsx'), 'MANAGE_SCRIPT'],
  ['/administration/*', () => import('../pages/administration/administration-page.tsx')],
];

const pages = loaders.map(([path, load, needs]) => ({ path, needs, Page: lazy(load) }));

/** Loads the page of the address while the console finds out whether there is a session. */
export function preloadPage(): void {
  const found = loaders.find(([path]) => matchPath(path, location.pathname));
  // Without it, the page is loaded when it is shown, and says why it cannot be.
  void found?.[1]().catch(() => undefined);
}

export function Pages() {
  return (
    <Routes>
      {pages.map(({ path, needs, Page }) => (
        <Route
          key={path}
          path={path}
          element={
            <Permitted needs={needs}>
              <Page />
            </Permitted>
          }
        />
      ))}
      <Route path="*" element={<NotFoundPage />} />
    </Routes>
  );
}
