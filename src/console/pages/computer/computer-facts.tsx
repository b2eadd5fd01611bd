import { graphql, read } from '../../app/graphql.ts';
import { FactGrid } from '../../components/page/fact-grid.tsx';
import { Tags } from '../../components/tags.tsx';
import { Time } from '../../components/time.tsx';
import { wholeNumber } from '../../format/count.ts';
import { distributionWords } from '../../format/distribution.ts';
import type { FragmentType } from '../../generated/fragment-masking.ts';

const FACTS = graphql(`
  fragment ComputerFacts on Computer {
    id
    databaseId
    hostname
    comment
    tags
    createdAt
    acceptedAt
    lastSeenAt
    lastPingAt
    agentVersion
    totalMemory
    totalSwap
    accessGroup { id title }
    distribution { codeName ...DistributionWords }
  }
`);

const memory = (mebibytes: number | null) => mebibytes !== null && `${wholeNumber(mebibytes)} MiB`;

/** What is known about the machine. */
export function ComputerFacts({ computer }: { readonly computer: FragmentType<typeof FACTS> }) {
  const of = read(FACTS, computer);
  const tagPlace = (tag: string) => `/computers?tag=${encodeURIComponent(tag)}`;
  return (
    <FactGrid
      of={{
        Tags: of.tags.length > 0 ? <Tags tags={of.tags} to={tagPlace} /> : 'None',
        Hostname: of.hostname,
        'Access group': of.accessGroup.title,
        Distribution: of.distribution ? distributionWords(of.distribution) : 'Unknown',
        'Last exchange': of.lastSeenAt ? <Time at={of.lastSeenAt} as="both" /> : 'Never',
        'Last ping': of.lastPingAt && <Time at={of.lastPingAt} as="both" />,
        Client: of.agentVersion,
        Memory: memory(of.totalMemory) || null,
        Swap: memory(of.totalSwap) || null,
        Enrolled: <Time at={of.createdAt} />,
        Accepted: of.acceptedAt ? <Time at={of.acceptedAt} /> : 'Not yet',
        Number: of.databaseId,
        Comment: of.comment,
      }}
    />
  );
}
