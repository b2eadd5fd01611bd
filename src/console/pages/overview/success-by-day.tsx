import { useQuery } from '@apollo/client/react';
import { graphql, read } from '../../app/graphql.ts';
import { BarChart, type BarPart } from '../../components/charts/bar-chart.tsx';
import { Loaded } from '../../components/page/loaded.tsx';
import { Section } from '../../components/page/section.tsx';
import { count, percent, wholeNumber } from '../../format/count.ts';
import { dayName, localDay, viewerZone } from '../../format/time.ts';

const BY_DAY = graphql(`
  query SuccessByDay($timeZone: String) {
    month: accountStatistics(lastDays: 30, timeZone: $timeZone) {
      total { runs failed successRate }
      days { ...DayOfOverview }
    }
  }
`);

const DAY = graphql(`
  fragment DayOfOverview on DailyRunTotals { startsAt succeeded failed canceled inProgress }
`);

const parts: readonly BarPart[] = [
  { name: 'succeeded', tone: 'good' },
  { name: 'failed', tone: 'bad' },
  { name: 'canceled', tone: 'off' },
  { name: 'in progress', tone: 'busy' },
];

/** How the runs of the last 30 days ended. A day leads to its runs. */
export function SuccessByDay() {
  const result = useQuery(BY_DAY, { variables: { timeZone: viewerZone } });
  return (
    <Section title="Runs by day" aside={<Legend />}>
      <Loaded of={result} part={({ month }) => month}>
        {({ total, days }) => {
          const each = days.map((day) => read(DAY, day));
          return (
            <>
              <p className="overview__figure">
                {total.successRate === null ? (
                  'No execution has ended in the last 30 days.'
                ) : (
                  <>
                    <strong>{percent(total.successRate)}</strong> of executions succeeded in the last 30 days:{' '}
                    {count(total.runs, 'run')}, {wholeNumber(total.failed)} with failures.
                  </>
                )}
              </p>
              <BarChart
                label="Runs by day and outcome"
                parts={parts}
                bars={each.map(({ startsAt, succeeded, failed, canceled, inProgress }) => ({
                  label: dayName(startsAt),
                  amounts: [succeeded, failed, canceled, inProgress],
                }))}
                to={(index) => `/runs?day=${localDay(new Date(each[index]!.startsAt))}`}
              />
            </>
          );
        }}
      </Loaded>
    </Section>
  );
}

const Legend = () => (
  <span className="legend">
    {parts.map(({ name, tone }) => (
      <span key={name} className={`legend__item is-${tone}`}>
        {name}
      </span>
    ))}
  </span>
);
