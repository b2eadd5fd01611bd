import { graphql, read } from '../../app/graphql.ts';
import { StatusChip } from '../../components/status-chip.tsx';
import { Time } from '../../components/time.tsx';
import type { Look } from '../../format/status.ts';
import type { FragmentType } from '../../generated/fragment-masking.ts';

const SEEN = graphql(`
  fragment Seen on Computer { id status isOnline lastSeenAt lastPingAt }
`);

const looks = {
  online: { label: 'Online', tone: 'good' },
  offline: { label: 'Offline', tone: 'off' },
  never: { label: 'Never seen', tone: 'off' },
  pending: { label: 'Pending', tone: 'waiting' },
} as const satisfies Record<string, Look>;

/** Whether the client of a computer was seen in the last 30 minutes, and when. */
export function Seen({ computer }: { readonly computer: FragmentType<typeof SEEN> }) {
  const { status, isOnline, lastSeenAt, lastPingAt } = read(SEEN, computer);
  if (status === 'PENDING') return <StatusChip look={looks.pending} />;
  const last = [lastSeenAt, lastPingAt]
    .filter((at) => at !== null)
    .sort()
    .at(-1);
  if (!last)
    return <StatusChip look={looks.never} note="It has no landscape-client, or that was never seen." />;
  return (
    <span className="last-run">
      <StatusChip look={isOnline ? looks.online : looks.offline} />
      <Time at={last} as="relative" />
    </span>
  );
}
