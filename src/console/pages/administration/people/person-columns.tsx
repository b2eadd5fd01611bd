import { ContextualMenu, type MenuLink } from '@canonical/react-components';
import { Link } from 'react-router';
import { graphql, read } from '../../../app/graphql.ts';
import { StatusChip } from '../../../components/status-chip.tsx';
import type { Column } from '../../../components/table/column.ts';
import { Time } from '../../../components/time.tsx';
import type { Look } from '../../../format/status.ts';
import type { FragmentType } from '../../../generated/fragment-masking.ts';

export const PERSON_ROW = graphql(`
  fragment PersonRow on Person {
    id
    databaseId
    name
    email
    version
    createdAt
    hasPassword
    passwordLinkExpiresAt
    roles { id databaseId name }
  }
`);

export type PersonRow = { readonly id: string } & FragmentType<typeof PERSON_ROW>;

const row = (of: PersonRow) => read(PERSON_ROW, of);

const looks = {
  active: { label: 'Active', tone: 'good' },
  invited: { label: 'Invited', tone: 'waiting' },
  expired: { label: 'Invitation expired', tone: 'bad' },
  outside: { label: 'No password', tone: 'off' },
} as const satisfies Record<string, Look>;

interface Actions {
  readonly mayChange: boolean;
  /** What the viewer may do with a person. */
  readonly actionsFor: (person: ReturnType<typeof row>) => MenuLink[];
}

export const personColumns = ({ mayChange, actionsFor }: Actions): readonly Column<PersonRow>[] => [
  {
    title: 'Person',
    order: 'NAME',
    cell: (of) => {
      const { name, email } = row(of);
      return (
        <>
          <span className="list__main">{name}</span>
          <span className="list__detail">{email}</span>
        </>
      );
    },
  },
  {
    title: 'Roles',
    width: '28%',
    cell: (of) => {
      const { roles } = row(of);
      if (!roles || roles.length === 0) return <span className="u-text--muted">None</span>;
      return (
        <span className="tags">
          {roles.map(({ id, databaseId, name }) => (
            <Link key={id} className="tag" to={`/administration/roles/${databaseId}`}>
              {name}
            </Link>
          ))}
        </span>
      );
    },
  },
  {
    title: 'Log-in',
    width: '18rem',
    cell: (of) => {
      const { hasPassword, passwordLinkExpiresAt: until } = row(of);
      const isExpired = until !== null && Date.parse(until) < Date.now();
      if (hasPassword)
        return (
          <span className="last-run">
            <StatusChip look={looks.active} />
            {until && !isExpired && <span className="u-text--muted">new password link sent</span>}
          </span>
        );
      if (until === null)
        return <StatusChip look={looks.outside} note="Invite again, or use an outside issuer." />;
      return (
        <span className="last-run">
          <StatusChip look={isExpired ? looks.expired : looks.invited} />
          {!isExpired && (
            <span className="u-text--muted">
              link ends <Time at={until} as="relative" />
            </span>
          )}
        </span>
      );
    },
  },
  {
    title: 'Since',
    order: 'CREATED_AT',
    width: '9rem',
    cell: (of) => {
      const { createdAt } = row(of);
      return createdAt && <Time at={createdAt} />;
    },
  },
  {
    title: 'Actions',
    width: '7rem',
    cell: (of) =>
      mayChange && (
        <ContextualMenu
          hasToggleIcon
          toggleLabel="Change"
          toggleClassName="is-dense is-small"
          toggleProps={{ 'aria-label': `Change ${row(of).name}` }}
          position="right"
          links={actionsFor(row(of))}
        />
      ),
  },
];
