import { check, invalid, invalidAsDescribed, Refusal } from '../errors.ts';
import { isName, NO_HIDDEN } from '../text.ts';

/** A file that computers receive together with the script. It belongs to the script, not to a version. */
export interface ScriptAttachment {
  readonly id: number;
  readonly scriptId: number;
  readonly filename: string;
  /** Bytes. */
  readonly size: number;
}

export interface AttachmentDraft {
  readonly filename: string;
  /** In base64. */
  readonly content: string;
}

const MAX_ATTACHMENTS = 5;
/** Maximum total size of a script's decoded attachments, in bytes. */
export const MAX_BYTES = 1024 * 1024;

/** @throws Refusal INVALID_INPUT */
export function newAttachment(
  draft: AttachmentDraft,
  present: readonly ScriptAttachment[],
): { filename: string; content: Buffer } {
  return check({
    filename: () => {
      const { filename } = draft;
      if (!isName(filename) || filename.includes('/') || filename === '.' || filename === '..') {
        const allowed = `1 to 255 characters, ${NO_HIDDEN} or \`/\`, and not \`.\` or \`..\``;
        throw invalid('filename', filename, allowed);
      }
      if (present.some((other) => other.filename === filename)) {
        throw invalid('filename', filename, 'a name that no other attachment of the script has');
      }
      if (present.length >= MAX_ATTACHMENTS) {
        throw new Refusal(
          'INVALID_INPUT',
          `The script already has the maximum of ${MAX_ATTACHMENTS} attachments. Remove one first.`,
          {
            field: 'filename',
            found: filename,
            allowed: `for a script with fewer than ${MAX_ATTACHMENTS} attachments`,
          },
        );
      }
      return filename;
    },
    content: () => {
      const content = fromBase64(draft.content, 'content');
      const taken = present.reduce((sum, { size }) => sum + size, 0);
      if (taken + content.length > MAX_BYTES) {
        const allowed = `at most ${MAX_BYTES} bytes together with the script’s other attachments`;
        throw invalidAsDescribed('content', `${content.length} bytes in addition to ${taken}`, allowed);
      }
      return content;
    },
  });
}

/**
 * Decodes base64 with or without padding and line breaks. Unlike the runtime, it rejects invalid characters.
 * @throws Refusal INVALID_INPUT
 */
export function fromBase64(text: string, field: string): Buffer {
  const content = Buffer.from(text, 'base64');
  const encoded = content.toString('base64');
  const found = text.replaceAll(/\r?\n/g, '');
  if (found !== encoded && found !== encoded.replace(/={1,2}$/, '')) throw invalid(field, text, 'base64');
  return content;
}
