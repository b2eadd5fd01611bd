import type { AccessGroup } from '../accounts/access-group.ts';
import { checkChange } from '../edit.ts';
import { check, invalid } from '../errors.ts';
import { composed, isName, isVisibleInLines, NO_HIDDEN } from '../text.ts';
import type { Instant } from '../time.ts';
import { tagList } from './tag.ts';

/** A machine that has enrolled. No profile matches it while it is pending. */
export interface Computer {
  readonly id: number;
  readonly title: string;
  readonly hostname: string;
  readonly comment: string;
  readonly status: ComputerStatus;
  readonly accessGroup: AccessGroup;
  /** In the order given. While the computer is pending: the tags that it requested. */
  readonly tags: readonly string[];
  readonly createdAt: Instant;
  readonly acceptedAt: Instant | null;
}

export const computerStatuses = ['pending', 'accepted'] as const;
export type ComputerStatus = (typeof computerStatuses)[number];

export function computerTitle(title: string): string {
  const trimmed = composed(title.trim());
  if (!isName(trimmed)) throw invalid('title', title, `1 to 255 characters, ${NO_HIDDEN}`);
  return trimmed;
}

const MAX_COMMENT_LENGTH = 1000;

function commentOf(comment: string): string {
  if ([...comment].length <= MAX_COMMENT_LENGTH && isVisibleInLines(comment)) return comment;
  const allowed =
    'at most 1,000 characters, without control or invisible characters other than line ends and tabs';
  throw invalid('comment', comment, allowed);
}

/** Null and omitted fields do not change. */
export interface ComputerEdit {
  readonly title?: string | null;
  /** Empty removes the comment. */
  readonly comment?: string | null;
  /** Replaces all tags. */
  readonly tags?: readonly string[] | null;
}

/** @throws Refusal INVALID_INPUT */
export function editComputer(computer: Computer, edit: ComputerEdit): Computer {
  const checked = check({
    title: () => checkChange(edit.title ?? computer.title, computer.title, computerTitle),
    comment: () => checkChange(edit.comment ?? computer.comment, computer.comment, commentOf),
    tags: () => editedTags(computer.tags, edit.tags ?? computer.tags),
  });
  return { ...computer, ...checked };
}

/** A list of tags that are all stored already is not checked, because they may violate a newer rule. */
const editedTags = (stored: readonly string[], tags: readonly string[]): readonly string[] =>
  tags.every((tag) => stored.includes(tag)) ? [...new Set(tags)] : tagList(tags);

export function hostname(name: string): string {
  if (!/^[A-Za-z0-9_](?:[A-Za-z0-9_.-]{0,253}[A-Za-z0-9_])?$/.test(name)) {
    throw invalid('hostname', name, '1 to 255 letters, digits, `.`, `_` and `-`');
  }
  return name;
}
