import { graphql, read } from '../../../app/graphql.ts';
import { count, wholeNumber } from '../../../format/count.ts';
import type { FragmentType } from '../../../generated/fragment-masking.ts';

const COMPUTERS = graphql(`
  fragment PreviewComputers on ScriptProfilePreview {
    computersRoom { used }
    matched(first: 8) { totalCount nodes { id title } }
    joining(first: 8) { totalCount nodes { id title } }
    leaving(first: 8) { totalCount nodes { id title } }
  }
`);

interface List {
  readonly totalCount: number;
  readonly nodes: readonly { readonly id: string; readonly title: string }[];
}

interface Props {
  readonly preview: FragmentType<typeof COMPUTERS>;
  readonly isNew: boolean;
}

/** Who is matched, who joins and who leaves. */
export function PreviewComputers({ preview, isNew }: Props) {
  const { computersRoom, matched, joining, leaving } = read(COMPUTERS, preview);
  const hidden = (computersRoom?.used ?? 0) - (matched?.totalCount ?? 0);
  const changes = !isNew && ((joining?.totalCount ?? 0) > 0 || (leaving?.totalCount ?? 0) > 0);
  return (
    <dl className="who">
      <Who word="Matched" list={matched} names={!changes} />
      {!isNew && <Who word="Join" list={joining} tone="is-good" />}
      {!isNew && <Who word="Leave" list={leaving} tone="is-bad" />}
      {hidden > 0 && (
        <div className="who__one">
          <dt>Hidden</dt>
          <dd className="u-text--muted">{count(hidden, 'computer')} that you may not view</dd>
        </div>
      )}
    </dl>
  );
}

interface WhoProps {
  readonly word: string;
  readonly list: List | null;
  readonly names?: boolean;
  readonly tone?: string;
}

function Who({ word, list, names = true, tone = '' }: WhoProps) {
  if (!list) return null;
  const rest = list.totalCount - list.nodes.length;
  return (
    <div className={`who__one ${list.totalCount > 0 ? tone : ''}`}>
      <dt>{word}</dt>
      <dd>
        <strong className="who__number">{wholeNumber(list.totalCount)}</strong>{' '}
        {names && (
          <span className="u-text--muted">
            {list.nodes.map(({ title }) => title).join(', ')}
            {rest > 0 && ` and ${wholeNumber(rest)} more`}
          </span>
        )}
      </dd>
    </div>
  );
}
