import { Link } from 'react-router';
import { graphql, read } from '../../app/graphql.ts';
import { StatusChip } from '../../components/status-chip.tsx';
import type { Column } from '../../components/table/column.ts';
import { Time } from '../../components/time.tsx';
import { duration } from '../../format/duration.ts';
import { firstLine } from '../../format/first-line.ts';
import { causeOf } from '../../format/result-code.ts';
import { activityLooks } from '../../format/status.ts';
import type { FragmentType } from '../../generated/fragment-masking.ts';

const ROW = graphql(`
  fragment ExecutionRow on Activity {
    id
    databaseId
    status
    deliverAfter
    deliveryTime
    completionTime
    duration
    resultCode
    resultStart: resultText(first: 240)
    computerId
    computer { id title }
  }
`);

export type ExecutionRow = { readonly id: string } & FragmentType<typeof ROW>;

const row = (of: ExecutionRow) => read(ROW, of);

/** @param addressOf the address at which an execution is open */
export const executionColumns = (
  addressOf: (execution: string) => { search: string },
): readonly Column<ExecutionRow>[] => [
  {
    title: 'Computer',
    width: '16rem',
    cell: (of) => {
      const { databaseId, computer, computerId } = row(of);
      return (
        <Link className="list__main" to={addressOf(String(databaseId))} preventScrollReset>
          {computer?.title ?? `Computer ${computerId}, removed`}
        </Link>
      );
    },
  },
  {
    title: 'State',
    width: '8.5rem',
    cell: (of) => <StatusChip look={activityLooks[row(of).status]} />,
  },
  {
    title: 'Result',
    cell: (of) => {
      const { resultCode, resultStart } = row(of);
      const cause = causeOf(resultCode);
      return (
        <span className="execution-result">
          {cause && <strong className="execution-result__cause">{cause}</strong>}
          {resultStart && <code>{firstLine(resultStart)}</code>}
        </span>
      );
    },
  },
  {
    title: 'Taken',
    width: '10rem',
    cell: (of) => {
      const { deliveryTime, deliverAfter } = row(of);
      if (deliveryTime) return <Time at={deliveryTime} />;
      return (
        deliverAfter && (
          <span className="u-text--muted">
            not before <Time at={deliverAfter} />
          </span>
        )
      );
    },
  },
  {
    title: 'Duration',
    width: '6rem',
    align: 'right',
    cell: (of) => {
      const { duration: seconds } = row(of);
      return seconds !== null && duration(seconds);
    },
  },
];
