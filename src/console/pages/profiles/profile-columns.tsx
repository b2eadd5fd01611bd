import { Link } from 'react-router';
import { graphql, read } from '../../app/graphql.ts';
import { ResultStrip } from '../../components/result-strip.tsx';
import { StatusChip } from '../../components/status-chip.tsx';
import type { Column } from '../../components/table/column.ts';
import { Time } from '../../components/time.tsx';
import { wholeNumber } from '../../format/count.ts';
import { activityLooks, profileLooks } from '../../format/status.ts';
import { triggerWords } from '../../format/trigger.ts';
import type { FragmentType } from '../../generated/fragment-masking.ts';

const ROW = graphql(`
  fragment ProfileRow on ScriptProfile {
    id
    databaseId
    title
    state
    pauseNote
    nextRun
    lastRun
    lastRunStatus
    numAssociatedComputers
    trigger { ...TriggerWords }
    lastActivity { id databaseId status }
    runStatistics(lastDays: 7, timeZone: $timeZone) { days { ...ResultDay } }
  }
`);

export type ProfileRow = { readonly id: string } & FragmentType<typeof ROW>;

const row = (of: ProfileRow) => read(ROW, of);

export const profileColumns: readonly Column<ProfileRow>[] = [
  {
    title: 'Profile',
    order: 'TITLE',
    cell: (of) => {
      const { databaseId, title, trigger } = row(of);
      return (
        <>
          <Link className="list__main" to={`/profiles/${databaseId}`}>
            {title}
          </Link>
          <span className="list__detail">{triggerWords(trigger)}</span>
        </>
      );
    },
  },
  {
    title: 'State',
    width: '7rem',
    cell: (of) => <StatusChip look={profileLooks[row(of).state]} note={row(of).pauseNote} />,
  },
  {
    title: 'Last 7 days',
    width: '8.5rem',
    cell: (of) => <ResultStrip days={row(of).runStatistics.days} />,
  },
  {
    title: 'Last run',
    order: 'LAST_RUN',
    width: '15rem',
    cell: (of) => {
      const { lastRun, lastRunStatus, lastActivity } = row(of);
      if (!lastRun) return <span className="u-text--muted">Never</span>;
      return (
        <span className="last-run">
          {lastRunStatus && <StatusChip look={activityLooks[lastActivity?.status ?? lastRunStatus]} />}
          {lastActivity ? (
            <Link to={`/runs/${lastActivity.databaseId}`}>
              <Time at={lastRun} />
            </Link>
          ) : (
            <Time at={lastRun} />
          )}
        </span>
      );
    },
  },
  {
    title: 'Next run',
    order: 'NEXT_RUN',
    width: '11rem',
    cell: (of) => {
      const { nextRun } = row(of);
      return nextRun ? <Time at={nextRun} as="both" /> : <span className="u-text--muted">None</span>;
    },
  },
  {
    title: 'Computers',
    order: 'NUM_COMPUTERS',
    width: '7rem',
    align: 'right',
    cell: (of) => wholeNumber(row(of).numAssociatedComputers),
  },
];
