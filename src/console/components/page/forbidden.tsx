import { permissionWords } from '../../format/permission.ts';
import type { AccountPermission, GroupPermission } from '../../generated/graphql.ts';
import { EmptyState } from './empty-state.tsx';

/** Says which permission the viewer lacks for a page or a part of one. */
export function Forbidden({ needs }: { readonly needs: GroupPermission | AccountPermission }) {
  return (
    <EmptyState title={`You need the permission “${permissionWords(needs)}”.`} icon="security">
      <p>Ask an administrator for a role that grants it.</p>
    </EmptyState>
  );
}
