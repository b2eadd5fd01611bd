import { useQuery } from '@apollo/client/react';
import { Button } from '@canonical/react-components';
import { graphql, read } from '../../app/graphql.ts';
import { FieldDifferences } from '../../components/field-differences.tsx';
import { useReload } from '../../components/live/use-reload.ts';
import { EmptyState } from '../../components/page/empty-state.tsx';
import { Loaded } from '../../components/page/loaded.tsx';
import { Time } from '../../components/time.tsx';
import { profileFieldLabel, profileFieldWords } from '../../format/profile-field.ts';
import type { FragmentType } from '../../generated/fragment-masking.ts';
import type { EventAction } from '../../generated/graphql.ts';

const HISTORY = graphql(`
  query ProfileHistory($id: ID!, $first: Int, $after: String) {
    scriptProfile(id: $id) {
      id
      events(first: $first, after: $after) {
        totalCount
        pageInfo { hasNextPage endCursor }
        edges { node { id ...ProfileEvent } }
      }
    }
  }
`);

const EVENT = graphql(`
  fragment ProfileEvent on Event {
    id
    action
    createdAt
    computerId
    person { id name }
    changes { field from to }
  }
`);

const actions: Partial<Readonly<Record<EventAction, string>>> = {
  SCRIPT_PROFILE_CREATED: 'created it',
  SCRIPT_PROFILE_EDITED: 'edited it',
  SCRIPT_PROFILE_PAUSED: 'paused it',
  SCRIPT_PROFILE_RESUMED: 'resumed it',
  SCRIPT_PROFILE_ARCHIVED: 'archived it',
  SCRIPT_PROFILE_RUN: 'ran it',
  PERMISSION_REFUSED: 'was refused a change',
};

/** Who changed the profile, with the values before and after. */
export function HistoryTab({ id, changed }: { readonly id: string; readonly changed: string }) {
  const result = useQuery(HISTORY, { variables: { id, first: 30 } });
  useReload(result.refetch, changed);
  return (
    <Loaded
      of={{ ...result, error: result.data?.scriptProfile ? undefined : result.error }}
      part={({ scriptProfile }) => scriptProfile?.events}
      missing={<EmptyState title="You may not view the event log." icon="history" />}
    >
      {({ edges, pageInfo }) =>
        edges.length === 0 ? (
          <EmptyState title="The event log has nothing about this profile." icon="history">
            <p>It records what people do. Events are deleted after their retention time.</p>
          </EmptyState>
        ) : (
          <>
            <ol className="history">
              {edges.map(({ node }) => (
                <HistoryEntry key={node.id} event={node} />
              ))}
            </ol>
            {pageInfo.hasNextPage && (
              <Button onClick={() => void result.fetchMore({ variables: { after: pageInfo.endCursor } })}>
                Show older events
              </Button>
            )}
          </>
        )
      }
    </Loaded>
  );
}

function HistoryEntry({ event }: { readonly event: FragmentType<typeof EVENT> }) {
  const { action, createdAt, person, computerId, changes } = read(EVENT, event);
  const who = person?.name ?? (computerId === null ? 'A client' : `Computer ${computerId}`);
  const words = actions[action] ?? action.toLowerCase().replaceAll('_', ' ');
  return (
    <li className="history__entry">
      <p className="history__head">
        <strong>{who}</strong> {words} <Time at={createdAt} as="both" />
      </p>
      {changes.length > 0 && (
        <FieldDifferences
          differences={changes.map(({ field, from, to }) => ({
            field: profileFieldLabel(field),
            before: profileFieldWords(field, from),
            after: profileFieldWords(field, to),
          }))}
        />
      )}
    </li>
  );
}
