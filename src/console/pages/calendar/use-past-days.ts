import { useQuery } from '@apollo/client/react';
import { graphql, read } from '../../app/graphql.ts';
import { localDay, viewerZone } from '../../format/time.ts';
import { addDays, type Period } from './period.ts';

const PAST_DAYS = graphql(`
  query PastDays($from: DateTime!, $to: DateTime!, $timeZone: String) {
    past: accountStatistics(from: $from, to: $to, timeZone: $timeZone) { days { ...PastDay } }
  }
`);

const DAY = graphql(`
  fragment PastDay on DailyRunTotals { startsAt runs failed }
`);

export interface PastDay {
  readonly runs: number;
  readonly failed: number;
}

/** What ran on the days of the period that have begun, by the key of the day. */
export function usePastDays({ from, to }: Period, now: number): ReadonlyMap<string, PastDay> {
  const tomorrow = addDays(new Date(new Date(now).setHours(0, 0, 0, 0)), 1);
  const until = to < tomorrow ? to : tomorrow;
  const { data } = useQuery(PAST_DAYS, {
    variables: { from: from.toISOString(), to: until.toISOString(), timeZone: viewerZone },
    skip: from >= until,
  });
  const days = (data?.past?.days ?? []).map((day) => read(DAY, day));
  return new Map(days.map((day) => [localDay(new Date(day.startsAt)), day]));
}
