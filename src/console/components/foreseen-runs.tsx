import { graphql, read } from '../app/graphql.ts';
import { count } from '../format/count.ts';
import { passedOverReasons } from '../format/slot.ts';
import { localDay, relativeTime } from '../format/time.ts';
import type { FragmentType } from '../generated/fragment-masking.ts';
import { useNow } from './live/use-now.ts';
import { Time } from './time.tsx';
import { Timeline } from './timeline.tsx';

const RUN = graphql(`
  fragment ForeseenRun on ForeseenRun {
    at
    slot
    mayRunUntil
    expectedComputers
    passedOver { ...PassedOver }
  }
`);

const PASSED_OVER = graphql(`
  fragment PassedOver on PassedOverSlots { firstSlot lastSlot number reason }
`);

interface Props {
  readonly runs: readonly FragmentType<typeof RUN>[];
  /** Number of runs in the list. The line of time has all. */
  readonly listed?: number;
}

/** The next runs as they will really happen: on a line of time, and as a list with the slots that get no run. */
export function ForeseenRuns({ runs, listed = 5 }: Props) {
  const now = useNow();
  const all = runs.map((run) => read(RUN, run));
  const last = all.at(-1);
  if (!last) return null;
  // A single run stands in the middle, and the last of several near the end.
  const end = now + (Date.parse(last.at) - now) * (all.length === 1 ? 2 : 1.05) + 60_000;
  const items = all.map(({ at, expectedComputers }) => ({
    key: at,
    at,
    label: count(expectedComputers, 'computer'),
  }));
  return (
    <>
      <Timeline
        label="Next runs on a line of time"
        from={new Date(now).toISOString()}
        to={new Date(end).toISOString()}
        items={items.filter(({ at }) => Date.parse(at) >= now)}
      />
      <ol className="foreseen" aria-label="Next runs">
        {all.slice(0, listed).map(({ at, expectedComputers, passedOver }) => (
          <li key={at} className="foreseen__run">
            <span className="foreseen__time">
              <Time at={at} />
            </span>
            <span className="u-text--muted">{relativeTime(at, now)}</span>
            <span className="foreseen__computers">{count(expectedComputers, 'computer')}</span>
            {passedOver.map((slots) => (
              <PassedOver key={read(PASSED_OVER, slots).firstSlot} slots={slots} />
            ))}
          </li>
        ))}
      </ol>
    </>
  );
}

/** Slots that get no run, with the reason. */
export function PassedOver({ slots }: { readonly slots: FragmentType<typeof PASSED_OVER> }) {
  const { firstSlot, lastSlot, number, reason } = read(PASSED_OVER, slots);
  const today = localDay(new Date(useNow()));
  const isToday = (at: string) => localDay(new Date(at)) === today;
  return (
    <span className="foreseen__passed">
      {number === 1 ? (
        <>
          Slot <Time at={firstSlot} /> gets no run
        </>
      ) : (
        <>
          {count(number, 'slot')} from <Time at={firstSlot} /> to{' '}
          {isToday(lastSlot) && !isToday(firstSlot) && 'today '}
          <Time at={lastSlot} /> get no run
        </>
      )}
      : {passedOverReasons[reason]}
    </span>
  );
}
