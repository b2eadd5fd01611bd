/** What the page needs of a failed execution. */
export interface Failure {
  readonly id: string;
  readonly resultCode: number | null;
  readonly resultText: string | null;
  readonly computer: { readonly id: string; readonly databaseId: number; readonly title: string } | null;
  readonly run: { readonly databaseId: number; readonly creationTime: string };
}

/** Failures with the same cause. */
export interface FailureGroup {
  readonly key: string;
  readonly resultCode: number | null;
  /** The text of the newest one. */
  readonly text: string;
  readonly failures: readonly Failure[];
  readonly computers: readonly NonNullable<Failure['computer']>[];
  /** Newest first. */
  readonly runs: readonly Failure['run'][];
}

/** Groups failures by their text. Texts that differ only in numbers, such as a time or a size, are the same. */
export function groupFailures(failures: readonly Failure[]): FailureGroup[] {
  const groups = new Map<string, Failure[]>();
  for (const failure of failures) {
    const text = (failure.resultText ?? '').trim().replace(/\d+/g, '#').replace(/\s+/g, ' ');
    const key = `${failure.resultCode} ${text}`;
    groups.set(key, [...(groups.get(key) ?? []), failure]);
  }
  return [...groups]
    .map(([key, members]) => ({
      key,
      resultCode: members[0]!.resultCode,
      text: (members[0]!.resultText ?? '').trim(),
      failures: members,
      computers: distinct(members.flatMap(({ computer }) => computer ?? [])),
      runs: distinct(members.map(({ run }) => run)),
    }))
    .sort((a, b) => b.failures.length - a.failures.length);
}

const distinct = <Thing extends { readonly databaseId: number }>(things: readonly Thing[]): Thing[] => [
  ...new Map(things.map((thing) => [thing.databaseId, thing])).values(),
];
