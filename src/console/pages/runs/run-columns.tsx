import { Link } from 'react-router';
import { graphql, read } from '../../app/graphql.ts';
import { LiveProgress } from '../../components/live/live-progress.tsx';
import { RunDuration } from '../../components/live/run-duration.tsx';
import { StatusChip } from '../../components/status-chip.tsx';
import type { Column } from '../../components/table/column.ts';
import { Time } from '../../components/time.tsx';
import { activityLooks } from '../../format/status.ts';
import type { FragmentType } from '../../generated/fragment-masking.ts';

const ROW = graphql(`
  fragment RunRow on Activity {
    id
    databaseId
    summary
    status
    creationTime
    completionTime
    creator { id name }
    scriptProfile { id title }
    ...LiveProgress
    ...RunTimes
  }
`);

export type RunRow = { readonly id: string } & FragmentType<typeof ROW>;

const row = (of: RunRow) => read(ROW, of);

export const runColumns: readonly Column<RunRow>[] = [
  {
    title: 'Run',
    cell: (of) => {
      const { databaseId, summary, scriptProfile, creator } = row(of);
      return (
        <>
          <Link className="list__main" to={`/runs/${databaseId}`}>
            {scriptProfile?.title ?? summary}
          </Link>
          <span className="list__detail">
            Run {databaseId}
            {creator && `, started by ${creator.name}`}
          </span>
        </>
      );
    },
  },
  {
    title: 'State',
    width: '8rem',
    cell: (of) => <StatusChip look={activityLooks[row(of).status]} />,
  },
  {
    title: 'Computers',
    width: '22rem',
    cell: (of) => <LiveProgress run={row(of)} />,
  },
  {
    title: 'Started',
    width: '12rem',
    cell: (of) => <Time at={row(of).creationTime} as="both" />,
  },
  {
    title: 'Duration',
    width: '7rem',
    align: 'right',
    cell: (of) => <RunDuration run={row(of)} />,
  },
];
