import type { AccessGroup } from '../accounts/access-group.ts';
import { invalid } from '../errors.ts';
import { composed, isName, NO_HIDDEN } from '../text.ts';
import type { Instant } from '../time.ts';

/** A machine that asked to be managed. Before it is accepted it is pending, and no profile reaches it. */
export interface Computer {
  readonly id: number;
  readonly title: string;
  readonly hostname: string;
  readonly comment: string;
  readonly status: ComputerStatus;
  readonly accessGroup: AccessGroup;
  /** In the order given. While pending: the tags that it asked for. */
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

export function hostname(name: string): string {
  if (!/^[A-Za-z0-9_](?:[A-Za-z0-9_.-]{0,253}[A-Za-z0-9_])?$/.test(name)) {
    throw invalid('hostname', name, '1 to 255 letters, digits, `.`, `_` and `-`');
  }
  return name;
}
