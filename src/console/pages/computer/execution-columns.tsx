import { Link } from 'react-router';
import { graphql, read } from '../../app/graphql.ts';
import { StatusChip } from '../../components/status-chip.tsx';
import type { Column } from '../../components/table/column.ts';
import { Time } from '../../components/time.tsx';
import { duration } from '../../format/duration.ts';
import { activityLooks } from '../../format/status.ts';
import type { FragmentType } from '../../generated/fragment-masking.ts';

const EXECUTION = graphql(`
  fragment ComputerExecutionRow on Activity {
    id
    status
    summary
    creationTime
    deliveryTime
    completionTime
    duration
    resultText(first: 300)
    parent { id databaseId summary scriptProfile { id databaseId title } }
  }
`);

type ComputerExecutionRow = { readonly id: string } & FragmentType<typeof EXECUTION>;

const row = (of: ComputerExecutionRow) => read(EXECUTION, of);

export const executionColumns: readonly Column<ComputerExecutionRow>[] = [
  {
    title: 'Run',
    cell: (of) => {
      const { parent, summary } = row(of);
      const profile = parent?.scriptProfile;
      return (
        <>
          {parent ? (
            <Link className="list__main" to={`/runs/${parent.databaseId}`}>
              {parent.summary}
            </Link>
          ) : (
            summary
          )}
          {profile && (
            <span className="list__detail">
              <Link to={`/profiles/${profile.databaseId}`}>{profile.title}</Link>
            </span>
          )}
        </>
      );
    },
  },
  { title: 'State', width: '8rem', cell: (of) => <StatusChip look={activityLooks[row(of).status]} /> },
  { title: 'Created', width: '11rem', cell: (of) => <Time at={row(of).creationTime} as="both" /> },
  {
    title: 'Ended',
    width: '8rem',
    cell: (of) => {
      const { completionTime } = row(of);
      return completionTime ? <Time at={completionTime} /> : <span className="u-text--muted">Not yet</span>;
    },
  },
  {
    title: 'Duration',
    width: '7rem',
    align: 'right',
    cell: (of) => {
      const { duration: seconds } = row(of);
      return seconds !== null && duration(seconds);
    },
  },
  {
    title: 'Output',
    width: '30%',
    cell: (of) => {
      const { resultText } = row(of);
      return <span className="list__detail is-output">{resultText?.trim().split('\n').at(-1)}</span>;
    },
  },
];
