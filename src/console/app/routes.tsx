import { type ComponentType, type LazyExoticComponent, lazy } from 'react';
import { Route, Routes } from 'react-router';
import { NotFoundPage } from './not-found-page.tsx';

type Page = LazyExoticComponent<ComponentType>;

/** Each page is loaded when it is first opened. The paths are deep links, so they stay. */
const pages: readonly (readonly [path: string, page: Page])[] = [
  ['/', lazy(() => import('../pages/overview/overview-page.tsx'))],
  ['/profiles', lazy(() => import('../pages/profiles/profiles-page.tsx'))],
  ['/profiles/new', lazy(() => import('../pages/profile-form/new-profile-page.tsx'))],
  ['/profiles/:id', lazy(() => import('../pages/profile/profile-page.tsx'))],
  ['/profiles/:id/edit', lazy(() => import('../pages/profile-form/edit-profile-page.tsx'))],
  ['/runs', lazy(() => import('../pages/runs/runs-page.tsx'))],
  ['/runs/:id', lazy(() => import('../pages/run/run-page.tsx'))],
  ['/calendar', lazy(() => import('../pages/calendar/calendar-page.tsx'))],
  ['/computers', lazy(() => import('../pages/computers/computers-page.tsx'))],
  ['/computers/:id', lazy(() => import('../pages/computer/computer-page.tsx'))],
  ['/scripts', lazy(() => import('../pages/scripts/scripts-page.tsx'))],
  ['/scripts/new', lazy(() => import('../pages/script-form/new-script-page.tsx'))],
  ['/scripts/:id', lazy(() => import('../pages/script/script-page.tsx'))],
  ['/scripts/:id/edit', lazy(() => import('../pages/script-form/edit-script-page.tsx'))],
  ['/administration/*', lazy(() => import('../pages/administration/administration-page.tsx'))],
];

export function Pages() {
  return (
    <Routes>
      {pages.map(([path, Page]) => (
        <Route key={path} path={path} element={<Page />} />
      ))}
      <Route path="*" element={<NotFoundPage />} />
    </Routes>
  );
}
