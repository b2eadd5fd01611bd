interface Grouped {
  readonly id: string;
  readonly title: string;
  readonly parent: { readonly id: string } | null;
}

/** Groups in the order of their tree, each with its depth. A group whose parent is hidden is at the top. */
export function asTree<Group extends Grouped>(groups: readonly Group[]) {
  const known = new Set(groups.map(({ id }) => id));
  const below = (parent: string | undefined, depth: number): { group: Group; depth: number }[] =>
    groups
      .filter(({ parent: of }) => (of && known.has(of.id) ? of.id : undefined) === parent)
      .flatMap((group) => [{ group, depth }, ...below(group.id, depth + 1)]);
  return below(undefined, 0);
}
