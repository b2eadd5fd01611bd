import { useQuery } from '@apollo/client/react';
import { Link } from 'react-router';
import { graphql, read } from '../../app/graphql.ts';
import { EXPECTED_RUN } from '../../components/calendar/expected-run.ts';
import { byProfile, loadBy, localHour } from '../../components/calendar/load.ts';
import { ProfileRunsList } from '../../components/calendar/profile-runs-list.tsx';
import { useNow } from '../../components/live/use-now.ts';
import { Loaded } from '../../components/page/loaded.tsx';
import { Section } from '../../components/page/section.tsx';
import { count } from '../../format/count.ts';
import { HourStrip } from './hour-strip.tsx';

const NEXT_DAY = graphql(`
  query NextDay($to: DateTime!) {
    upcomingRuns(to: $to) { truncated runs { ...ExpectedRun } }
  }
`);

const HOUR_MS = 3_600_000;
const HOURS = 24;
const SHOWN = 8;

/** What comes in the next 24 hours, by hour and by profile. */
export function NextDay() {
  const thisHour = Math.floor(useNow() / HOUR_MS) * HOUR_MS;
  const to = new Date(thisHour + HOURS * HOUR_MS).toISOString();
  const result = useQuery(NEXT_DAY, { variables: { to } });
  const data = result.data ?? result.previousData;
  return (
    <Section title="Next 24 hours" aside={<Link to="/calendar">Calendar</Link>}>
      <Loaded of={{ ...result, data }} part={({ upcomingRuns }) => upcomingRuns}>
        {(upcoming) => {
          const runs = upcoming.runs.map((run) => read(EXPECTED_RUN, run));
          const profiles = byProfile(runs);
          if (runs.length === 0) return <p className="u-text--muted">No run is scheduled.</p>;
          return (
            <>
              <HourStrip
                hours={Array.from({ length: HOURS }, (_, index) => new Date(thisHour + index * HOUR_MS))}
                loads={loadBy(runs, localHour)}
              />
              <ProfileRunsList profiles={profiles} most={SHOWN} />
              {profiles.length > SHOWN && (
                <Link to="/calendar">{count(profiles.length - SHOWN, 'more profile')}</Link>
              )}
            </>
          );
        }}
      </Loaded>
    </Section>
  );
}
