import { Link } from 'react-router';
import { graphql, read } from '../../app/graphql.ts';
import { StatusChip } from '../../components/status-chip.tsx';
import type { Column } from '../../components/table/column.ts';
import { Time } from '../../components/time.tsx';
import { wholeNumber } from '../../format/count.ts';
import { scriptLooks } from '../../format/script.ts';
import type { FragmentType } from '../../generated/fragment-masking.ts';

const ROW = graphql(`
  fragment ScriptRow on Script {
    id
    databaseId
    title
    interpreter
    status
    versionNumber
    lastEditedAt
    lastEditedBy { id name }
    accessGroup { id title }
    attachments { id }
    users: profiles(first: 0) { totalCount }
  }
`);

export type ScriptRow = { readonly id: string } & FragmentType<typeof ROW>;

const row = (of: ScriptRow) => read(ROW, of);

export const scriptColumns: readonly Column<ScriptRow>[] = [
  {
    title: 'Script',
    order: 'TITLE',
    cell: (of) => {
      const { databaseId, title, interpreter } = row(of);
      return (
        <>
          <Link className="list__main" to={`/scripts/${databaseId}`}>
            {title}
          </Link>
          <span className="list__detail">{interpreter}</span>
        </>
      );
    },
  },
  { title: 'State', width: '8rem', cell: (of) => <StatusChip look={scriptLooks[row(of).status]} /> },
  { title: 'Access group', width: '10rem', cell: (of) => row(of).accessGroup.title },
  {
    title: 'Used by',
    width: '8rem',
    cell: (of) => {
      const { databaseId, users } = row(of);
      if (users.totalCount === 0) return <span className="u-text--muted">No profile</span>;
      return (
        <Link to={`/scripts/${databaseId}?tab=users`}>
          {users.totalCount === 1 ? '1 profile' : `${wholeNumber(users.totalCount)} profiles`}
        </Link>
      );
    },
  },
  { title: 'Files', width: '4rem', cell: (of) => row(of).attachments.length || '' },
  { title: 'Version', width: '5rem', cell: (of) => row(of).versionNumber },
  {
    title: 'Last edited',
    order: 'LAST_EDITED_AT',
    width: '15rem',
    cell: (of) => {
      const { lastEditedAt, lastEditedBy } = row(of);
      return (
        <span>
          <Time at={lastEditedAt} as="both" />
          {lastEditedBy && <span className="list__detail">by {lastEditedBy.name}</span>}
        </span>
      );
    },
  },
];
