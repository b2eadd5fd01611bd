import { Button } from '@canonical/react-components';
import { useState } from 'react';
import { graphql, read } from '../../app/graphql.ts';
import { EmptyState } from '../../components/page/empty-state.tsx';
import { bytes } from '../../format/count.ts';
import type { FragmentType } from '../../generated/fragment-masking.ts';
import { AddFile } from './add-file.tsx';
import { DownloadFile } from './download-file.tsx';
import { RemoveFileDialog } from './remove-file-dialog.tsx';

const FILES = graphql(`
  fragment ScriptFiles on Script {
    id
    attachments { id databaseId filename size }
    viewerPermissions { canUpdate { allowed } }
  }
`);

const MAX_FILES = 5;

/** The files that computers receive with the script, whatever its version. */
export function Attachments({ script: of }: { readonly script: FragmentType<typeof FILES> }) {
  const { id, attachments, viewerPermissions } = read(FILES, of);
  const [removes, setRemoves] = useState<string>();
  const mayChange = viewerPermissions.canUpdate.allowed;
  return (
    <>
      <p className="u-text--muted">
        Computers find these files in the folder that <code>$LANDSCAPE_ATTACHMENTS</code> names. At most{' '}
        {MAX_FILES} files, with 1 MiB in total.
      </p>
      {mayChange && attachments.length < MAX_FILES && <AddFile scriptId={id} />}
      {attachments.length === 0 ? (
        <EmptyState title="The script has no files." icon="file">
          {mayChange && <p>Add one above if the code needs it.</p>}
        </EmptyState>
      ) : (
        <table className="list" aria-label="Files of this script">
          <thead>
            <tr>
              <th scope="col">File</th>
              <th scope="col">Size</th>
              <th scope="col">
                <span className="u-off-screen">Actions</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {attachments.map(({ id: key, filename, size }) => (
              <tr key={key}>
                <th scope="row" className="list__main">
                  {filename}
                </th>
                <td data-heading="Size">{bytes(size)}</td>
                <td data-heading="Actions">
                  <span className="row-actions">
                    <DownloadFile scriptId={id} filename={filename} />
                    {mayChange && (
                      <Button dense small onClick={() => setRemoves(filename)}>
                        Remove<span className="u-off-screen"> {filename}</span>
                      </Button>
                    )}
                  </span>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {removes !== undefined && (
        <RemoveFileDialog scriptId={id} filename={removes} close={() => setRemoves(undefined)} />
      )}
    </>
  );
}
