/**
 * Defines the computers that are associated with a profile. The association is evaluated whenever it is
 * needed, and never stored. A target matches accepted computers in the access group and its descendants that
 * have at least one of the tags. If `allComputers` is true, the target matches all of them. The tags are then
 * stored, but ignored.
 */
export interface Target {
  readonly accessGroupId: number;
  readonly allComputers: boolean;
  readonly tags: readonly string[];
}

/**
 * Whether a target matches a computer.
 * @param groupAndAbove ids of the computer's group and its ancestors
 */
export function reaches(
  target: Target,
  { tags, groupAndAbove }: { readonly tags: Tags; readonly groupAndAbove: readonly number[] },
): boolean {
  const has = (tag: string) =>
    tags instanceof Set ? tags.has(tag) : (tags as readonly string[]).includes(tag);
  return groupAndAbove.includes(target.accessGroupId) && (target.allComputers || target.tags.some(has));
}

/** A set speeds up the comparison of one computer with many targets. */
type Tags = readonly string[] | ReadonlySet<string>;

interface TaggedComputer {
  readonly tags: readonly string[];
  readonly groupAndAbove: readonly number[];
}

/** Why a target matches a computer: the tags that match, or `allComputers`. */
export interface Reason {
  readonly allComputers: boolean;
  readonly tags: readonly string[];
}

/** Null if the target does not match the computer. */
export function whyReached(target: Target, computer: TaggedComputer): Reason | null {
  if (!reaches(target, computer)) return null;
  const { allComputers, tags } = target;
  return { allComputers, tags: allComputers ? [] : tags.filter((tag) => computer.tags.includes(tag)) };
}

/** Indexes targets by tag, so that a computer is not compared with every target. */
export class TargetIndex<Owner> {
  private readonly entries: readonly { readonly owner: Owner; readonly target: Target }[];
  private readonly forAll: number[] = [];
  private readonly byTag = new Map<string, number[]>();

  /** @param targetOf returns null for an owner that matches no computers */
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

  /** The owners whose targets match the computer, in their original order, with the reasons. */
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
