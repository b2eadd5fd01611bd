import { useQuery } from '@apollo/client/react';
import { graphql } from '../../../app/graphql.ts';
import { Loaded } from '../../../components/page/loaded.tsx';
import { LimitsForm } from './limits-form.tsx';

const LIMITS = graphql(`
  query Limits {
    limits { id version ...LimitsForm }
  }
`);

/** How many profiles the account may have, on how many computers, and how often. */
export default function Limits() {
  const result = useQuery(LIMITS);
  return (
    <Loaded of={result} part={({ limits }) => limits}>
      {(limits) => <LimitsForm limits={limits} />}
    </Loaded>
  );
}
