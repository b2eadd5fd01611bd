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
  { tags, groupAndAbove }: { readonly tags: Tags; readonly groupAndAbove: readonly number[] },
): boolean {
  const has = (tag: string) =>
    tags instanceof Set ? tags.has(tag) : (tags as readonly string[]).includes(tag);
  return groupAndAbove.includes(target.accessGroupId) && (target.allComputers || target.tags.some(has));
}

/** A set where the same computer is compared with many targets. */
type Tags = readonly string[] | ReadonlySet<string>;

interface TaggedComputer {
  readonly tags: readonly string[];
  readonly groupAndAbove: readonly number[];
}

/** Why a target reaches a computer: it has these of the target's tags, or needs none. */
export interface Reason {
  readonly allComputers: boolean;
  readonly tags: readonly string[];
}

/** Null when it does not reach it. */
export function whyReached(target: Target, computer: TaggedComputer): Reason | null {
  if (!reaches(target, computer)) return null;
  const { allComputers, tags } = target;
  return { allComputers, tags: allComputers ? [] : tags.filter((tag) => computer.tags.includes(tag)) };
}

/** Finds the targets that reach a computer by its tags, and not by looking at each target. */
export class TargetIndex<Owner> {
  private readonly entries: readonly { readonly owner: Owner; readonly target: Target }[];
  private readonly forAll: number[] = [];
  private readonly byTag = new Map<string, number[]>();

  /** @param targetOf null for an owner that reaches no computer */
  constructor(owners: readonly Owner[], targetOf: (owner: Owner) => Target | null) {
    this.entries = owners.flatMap((owner) => {
      const target = targetOf(owner);
      return target ? [{ owner, target }] : [];
    });
    for (const [index, { target }] of this.entries.entries()) {
      if (target.allComputers) this.forAll.push(index);
      else for (const tag of target.tags) entryOf(this.byTag, tag).push(index);
    }
  }

  /** The owners that reach it, in their order, and why. */
  reaching(computer: TaggedComputer): { readonly owner: Owner; readonly reason: Reason }[] {
    const candidates = new Set([
      ...this.forAll,
      ...computer.tags.flatMap((tag) => this.byTag.get(tag) ?? []),
    ]);
    return [...candidates]
      .sort((a, b) => a - b)
      .flatMap((index) => {
        const { owner, target } = this.entries[index]!;
        const reason = whyReached(target, computer);
        return reason ? [{ owner, reason }] : [];
      });
  }
}

function entryOf(map: Map<string, number[]>, tag: string): number[] {
  const list = map.get(tag) ?? [];
  map.set(tag, list);
  return list;
}
