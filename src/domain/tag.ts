import { invalid } from './errors.ts';

const TAG = /^[\p{L}\p{N}_][\p{L}\p{N}_-]*$/u;
const LONGEST_TAG = 255;

/** Tags in the order given, each once. */
export function tagList(tags: readonly string[], field = 'tags'): string[] {
  tags.forEach((tag, index) => {
    if (tag.length > LONGEST_TAG || !TAG.test(tag)) {
      throw invalid(
        `${field}.${index}`,
        tag,
        `1 to ${LONGEST_TAG} letters, digits, \`_\` and \`-\`, not starting with \`-\``,
      );
    }
  });
  return [...new Set(tags)];
}
