import { graphql, read } from '../../app/graphql.ts';
import { LongOutput } from '../../components/long-output.tsx';
import { bytes } from '../../format/count.ts';
import type { FragmentType } from '../../generated/fragment-masking.ts';
import type { ActivityStatus } from '../../generated/graphql.ts';

const OUTPUT = graphql(`
  fragment ExecutionOutput on Activity { id status resultText resultTextLength }
`);

const absent: Partial<Record<ActivityStatus, string>> = {
  SUCCEEDED: 'The script printed nothing.',
  FAILED: 'The script printed nothing.',
  DELIVERED: 'The computer runs the script now. The output appears when it reports.',
  CANCELED: 'It was canceled before the computer reported.',
};

/** What the script printed, or why there is nothing. */
export function ExecutionOutput({ execution }: { readonly execution: FragmentType<typeof OUTPUT> }) {
  const { status, resultText, resultTextLength } = read(OUTPUT, execution);
  if (!resultText)
    return <p className="u-text--muted">{absent[status] ?? 'The computer has not taken the script yet.'}</p>;
  return (
    <>
      <h3 className="execution-output__title">
        Output <span className="u-text--muted">{bytes(resultTextLength ?? 0)}</span>
      </h3>
      <LongOutput label="Output" text={resultText} />
    </>
  );
}
