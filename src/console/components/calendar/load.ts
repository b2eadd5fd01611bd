import { localDay } from '../../format/time.ts';

/** An expected run, as the calendar counts it. */
export interface ExpectedRun {
  readonly at: string;
  readonly expectedComputers: number;
  readonly conflicting: boolean;
  readonly scriptProfile: { readonly id: string; readonly databaseId: number; readonly title: string };
}

/** The runs in an hour or on a day. */
export interface Load {
  readonly runs: readonly ExpectedRun[];
  readonly executions: number;
  readonly isConflicting: boolean;
}

/** Key of the hour in the viewer's zone: `2026-12-01T14`. It begins with the key of its day. */
export const localHour = (at: Date): string => `${localDay(at)}T${String(at.getHours()).padStart(2, '0')}`;

/** The load of each hour or day. One that is missing has no runs. */
export function loadBy(runs: readonly ExpectedRun[], keyOf: (at: Date) => string): ReadonlyMap<string, Load> {
  const groups = groupBy(runs, ({ at }) => keyOf(new Date(at)));
  return new Map([...groups].map(([key, own]) => [key, loadOf(own)]));
}

/** Share of the colour, in percent. Loads differ by powers of ten, so it grows with the logarithm. */
export function heatOf(executions: number, most: number): number {
  return Math.round(8 + 47 * (Math.log1p(executions) / Math.log1p(Math.max(most, 1))));
}

export interface ProfileRuns extends Load {
  readonly scriptProfile: ExpectedRun['scriptProfile'];
}

/** The runs of each profile, in the order of the first. */
export const byProfile = (runs: readonly ExpectedRun[]): ProfileRuns[] =>
  [...groupBy(runs, ({ scriptProfile }) => scriptProfile.id).values()].map((own) => ({
    ...loadOf(own),
    scriptProfile: own[0]!.scriptProfile,
  }));

const loadOf = (runs: readonly ExpectedRun[]): Load => ({
  runs,
  executions: runs.reduce((sum, { expectedComputers }) => sum + expectedComputers, 0),
  isConflicting: runs.some(({ conflicting }) => conflicting),
});

function groupBy(
  runs: readonly ExpectedRun[],
  keyOf: (run: ExpectedRun) => string,
): Map<string, ExpectedRun[]> {
  const groups = new Map<string, ExpectedRun[]>();
  for (const run of runs) {
    const key = keyOf(run);
    const group = groups.get(key);
    if (group) group.push(run);
    else groups.set(key, [run]);
  }
  return groups;
}
