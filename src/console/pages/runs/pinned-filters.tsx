import { useQuery } from '@apollo/client/react';
import { Button, Icon } from '@canonical/react-components';
import { graphql } from '../../app/graphql.ts';
import type { ListUrl } from '../../components/table/use-list-url.ts';
import { dayName } from '../../format/time.ts';

const PROFILE = graphql(`
  query ProfileOfRuns($id: ID!) { scriptProfile(id: $id) { id title } }
`);

/** Filters that links from other pages set. They can only be removed here. */
export function PinnedFilters({ list }: { readonly list: ListUrl }) {
  const [profile, day] = [list.filter('profile'), list.filter('day')];
  return (
    <>
      {profile && <OfProfile id={profile} remove={() => list.set({ profile: undefined })} />}
      {day && <Pinned text={`On ${dayName(`${day}T00:00`)}`} remove={() => list.set({ day: undefined })} />}
    </>
  );
}

function OfProfile({ id, remove }: { readonly id: string; readonly remove: () => void }) {
  const { data } = useQuery(PROFILE, { variables: { id } });
  return <Pinned text={`Profile: ${data?.scriptProfile?.title ?? id}`} remove={remove} />;
}

function Pinned({ text, remove }: { readonly text: string; readonly remove: () => void }) {
  return (
    <span className="pinned-filter">
      {text}
      <Button appearance="base" dense hasIcon onClick={remove} aria-label={`Remove the filter "${text}"`}>
        <Icon name="close" />
      </Button>
    </span>
  );
}
