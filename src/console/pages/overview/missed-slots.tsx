import { Link } from 'react-router';
import { graphql, read } from '../../app/graphql.ts';
import { Time } from '../../components/time.tsx';
import { count } from '../../format/count.ts';
import { slotReasons } from '../../format/slot.ts';
import type { FragmentType } from '../../generated/fragment-masking.ts';
import { AttentionItem } from './attention-item.tsx';

const MISSED = graphql(`
  fragment MissedSlotsOfProfile on MissedSlots {
    number
    lastSlot
    reason
    scriptProfile { id databaseId title }
  }
`);

/** Profiles that did not run at times of their schedule, although they were active. */
export function MissedSlots({ profiles }: { readonly profiles: readonly FragmentType<typeof MISSED>[] }) {
  if (profiles.length === 0) return null;
  const missed = profiles.map((each) => read(MISSED, each));
  return (
    <AttentionItem tone="waiting" title="Missed scheduled runs in the last 7 days">
      <ul className="attention__list">
        {missed.map(({ number, lastSlot, reason, scriptProfile: { id, databaseId, title } }) => (
          <li key={id}>
            <Link to={`/profiles/${databaseId}?tab=slots`}>{title}</Link> missed {count(number, 'run')}, last{' '}
            <Time at={lastSlot} />. <span className="u-text--muted">{slotReasons[reason]}</span>
          </li>
        ))}
      </ul>
    </AttentionItem>
  );
}
