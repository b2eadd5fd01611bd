import { Link } from 'react-router';
import { graphql, read } from '../../app/graphql.ts';
import { firstLine } from '../../format/first-line.ts';
import { causeOf } from '../../format/result-code.ts';
import type { FragmentType } from '../../generated/fragment-masking.ts';

const FAILURE = graphql(`
  fragment FirstFailure on Activity {
    id
    databaseId
    resultCode
    resultStart: resultText(first: 240)
    computerId
    computer { id title }
  }
`);

interface Props {
  /** Number of the run. */
  readonly run: number;
  readonly failure: FragmentType<typeof FAILURE>;
}

/** The first failure of a run, in one line. It leads to the whole output. */
export function FirstFailure({ run, failure }: Props) {
  const { databaseId, resultCode, resultStart, computerId, computer } = read(FAILURE, failure);
  return (
    <Link className="first-failure" to={`/runs/${run}?state=FAILED&execution=${databaseId}`}>
      <span>{computer?.title ?? `Computer ${computerId}`}</span>
      <code>{(resultStart && firstLine(resultStart)) || causeOf(resultCode)}</code>
    </Link>
  );
}
