import { invalid } from '../errors.ts';
import { composed, isVisible } from '../text.ts';

/** A node of the account's tree. A right held in a group extends to its descendants. */
export interface AccessGroup {
  readonly id: number;
  /** Unique in the account; what REST shows. */
  readonly name: string;
  readonly title: string;
  /** Null for the root. */
  readonly parentId: number | null;
}

export const ROOT_ACCESS_GROUP = 'global';

/** A group's title, trimmed. */
export function accessGroupTitle(title: string): string {
  const trimmed = composed(title.trim());
  if (!/^[\p{L}\p{N}][\p{L}\p{N} .-]{0,254}$/u.test(trimmed) || !isVisible(trimmed)) {
    throw invalid(
      'title',
      title,
      '1 to 255 letters, digits, spaces, `.` and `-`, starting with a letter or digit',
    );
  }
  return trimmed;
}

/** A group's name is its title in lower case, with `-` for spaces. */
export const accessGroupName = (title: string): string => title.toLowerCase().replaceAll(/ +/g, '-');

export interface AccessGroupEdit {
  readonly title?: string | null;
  /** The new parent; left out where the group stays where it is. */
  readonly parent?: AccessGroup | null;
}

/**
 * A group after an edit. Its name follows its title, as when it was created.
 * @param tree the whole tree, as a parent must not be below its child
 * @throws Refusal INVALID_INPUT
 */
export function editAccessGroup(
  group: AccessGroup,
  { title, parent }: AccessGroupEdit,
  tree: readonly AccessGroup[],
): AccessGroup {
  checkNotRoot(group);
  if (parent && groupAndAbove(tree)(parent.id).includes(group.id))
    throw invalid('parent', parent.name, 'an access group other than this one and its descendants');
  return {
    ...group,
    ...(title != null && title !== group.title && named(title)),
    ...(parent && { parentId: parent.id }),
  };
}

function named(given: string): Pick<AccessGroup, 'title' | 'name'> {
  const title = accessGroupTitle(given);
  return { title, name: accessGroupName(title) };
}

/** @throws Refusal INVALID_INPUT */
export function checkNotRoot(group: AccessGroup): void {
  if (group.parentId === null) throw invalid('id', group.name, 'an access group other than the root');
}

/** Of each group of a tree: its id, and those of the groups above it. */
export function groupAndAbove(tree: readonly AccessGroup[]): (id: number) => readonly number[] {
  const parents = new Map(tree.map(({ id, parentId }) => [id, parentId]));
  const above = (id: number): number[] => {
    const parentId = parents.get(id) ?? null;
    return [id, ...(parentId === null ? [] : above(parentId))];
  };
  const known = new Map(tree.map(({ id }) => [id, above(id)]));
  return (id) => known.get(id) ?? [id];
}
