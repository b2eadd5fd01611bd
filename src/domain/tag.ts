import { invalid } from './errors.ts';

const LONGEST_TAG = 255;
const TAG = new RegExp(`^[\\p{L}\\p{N}_][\\p{L}\\p{N}_-]{0,${LONGEST_TAG - 1}}$`, 'u');

/** Tags in the order given, each once. */
export function tagList(tags: readonly string[], field = 'tags'): string[] {
  tags.forEach((tag, index) => {
    if (!TAG.test(tag)) {
      throw invalid(
        `${field}.${index}`,
        tag,
        `1 to ${LONGEST_TAG} letters, digits, \`_\` and \`-\`, not starting with \`-\``,
      );
    }
  });
  return [...new Set(tags)];
}
