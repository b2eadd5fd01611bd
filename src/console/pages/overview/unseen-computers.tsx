import { Link } from 'react-router';
import { graphql, read } from '../../app/graphql.ts';
import { Time } from '../../components/time.tsx';
import { count } from '../../format/count.ts';
import type { FragmentType } from '../../generated/fragment-masking.ts';
import { AttentionItem } from './attention-item.tsx';

const UNSEEN = graphql(`
  fragment UnseenComputers on ComputerConnection {
    totalCount
    edges { node { id databaseId title lastSeenAt } }
  }
`);

/** Computers that have not been seen for a week. Their executions wait for them. */
export function UnseenComputers({ computers }: { readonly computers: FragmentType<typeof UNSEEN> }) {
  const { totalCount, edges } = read(UNSEEN, computers);
  if (totalCount === 0) return null;
  const rest = totalCount - edges.length;
  return (
    <AttentionItem
      tone="waiting"
      title={`Not seen for 7 days: ${count(totalCount, 'computer')}`}
      more={<Link to="/computers?seen=offline">All computers that are offline</Link>}
    >
      <ul className="attention__names">
        {edges.map(({ node: { id, databaseId, title, lastSeenAt } }) => (
          <li key={id}>
            <Link to={`/computers/${databaseId}`}>{title}</Link>{' '}
            <span className="u-text--muted">
              {lastSeenAt ? <Time at={lastSeenAt} as="relative" /> : 'never seen'}
            </span>
          </li>
        ))}
        {rest > 0 && <li className="u-text--muted">and {count(rest, 'other')}</li>}
      </ul>
    </AttentionItem>
  );
}
