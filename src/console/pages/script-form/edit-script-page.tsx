import { useQuery } from '@apollo/client/react';
import { useParams, useSearchParams } from 'react-router';
import { graphql } from '../../app/graphql.ts';
import { NotFoundPage } from '../../app/not-found-page.tsx';
import { EmptyState } from '../../components/page/empty-state.tsx';
import { Loaded } from '../../components/page/loaded.tsx';
import { Page } from '../../components/page/page.tsx';
import { EditScriptForm } from './edit-script-form.tsx';

const SCRIPT = graphql(`
  query ScriptToEdit($id: ID!, $version: Int!, $hasVersion: Boolean!) {
    script(id: $id) {
      id
      databaseId
      title
      viewerPermissions { canUpdate { allowed message } }
      version(number: $version) @include(if: $hasVersion) { id number code interpreter }
      ...ScriptToEdit
    }
  }
`);

/** Edits a script, from its newest version or from an older one. */
export default function EditScriptPage() {
  const id = useParams().id!;
  const version = Number(useSearchParams()[0].get('version'));
  // What a person edits must not be an old copy from the cache.
  const result = useQuery(SCRIPT, {
    variables: { id, version, hasVersion: version > 0 },
    fetchPolicy: 'network-only',
  });
  return (
    <Loaded of={result} part={({ script }) => script} missing={<NotFoundPage what="script" />}>
      {(script) => (
        <Page
          title={`Edit ${script.title}`}
          parent={{ to: `/scripts/${script.databaseId}`, label: script.title }}
        >
          {script.viewerPermissions.canUpdate.allowed ? (
            <EditScriptForm script={script} from={script.version} />
          ) : (
            <EmptyState title={script.viewerPermissions.canUpdate.message ?? 'You may not edit it.'} />
          )}
        </Page>
      )}
    </Loaded>
  );
}
