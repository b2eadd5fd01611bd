import { useQuery } from '@apollo/client/react';
import { useParams } from 'react-router';
import { graphql } from '../../app/graphql.ts';
import { NotFoundPage } from '../../app/not-found-page.tsx';
import { Loaded } from '../../components/page/loaded.tsx';
import { OneProfile } from './one-profile.tsx';
import { useLiveProfile } from './use-live-profile.ts';

const PROFILE = graphql(`
  query ProfilePage($id: ID!) {
    scriptProfile(id: $id) { id ...OneProfile }
  }
`);

/** The page of the script profile whose number the address has. */
export default function ProfilePage() {
  const { id } = useParams();
  const result = useQuery(PROFILE, { variables: { id: id! } });
  useLiveProfile(id!);
  return (
    <Loaded
      of={result}
      part={({ scriptProfile }) => scriptProfile}
      missing={<NotFoundPage what="script profile" />}
    >
      {(profile) => <OneProfile profile={profile} />}
    </Loaded>
  );
}
