import { useQuery, useSubscription } from '@apollo/client/react';
import { useParams } from 'react-router';
import { graphql } from '../../app/graphql.ts';
import { NotFoundPage } from '../../app/not-found-page.tsx';
import { Loaded } from '../../components/page/loaded.tsx';
import { ScriptDetails } from './script-details.tsx';

const SCRIPT = graphql(`
  query ScriptDetails($id: ID!) {
    script(id: $id) { id ...ScriptDetails }
  }
`);

const SCRIPT_CHANGED = graphql(`
  subscription OneScriptChanged($id: ID!) {
    scriptChanged(id: $id) { changes script { id ...ScriptDetails } }
  }
`);

/** One script: its code, its versions, its files, and the profiles that run it. */
export default function ScriptPage() {
  const id = useParams().id!;
  const result = useQuery(SCRIPT, { variables: { id } });
  useSubscription(SCRIPT_CHANGED, { variables: { id }, ignoreResults: true });
  return (
    <Loaded of={result} part={({ script }) => script} missing={<NotFoundPage what="script" />}>
      {(script) => <ScriptDetails script={script} />}
    </Loaded>
  );
}
