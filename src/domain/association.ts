/**
 * Who is associated with a profile: worked out whenever it is counted or fired, never frozen.
 * Computers accepted in the profile's access group or below it, having any of its tags,
 * or all of them when `allComputers` is true (its tags are then kept but do not filter).
 */
export interface Target {
  readonly accessGroupId: number;
  readonly allComputers: boolean;
  readonly tags: readonly string[];
}

/** Is a computer with these tags, in this group or one of the groups above it, what the target means? */
export function reaches(
  target: Target,
  computer: { readonly tags: readonly string[]; readonly groupAndAbove: readonly number[] },
): boolean {
  return (
    computer.groupAndAbove.includes(target.accessGroupId) &&
    (target.allComputers || target.tags.some((tag) => computer.tags.includes(tag)))
  );
}
