import { useQuery } from '@apollo/client/react';
import { Link } from 'react-router';
import { graphql } from '../../app/graphql.ts';

const ENROLMENT_PROFILES = graphql(`
  query EnrolmentProfiles {
    scriptProfiles(first: 10, filter: { triggerTypes: [EVENT], states: [ACTIVE] }) {
      totalCount
      edges { node { id databaseId title allComputers tags } }
    }
  }
`);

/** Profiles that run when a computer is accepted. */
export function EnrolmentProfiles() {
  const connection = useQuery(ENROLMENT_PROFILES).data?.scriptProfiles;
  if (!connection || connection.totalCount === 0) return null;
  return (
    <section className="preview" aria-label="Consequences">
      <h3 className="preview__title">What runs when a computer is accepted</h3>
      <ul className="effects">
        {connection.edges.map(({ node: { id, databaseId, title, allComputers, tags } }) => (
          <li key={id}>
            <Link to={`/profiles/${databaseId}`}>{title}</Link>{' '}
            <span className="u-text--muted">
              {allComputers
                ? 'on every computer of its access group'
                : `on computers with the tag ${tags.join(' or ')}`}
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}
