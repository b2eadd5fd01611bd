import { Link } from 'react-router';
import { graphql, read } from '../../app/graphql.ts';
import { Section } from '../../components/page/section.tsx';
import { StatusChip } from '../../components/status-chip.tsx';
import { Tags } from '../../components/tags.tsx';
import { Time } from '../../components/time.tsx';
import { count } from '../../format/count.ts';
import { profileLooks } from '../../format/status.ts';
import { triggerWords } from '../../format/trigger.ts';
import type { FragmentType } from '../../generated/fragment-masking.ts';

const TARGETS = graphql(`
  fragment ComputerTargets on Computer {
    id
    targetedBy {
      allComputers
      tags
      scriptProfile {
        id
        databaseId
        title
        state
        pauseNote
        nextRun
        accessGroup { id title }
        trigger { ...TriggerWords }
      }
    }
  }
`);

/** The profiles whose next run reaches the computer, each with the reason. */
export function TargetedBy({ computer }: { readonly computer: FragmentType<typeof TARGETS> }) {
  const { targetedBy } = read(TARGETS, computer);
  return (
    <Section
      title="Why scripts run here"
      aside={<span className="section__note">{count(targetedBy.length, 'profile')}</span>}
    >
      {targetedBy.length === 0 ? (
        <p className="u-text--muted">
          No script profile reaches this computer. Give it a tag that a profile has.
        </p>
      ) : (
        <table className="list" aria-label="Profiles that reach this computer">
          <thead>
            <tr>
              <th scope="col">Profile</th>
              <th scope="col">Because</th>
              <th scope="col">State</th>
              <th scope="col">Next run</th>
            </tr>
          </thead>
          <tbody>
            {targetedBy.map(({ allComputers, tags, scriptProfile: profile }) => (
              <tr key={profile.id}>
                <th scope="row">
                  <Link className="list__main" to={`/profiles/${profile.databaseId}`}>
                    {profile.title}
                  </Link>
                  <span className="list__detail">{triggerWords(profile.trigger)}</span>
                </th>
                <td data-heading="Because">
                  {allComputers ? (
                    `it runs on all computers of ${profile.accessGroup.title}`
                  ) : (
                    <span>
                      {tags.length === 1 ? 'of the tag' : 'of the tags'} <Tags tags={tags} />
                    </span>
                  )}
                </td>
                <td data-heading="State">
                  <StatusChip look={profileLooks[profile.state]} note={profile.pauseNote} />
                </td>
                <td data-heading="Next run">
                  {profile.nextRun ? (
                    <Time at={profile.nextRun} as="both" />
                  ) : (
                    <span className="u-text--muted">None</span>
                  )}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </Section>
  );
}
