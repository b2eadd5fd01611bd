import { type ComponentType, lazy } from 'react';
import { matchPath, Route, Routes } from 'react-router';
import { NotFoundPage } from './not-found-page.tsx';

type Load = () => Promise<{ default: ComponentType }>;

/** Each page is loaded when it is first opened. The paths are deep links, so they stay. */
const loaders: readonly (readonly [path: string, load: Load])[] = [
  ['/', () => import('../pages/overview/overview-page.tsx')],
  ['/profiles', () => import('../pages/profiles/profiles-page.tsx')],
  ['/profiles/new', () => import('../pages/profile-form/new-profile-page.tsx')],
  ['/profiles/:id', () => import('../pages/profile/profile-page.tsx')],
  ['/profiles/:id/edit', () => import('../pages/profile-form/edit-profile-page.tsx')],
  ['/runs', () => import('../pages/runs/runs-page.tsx')],
  ['/runs/:id', () => import('../pages/run/run-page.tsx')],
  ['/calendar', () => import('../pages/calendar/calendar-page.tsx')],
  ['/computers', () => import('../pages/computers/computers-page.tsx')],
  ['/computers/:id', () => import('../pages/computer/computer-page.tsx')],
  ['/scripts', () => import('../pages/scripts/scripts-page.tsx')],
  ['/scripts/new', () => import('../pages/script-form/new-script-page.tsx')],
  ['/scripts/:id', () => import('../pages/script/script-page.tsx')],
  ['/scripts/:id/edit', () => import('../pages/script-form/edit-script-page.tsx')],
  ['/administration/*', () => import('../pages/administration/administration-page.tsx')],
];

const pages = loaders.map(([path, load]) => ({ path, Page: lazy(load) }));

/** Loads the page of the address while the console finds out whether there is a session. */
export function preloadPage(): void {
  const found = loaders.find(([path]) => matchPath(path, location.pathname));
  // Without it, the page is loaded when it is shown, and says why it cannot be.
  void found?.[1]().catch(() => undefined);
}

export function Pages() {
  return (
    <Routes>
      {pages.map(({ path, Page }) => (
        <Route key={path} path={path} element={<Page />} />
      ))}
      <Route path="*" element={<NotFoundPage />} />
    </Routes>
  );
}
