import { Link, useSearchParams } from 'react-router';
import { byProfile, type ExpectedRun, localHour } from '../../components/calendar/load.ts';
import { ProfileRunsList } from '../../components/calendar/profile-runs-list.tsx';
import { Section } from '../../components/page/section.tsx';
import { dayName, localDay } from '../../format/time.ts';
import type { View } from './period.ts';

interface Props {
  readonly runs: readonly ExpectedRun[];
  /** Key of the chosen hour or day. Undefined for the whole period. */
  readonly chosen: string | undefined;
  readonly view: View;
}

/** The profiles that run in the chosen cell, or in the whole period. */
export function Details({ runs, chosen, view }: Props) {
  const [params] = useSearchParams();
  const keyOf = chosen?.includes('T') ? localHour : localDay;
  const own = chosen ? runs.filter(({ at }) => keyOf(new Date(at)) === chosen) : runs;
  const whole = new URLSearchParams(params);
  whole.delete('at');
  return (
    <Section
      title={chosen ? nameOf(chosen) : `All profiles of this ${view}`}
      aside={chosen && <Link to={{ search: whole.toString() }}>Whole {view}</Link>}
    >
      {own.length === 0 ? (
        <p className="u-text--muted">No run is scheduled.</p>
      ) : (
        <ProfileRunsList profiles={byProfile(own)} />
      )}
    </Section>
  );
}

function nameOf(chosen: string): string {
  const [day = '', hour] = chosen.split('T');
  const at = new Date(`${day}T00:00`);
  const name = Number.isNaN(at.getTime()) ? day : dayName(at.toISOString());
  return hour === undefined ? name : `${name}, ${hour}:00 to ${hour}:59`;
}
