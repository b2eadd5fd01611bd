import { causeOf } from '../../format/result-code.ts';

interface Failure {
  readonly databaseId: number;
  readonly resultCode: number | null;
  readonly resultStart: string | null;
  readonly computerId: number | null;
  readonly computer: { readonly title: string } | null;
}

export interface FailureGroup {
  readonly key: string;
  readonly cause: string;
  /** The first lines of the output of one of them. */
  readonly text: string;
  readonly executions: readonly Failure[];
}

const LINES = 3;

/** Failures with the same cause and text are one group. Texts that differ only in numbers are the same. */
export function groupFailures(failures: readonly Failure[]): FailureGroup[] {
  const groups = new Map<string, Failure[]>();
  for (const failure of failures) {
    const key = `${failure.resultCode} ${(failure.resultStart ?? '').trim().replace(/\d+/g, '#')}`;
    groups.set(key, [...(groups.get(key) ?? []), failure]);
  }
  return [...groups]
    .map(([key, executions]) => ({
      key,
      executions,
      cause: causeOf(executions[0]!.resultCode) ?? 'Not run',
      text: (executions[0]!.resultStart ?? '').trim().split('\n').slice(0, LINES).join('\n'),
    }))
    .sort((a, b) => b.executions.length - a.executions.length);
}
