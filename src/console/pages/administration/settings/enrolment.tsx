import { useQuery } from '@apollo/client/react';
import { graphql } from '../../../app/graphql.ts';
import { Loaded } from '../../../components/page/loaded.tsx';
import { EnrolmentForm } from './enrolment-form.tsx';

const PREFERENCES = graphql(`
  query Preferences {
    preferences { id ...EnrolmentForm }
  }
`);

/** The title of the account, and how computers join it. */
export default function Enrolment() {
  const result = useQuery(PREFERENCES);
  return (
    <Loaded of={result} part={({ preferences }) => preferences}>
      {(preferences) => <EnrolmentForm preferences={preferences} />}
    </Loaded>
  );
}
