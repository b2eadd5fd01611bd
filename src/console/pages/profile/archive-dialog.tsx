import { useQuery } from '@apollo/client/react';
import { useToastNotification } from '@canonical/react-components';
import { graphql, read } from '../../app/graphql.ts';
import { ConfirmDialog } from '../../components/confirm-dialog.tsx';
import { Problems } from '../../components/form/problems.tsx';
import { type Problem, useChange } from '../../components/form/use-change.ts';
import { Time } from '../../components/time.tsx';
import { count } from '../../format/count.ts';
import type { FragmentType } from '../../generated/fragment-masking.ts';

const PROFILE = graphql(`
  fragment ArchiveDialog on ScriptProfile {
    id
    title
    version
    nextRun
    numAssociatedComputers
    trigger { __typename }
  }
`);

const OPEN_RUNS = graphql(`
  query OpenRuns($id: ID!) {
    scriptProfile(id: $id) {
      id
      openRuns: activities(first: 100, filter: { statuses: [UNDELIVERED, DELIVERED, SCHEDULED, WAITING] }) {
        totalCount
        edges { node { id counts { undelivered delivered } } }
      }
    }
  }
`);

const ARCHIVE = graphql(`
  mutation ArchiveProfile($input: ArchiveScriptProfileInput!) {
    archiveScriptProfile(input: $input) {
      clash { current { id ...OneProfile } }
      scriptProfile { id ...OneProfile }
      userErrors { code field message }
    }
  }
`);

/** After a clash the dialog has the newer version, so archiving again is a decision about that one. */
const afterClash = (problem: Problem): Problem =>
  problem.code === 'VERSION_CLASH'
    ? {
        field: null,
        message: 'Another person changed this profile meanwhile. Look at it again before you archive it.',
      }
    : problem;

interface Props {
  readonly profile: FragmentType<typeof PROFILE>;
  readonly close: () => void;
}

/** Asks before a profile is archived for ever, and says what that stops. */
export function ArchiveDialog({ profile, close }: Props) {
  const { id, title, version, nextRun, numAssociatedComputers, trigger } = read(PROFILE, profile);
  const { data } = useQuery(OPEN_RUNS, { variables: { id }, fetchPolicy: 'network-only' });
  const [archive, { problems }] = useChange(ARCHIVE, { refetchQueries: ['Profiles'] });
  const toast = useToastNotification();
  const open = data?.scriptProfile?.openRuns;
  const sum = (name: 'undelivered' | 'delivered') =>
    open?.edges.reduce((total, { node }) => total + (node.counts?.[name] ?? 0), 0) ?? 0;
  const atLeast = open && open.totalCount > open.edges.length ? 'At least ' : '';
  return (
    <ConfirmDialog
      title={`Archive “${title}”`}
      action="Archive for ever"
      close={close}
      onConfirm={async () => {
        // An empty reason keeps the dialog open. The problems are shown below.
        if (!(await archive({ input: { id, expectedVersion: version } }))) return '';
        toast.success(`Archived “${title}”.`);
        return undefined;
      }}
    >
      <Problems of={problems.map(afterClash)} />
      <p>
        <strong>This cannot be undone.</strong> An archived profile never runs again.
      </p>
      <ul className="consequences">
        {nextRun && (
          <li>
            The run <Time at={nextRun} as="both" /> on {count(numAssociatedComputers, 'computer')} will not
            happen, nor any later one.
          </li>
        )}
        {trigger.__typename === 'EventTrigger' && <li>Computers that enrol from now on do not run it.</li>}
        {sum('undelivered') > 0 && (
          <li>
            {atLeast}
            {count(sum('undelivered'), 'execution')} that no computer has taken yet will be canceled.
          </li>
        )}
        {sum('delivered') > 0 && (
          <li>
            {atLeast}
            {count(sum('delivered'), 'execution')} in progress may finish.
          </li>
        )}
        <li>Its runs and its history stay readable. Its title stays taken.</li>
        <li>It no longer counts towards the limit of profiles.</li>
      </ul>
    </ConfirmDialog>
  );
}
