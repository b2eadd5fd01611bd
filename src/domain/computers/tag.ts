import { check, invalid } from '../errors.ts';
import { isVisible } from '../text.ts';

const MAX_TAG_LENGTH = 255;
const TAG = new RegExp(`^[\\p{L}\\p{N}_][\\p{L}\\p{N}_-]{0,${MAX_TAG_LENGTH - 1}}$`, 'u');

/** Of a profile, and of a computer. */
const MAX_TAGS = 1000;

/** Tags in the order given, each once. */
export function tagList(tags: readonly string[], field = 'tags'): string[] {
  if (tags.length > MAX_TAGS) throw invalid(field, tags.length, `a list of at most ${MAX_TAGS} tags`);
  tags.forEach((tag, index) => {
    // Some letters are invisible: the fillers of Hangul.
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

/** Tags to add and to take away. */
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

/** A tag in both is taken away. @throws Refusal INVALID_INPUT where more are left than a computer may have */
export function tagsAfter(tags: readonly string[], { add, remove }: CheckedTagChange): string[] {
  const after = [...new Set([...tags, ...add])].filter((tag) => !remove.has(tag));
  if (after.length <= MAX_TAGS) return after;
  throw invalid('add', after.length, `few enough that no computer has more than ${MAX_TAGS} tags`);
}
