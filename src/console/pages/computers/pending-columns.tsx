import { Button } from '@canonical/react-components';
import { Link } from 'react-router';
import { graphql, read } from '../../app/graphql.ts';
import type { Selection } from '../../components/live/use-selection.ts';
import type { Column } from '../../components/table/column.ts';
import { Tags } from '../../components/tags.tsx';
import { Time } from '../../components/time.tsx';
import { distributionWords } from '../../format/distribution.ts';
import type { FragmentType } from '../../generated/fragment-masking.ts';
import { ComputerName } from './computer-name.tsx';
import { Seen } from './seen.tsx';

export const PENDING_ROW = graphql(`
  fragment PendingRow on Computer {
    id
    databaseId
    title
    hostname
    tags
    createdAt
    accessGroup { id name title }
    distribution { ...DistributionWords }
    possibleDuplicateOf { id databaseId title ...Seen }
    viewerPermissions { canAccept { allowed } canReject { allowed } }
  }
`);

export type PendingRow = { readonly id: string } & FragmentType<typeof PENDING_ROW>;

const row = (of: PendingRow) => read(PENDING_ROW, of);

/** Whether the viewer may accept or reject the computer. */
export const isForDecision = ({ viewerPermissions: { canAccept, canReject } }: ReturnType<typeof row>) =>
  canAccept.allowed || canReject.allowed;

interface Actions {
  readonly selection: Selection;
  readonly accept: (id: string) => void;
  readonly reject: (id: string) => void;
}

export const pendingColumns = ({ selection, accept, reject }: Actions): readonly Column<PendingRow>[] => [
  {
    title: 'Computer',
    order: 'TITLE',
    cell: (of) => {
      const computer = row(of);
      return <ComputerName computer={computer} selection={isForDecision(computer) ? selection : undefined} />;
    },
  },
  {
    title: 'Enrolled',
    order: 'CREATED_AT',
    width: '11rem',
    cell: (of) => <Time at={row(of).createdAt} as="both" />,
  },
  { title: 'Asks for tags', width: '14%', cell: (of) => <Tags tags={row(of).tags} /> },
  { title: 'Asks for group', width: '8rem', cell: (of) => row(of).accessGroup.title },
  {
    title: 'Distribution',
    width: '10rem',
    cell: (of) => {
      const { distribution } = row(of);
      return distribution ? distributionWords(distribution) : <span className="u-text--muted">Unknown</span>;
    },
  },
  {
    title: 'Duplicate of',
    width: '11rem',
    cell: (of) => {
      const { possibleDuplicateOf: older } = row(of);
      if (!older) return <span className="u-text--muted">None known</span>;
      return (
        <span className="last-run">
          <Link to={`/computers/${older.databaseId}`}>{older.title}</Link>
          <Seen computer={older} />
        </span>
      );
    },
  },
  {
    title: 'Decision',
    width: '10rem',
    cell: (of) => {
      const { id, title, viewerPermissions } = row(of);
      return (
        <span className="row-actions">
          {viewerPermissions.canAccept.allowed && (
            <Button dense small appearance="positive" onClick={() => accept(id)}>
              Accept<span className="u-off-screen"> {title}</span>
            </Button>
          )}
          {viewerPermissions.canReject.allowed && (
            <Button dense small onClick={() => reject(id)}>
              Reject<span className="u-off-screen"> {title}</span>
            </Button>
          )}
        </span>
      );
    },
  },
];
