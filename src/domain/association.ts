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

/** Why a target reaches a computer: it has these of the target's tags, or needs none. */
export interface Reason {
  readonly allComputers: boolean;
  readonly tags: readonly string[];
}

/** Null when it does not reach it. */
export function whyReached(target: Target, computer: Parameters<typeof reaches>[1]): Reason | null {
  if (!reaches(target, computer)) return null;
  const { allComputers, tags } = target;
  return { allComputers, tags: allComputers ? [] : tags.filter((tag) => computer.tags.includes(tag)) };
}
