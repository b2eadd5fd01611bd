import { causeOf } from './result-code.ts';

interface Failure {
  readonly resultCode: number | null;
}

export interface FailureGroup<Member extends Failure> {
  readonly key: string;
  readonly cause: string;
  readonly failures: readonly Member[];
}

/**
 * Groups failures with the same result code and text, largest group first. Texts that differ only in numbers, such as a
 * time or a size, are the same.
 */
export function groupFailures<Member extends Failure>(
  failures: readonly Member[],
  textOf: (failure: Member) => string | null,
): FailureGroup<Member>[] {
  const groups = new Map<string, Member[]>();
  for (const failure of failures) {
    const key = `${failure.resultCode} ${(textOf(failure) ?? '').trim().replace(/\d+/g, '#')}`;
    groups.set(key, [...(groups.get(key) ?? []), failure]);
  }
  return [...groups]
    .map(([key, members]) => ({
      key,
      cause: causeOf(members[0]!.resultCode) ?? 'Not run',
      failures: members,
    }))
    .sort((a, b) => b.failures.length - a.failures.length);
}
