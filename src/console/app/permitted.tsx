import type { ReactNode } from 'react';
import { Forbidden } from '../components/page/forbidden.tsx';
import { Page } from '../components/page/page.tsx';
import type { GroupPermission } from '../generated/graphql.ts';
import { may, useViewer } from './session/viewer.ts';

interface Props {
  /** Undefined for a page that decides for itself. */
  readonly needs: GroupPermission | undefined;
  readonly children: ReactNode;
}

/** A page for people who hold its permission somewhere. Others, such as those who follow a link, read what is missing. */
export function Permitted({ needs, children }: Props) {
  const viewer = useViewer();
  // The page begins to load together with the viewer.
  if (!needs || !viewer || may(viewer, needs)) return children;
  return (
    <Page title="Not permitted">
      <Forbidden needs={needs} />
    </Page>
  );
}
