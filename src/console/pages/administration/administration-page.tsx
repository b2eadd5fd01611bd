import { type ComponentType, type LazyExoticComponent, lazy, Suspense } from 'react';
import { Navigate, NavLink, Route, Routes, useLocation } from 'react-router';
import { may, useViewer } from '../../app/session/viewer.ts';
import { Forbidden } from '../../components/page/forbidden.tsx';
import { Loading } from '../../components/page/loading.tsx';
import { Page } from '../../components/page/page.tsx';
import { TabList } from '../../components/page/tab-list.tsx';
import type { AccountPermission, GroupPermission } from '../../generated/graphql.ts';

interface Area {
  readonly path: string;
  readonly label: string;
  /** Without it the area is for everybody. */
  readonly needs?: AccountPermission | GroupPermission;
  readonly Content: LazyExoticComponent<ComponentType>;
}

const areas: readonly Area[] = [
  {
    path: 'people',
    label: 'People',
    needs: 'VIEW_ROLE',
    Content: lazy(() => import('./people/people.tsx')),
  },
  { path: 'roles', label: 'Roles', needs: 'VIEW_ROLE', Content: lazy(() => import('./roles/roles.tsx')) },
  {
    path: 'access-groups',
    label: 'Access groups',
    Content: lazy(() => import('./access-groups/access-groups.tsx')),
  },
  {
    path: 'limits',
    label: 'Limits',
    needs: 'VIEW_SCRIPT_PROFILE',
    Content: lazy(() => import('./settings/limits.tsx')),
  },
  { path: 'enrolment', label: 'Enrolment', Content: lazy(() => import('./settings/enrolment.tsx')) },
  { path: 'access-keys', label: 'Access keys', Content: lazy(() => import('./settings/access-keys.tsx')) },
  {
    path: 'event-log',
    label: 'Event log',
    needs: 'VIEW_EVENT_LOG',
    Content: lazy(() => import('./event-log/event-log.tsx')),
  },
];

/** People, roles, groups and settings of the account. What the viewer may not view is not offered. */
export default function AdministrationPage() {
  const viewer = useViewer();
  const { pathname } = useLocation();
  const offered = areas.filter(({ needs }) => !needs || may(viewer, needs));
  const first = offered[0];
  if (!viewer || !first) return <Loading />;
  const current = offered.find(({ path }) => pathname.startsWith(`/administration/${path}`));
  return (
    <Page title={current ? `${current.label} · Administration` : 'Administration'} heading="Administration">
      <TabList label="Parts of the administration" current={current?.path}>
        {offered.map(({ path, label }) => (
          <li key={path} className="p-tabs__item">
            <NavLink className="p-tabs__link" to={`/administration/${path}`}>
              {label}
            </NavLink>
          </li>
        ))}
      </TabList>
      <Suspense fallback={<Loading />}>
        <Routes>
          <Route index element={<Navigate to={`/administration/${first.path}`} replace />} />
          {areas.map(({ path, needs, Content }) => (
            <Route
              key={path}
              path={`${path}/*`}
              element={!needs || may(viewer, needs) ? <Content /> : <Forbidden needs={needs} />}
            />
          ))}
          <Route path="*" element={<NotFoundPart />} />
        </Routes>
      </Suspense>
    </Page>
  );
}

const NotFoundPart = () => <p>The administration has no such part.</p>;
