import { useQuery } from '@apollo/client/react';
import type { AccountPermission, GroupPermission, ViewerQuery } from '../../generated/graphql.ts';
import { graphql } from '../graphql.ts';

const VIEWER = graphql(`
  query Viewer {
    viewer {
      id
      accountName
      roles
      hasPassword
      accountPermissions
      permissions { permission accessGroups { id name } }
      accounts { name title isDefault }
      person { id databaseId name email timeZone }
    }
  }
`);

export type Viewer = NonNullable<ViewerQuery['viewer']>;

/** The person who is logged in. Undefined until it is loaded. */
export function useViewer(): Viewer | undefined {
  return useQuery(VIEWER, { fetchPolicy: 'cache-first' }).data?.viewer ?? undefined;
}

/** Whether the person has a permission in at least one access group, or in the account as a whole. */
export function may(viewer: Viewer | undefined, permission: GroupPermission | AccountPermission): boolean {
  if (!viewer) return false;
  const isIn = (list: readonly string[]) => list.includes(permission);
  return isIn(viewer.accountPermissions) || isIn(viewer.permissions.map((held) => held.permission));
}

export const useMay = (permission: GroupPermission | AccountPermission): boolean =>
  may(useViewer(), permission);
