/** A pending computer with what it asked for. */
export interface PendingComputer {
  readonly id: string;
  readonly title: string;
  readonly tags: readonly string[];
  readonly accessGroup: { readonly name: string; readonly title: string };
  readonly possibleDuplicateOf: {
    readonly id: string;
    readonly databaseId: number;
    readonly title: string;
  } | null;
}
