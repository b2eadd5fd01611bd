import { Link } from 'react-router';
import { graphql, read } from '../../app/graphql.ts';
import { Fact, Facts } from '../../components/page/facts.tsx';
import { StatusChip } from '../../components/status-chip.tsx';
import { Tags } from '../../components/tags.tsx';
import { Time } from '../../components/time.tsx';
import { count } from '../../format/count.ts';
import { duration } from '../../format/duration.ts';
import { activityLooks } from '../../format/status.ts';
import { triggerWords } from '../../format/trigger.ts';
import type { FragmentType } from '../../generated/fragment-masking.ts';

const FACTS = graphql(`
  fragment ProfileFacts on ScriptProfile {
    id
    databaseId
    allComputers
    tags
    numAssociatedComputers
    username
    timeLimit
    deliverWithin
    overlap
    nextRun
    lastRun
    lastRunStatus
    createdAt
    lastEditedAt
    createdBy { id name }
    accessGroup { id title }
    scriptId
    script { id databaseId title status }
    trigger { __typename ...TriggerWords ... on RecurringTrigger { interval startAfter } }
    lastActivity { id databaseId status }
  }
`);

export type FactsOfProfile = FragmentType<typeof FACTS>;

/** What the profile runs, for whom, when and how. */
export function ProfileFacts({ profile }: { readonly profile: FactsOfProfile }) {
  const one = read(FACTS, profile);
  const { trigger, script, lastRun, lastActivity } = one;
  const status = lastActivity?.status ?? one.lastRunStatus;
  return (
    <Facts>
      <Fact name="Trigger">
        {triggerWords(trigger)}
        {trigger.__typename === 'RecurringTrigger' && (
          <>
            {' '}
            <code>{trigger.interval}</code>
          </>
        )}
      </Fact>
      <Fact name="Next run">{one.nextRun ? <Time at={one.nextRun} as="both" /> : 'None'}</Fact>
      <Fact name="Last run">
        {lastRun ? (
          <span className="last-run">
            {status && <StatusChip look={activityLooks[status]} />}
            {lastActivity ? (
              <Link to={`/runs/${lastActivity.databaseId}`}>
                <Time at={lastRun} />
              </Link>
            ) : (
              <Time at={lastRun} />
            )}
          </span>
        ) : (
          'Never'
        )}
      </Fact>
      <Fact name="Targets">
        {one.allComputers ? (
          `All computers in ${one.accessGroup.title}`
        ) : (
          <Tags tags={one.tags} to={(tag) => `/profiles?tag=${encodeURIComponent(tag)}`} />
        )}{' '}
        {trigger.__typename !== 'EventTrigger' && (
          <Link to="?tab=targets">{count(one.numAssociatedComputers, 'computer')}</Link>
        )}
      </Fact>
      <Fact name="Script">
        {script ? (
          <Link to={`/scripts/${script.databaseId}`}>{script.title}</Link>
        ) : (
          `Script ${one.scriptId}, which you may not view`
        )}
        {script && script.status !== 'ACTIVE' && ` (${script.status.toLowerCase()})`}
      </Fact>
      <Fact name="Runs as">
        <code>{one.username}</code>
      </Fact>
      <Fact name="Time limit">{duration(one.timeLimit)}</Fact>
      <Fact name="Delivery limit">
        {one.deliverWithin ? `${duration(one.deliverWithin)} after the start of a run` : 'None'}
      </Fact>
      <Fact name="If the previous run is in progress">
        {one.overlap === 'SKIP' ? 'Skip the run' : 'Start anyway'}
      </Fact>
      <Fact name="Access group">{one.accessGroup.title}</Fact>
      <Fact name="Created">
        <Time at={one.createdAt} /> {one.createdBy && `by ${one.createdBy.name}`}
      </Fact>
      <Fact name="Last edited">
        <Time at={one.lastEditedAt} />
      </Fact>
    </Facts>
  );
}
