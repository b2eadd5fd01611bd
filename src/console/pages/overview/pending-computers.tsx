import { Link } from 'react-router';
import { graphql, read } from '../../app/graphql.ts';
import { Time } from '../../components/time.tsx';
import { count } from '../../format/count.ts';
import type { FragmentType } from '../../generated/fragment-masking.ts';
import { AttentionItem } from './attention-item.tsx';

const PENDING = graphql(`
  fragment PendingComputers on ComputerConnection {
    totalCount
    edges { node { id databaseId title createdAt } }
  }
`);

/** Computers that wait to be accepted. */
export function PendingComputers({ computers }: { readonly computers: FragmentType<typeof PENDING> }) {
  const { totalCount, edges } = read(PENDING, computers);
  if (totalCount === 0) return null;
  const rest = totalCount - edges.length;
  return (
    <AttentionItem
      tone="busy"
      title={`${totalCount === 1 ? 'Waits' : 'Wait'} to be accepted: ${count(totalCount, 'computer')}`}
      more={<Link to="/computers?tab=pending">Accept or reject</Link>}
    >
      <ul className="attention__names">
        {edges.map(({ node: { id, databaseId, title, createdAt } }) => (
          <li key={id}>
            <Link to={`/computers/${databaseId}`}>{title}</Link>{' '}
            <span className="u-text--muted">
              enrolled <Time at={createdAt} as="relative" />
            </span>
          </li>
        ))}
        {rest > 0 && <li className="u-text--muted">and {count(rest, 'other')}</li>}
      </ul>
    </AttentionItem>
  );
}
