import { readFileSync, writeFileSync } from 'node:fs';
import { STATUS_CODES } from 'node:http';
import { fileURLToPath } from 'node:url';

/** A fenced block of a page: its language with the rest of that line, and its text. */
export interface Block {
  readonly kind: string;
  readonly text: string;
}

export interface Section {
  readonly title: string;
  readonly blocks: readonly Block[];
}

const pathOf = (page: string) => fileURLToPath(new URL(`../../docs/${page}`, import.meta.url));
const FENCE = /```(.+)\n([\s\S]*?)\n?```/g;

/** The sections of a page of docs/ that have blocks. */
export function sectionsOf(page: string): Section[] {
  const [, ...parts] = readFileSync(pathOf(page), 'utf8').split(/^## /m);
  return parts
    .map((part) => ({
      title: part.slice(0, part.indexOf('\n')),
      blocks: [...part.matchAll(FENCE)].map(([, kind, text]) => ({ kind: kind!, text: text! })),
    }))
    .filter(({ blocks }) => blocks.length > 0);
}

/** The rows of a page's tables that map a call of the legacy API to an operation. */
export const tableOf = (page: string) =>
  [...readFileSync(pathOf(page), 'utf8').matchAll(/^\| `([A-Z]+) \/api(?:\/v2)?(\S+)` \| `(.+)` \|$/gm)].map(
    ([, method, path, operation]) => ({ call: `${method} ${path}`, operation: operation! }),
  );

/** With UPDATE_DOCS=1, the real answers are written into the page. */
export const updates = process.env.UPDATE_DOCS === '1';

export function rewrite(
  page: string,
  title: string,
  isAnswer: (block: Block, index: number) => boolean,
  answers: string[],
) {
  const text = readFileSync(pathOf(page), 'utf8');
  const start = text.indexOf(`## ${title}\n`);
  const end = text.indexOf('\n## ', start);
  const section = text.slice(start, end < 0 ? undefined : end);
  let index = -1;
  const written = section.replace(FENCE, (block, kind: string, inner: string) => {
    index += 1;
    return isAnswer({ kind, text: inner }, index) ? `\`\`\`${kind}\n${answers.shift()}\n\`\`\`` : block;
  });
  writeFileSync(
    pathOf(page),
    text.replace(section, () => written),
  );
}

export const pretty = (json: unknown) => JSON.stringify(json, null, 2);

/** Parses a request of the legacy API in a block: a line, and an optional body after an empty line. */
export function readRequest(text: string) {
  const [line = '', ...body] = text.split('\n');
  const [, method = '', path = ''] = /^([A-Z]+) (\/api\/\S+)$/.exec(line) ?? [];
  return { method, path, body: body.join('\n').trim() || undefined };
}

export function writeAnswer({
  status,
  text,
  body,
}: {
  status: number;
  text: string;
  body?: unknown;
}): string {
  const line = `HTTP/1.1 ${status} ${STATUS_CODES[status]}`;
  const shown = body === undefined ? text.trimEnd() : pretty(body);
  return shown === '' ? line : `${line}\n\n${shown}`;
}
