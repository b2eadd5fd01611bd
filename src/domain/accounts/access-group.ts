import { invalid } from '../errors.ts';
import { composed, isVisible } from '../text.ts';

/**
 * A node of the account's tree of access groups. Descendants inherit the permissions that are granted on a
 * group.
 */
export interface AccessGroup {
  readonly id: number;
  /** Unique in the account. The legacy API identifies groups by this name. */
  readonly name: string;
  readonly title: string;
  /** Null for the root. */
  readonly parentId: number | null;
}

export const ROOT_ACCESS_GROUP = 'global';

/** Checks and trims a title. @throws Refusal INVALID_INPUT */
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
  /** The new parent. Null or omitted if the group does not move. */
  readonly parent?: AccessGroup | null;
}

/**
 * Returns the edited group. Its name is derived from the title again.
 * @param tree the whole tree, because a group must not become a descendant of itself
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

/** Returns a function that maps the id of a group to that id and the ids of all its ancestors. */
export function groupAndAbove(tree: readonly AccessGroup[]): (id: number) => readonly number[] {
  const parents = new Map(tree.map(({ id, parentId }) => [id, parentId]));
  const above = (id: number): number[] => {
    const parentId = parents.get(id) ?? null;
    return [id, ...(parentId === null ? [] : above(parentId))];
  };
  const known = new Map(tree.map(({ id }) => [id, above(id)]));
  return (id) => known.get(id) ?? [id];
}
