import { check, invalid } from '../errors.ts';
import { isVisible } from '../text.ts';

const MAX_TAG_LENGTH = 255;
const TAG = new RegExp(`^[\\p{L}\\p{N}_][\\p{L}\\p{N}_-]{0,${MAX_TAG_LENGTH - 1}}$`, 'u');

/** Applies to profiles and to computers. */
const MAX_TAGS = 1000;

/** Checks tags and removes duplicates. The order is preserved. @throws Refusal INVALID_INPUT */
export function tagList(tags: readonly string[], field = 'tags'): string[] {
  if (tags.length > MAX_TAGS) throw invalid(field, tags.length, `a list of at most ${MAX_TAGS} tags`);
  tags.forEach((tag, index) => {
    // The Hangul fillers are letters, but invisible.
    if (!TAG.test(tag) || !isVisible(tag)) {
      throw invalid(
        `${field}.${index}`,
        tag,
        `1 to ${MAX_TAG_LENGTH} letters, digits, \`_\` and \`-\`, not starting with \`-\``,
      );
    }
  });
  return [...new Set(tags)];
}

/** Tags to add and to remove. */
export interface TagChange {
  readonly add?: readonly string[] | null;
  readonly remove?: readonly string[] | null;
}

export type CheckedTagChange = ReturnType<typeof checkTagChange>;

/** @throws Refusal INVALID_INPUT */
export const checkTagChange = (change: TagChange) =>
  check({
    add: () => tagList(change.add ?? [], 'add'),
    remove: () => new Set(tagList(change.remove ?? [], 'remove')),
  });

/**
 * Applies a change. Removal takes precedence over addition.
 * @throws Refusal INVALID_INPUT if the computer would have too many tags
 */
export function tagsAfter(tags: readonly string[], { add, remove }: CheckedTagChange): string[] {
  const after = [...new Set([...tags, ...add])].filter((tag) => !remove.has(tag));
  if (after.length <= MAX_TAGS) return after;
  throw invalid('add', after.length, `a list that leaves each computer at most ${MAX_TAGS} tags`);
}
