import { Link } from 'react-router';
import { graphql, read } from '../../app/graphql.ts';
import type { Selection } from '../../components/live/use-selection.ts';
import { StatusChip } from '../../components/status-chip.tsx';
import type { Column } from '../../components/table/column.ts';
import { Tags } from '../../components/tags.tsx';
import { Time } from '../../components/time.tsx';
import { distributionWords } from '../../format/distribution.ts';
import { activityLooks } from '../../format/status.ts';
import type { FragmentType } from '../../generated/fragment-masking.ts';
import { ComputerName } from './computer-name.tsx';
import { Seen } from './seen.tsx';

export const COMPUTER_ROW = graphql(`
  fragment ComputerRow on Computer {
    id
    databaseId
    title
    hostname
    tags
    accessGroup { id name title }
    distribution { ...DistributionWords }
    ...Seen
    lastExecution { id status creationTime completionTime parent { id databaseId summary } }
    viewerPermissions { canRetag { allowed } }
  }
`);

export type ComputerRow = { readonly id: string } & FragmentType<typeof COMPUTER_ROW>;

const row = (of: ComputerRow) => read(COMPUTER_ROW, of);

/** Columns of the list. Without a selection, computers cannot be chosen. */
export const computerColumns = (selection?: Selection): readonly Column<ComputerRow>[] => [
  {
    title: 'Computer',
    order: 'TITLE',
    cell: (of) => <ComputerName computer={row(of)} selection={selection} />,
  },
  { title: 'Last seen', width: '9.5rem', cell: (of) => <Seen computer={row(of)} /> },
  {
    title: 'Tags',
    width: '17%',
    cell: (of) => <Tags tags={row(of).tags} to={(tag) => `/computers?tag=${encodeURIComponent(tag)}`} />,
  },
  { title: 'Access group', width: '9rem', cell: (of) => row(of).accessGroup.title },
  {
    title: 'Distribution',
    width: '10.5rem',
    cell: (of) => {
      const { distribution } = row(of);
      return distribution ? distributionWords(distribution) : <span className="u-text--muted">Unknown</span>;
    },
  },
  {
    title: 'Last execution',
    width: '14rem',
    cell: (of) => {
      const { lastExecution } = row(of);
      if (!lastExecution) return <span className="u-text--muted">None</span>;
      const { status, creationTime, completionTime, parent } = lastExecution;
      const time = <Time at={completionTime ?? creationTime} />;
      return (
        <span className="last-run">
          <StatusChip look={activityLooks[status]} note={parent?.summary} />
          {parent ? <Link to={`/runs/${parent.databaseId}`}>{time}</Link> : time}
        </span>
      );
    },
  },
];
