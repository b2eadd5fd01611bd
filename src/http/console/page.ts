import { readdir, readFile } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { CONSOLE_OPERATION } from '../observability/request-log.ts';
import { extensionOf, isKnownType, type Sender, sender } from '../static-file.ts';

const INDEX = 'index.html';

const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "font-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
].join('; ');

/** The browser asks each time whether the file has changed. */
const CHECKED = { 'content-security-policy': POLICY, 'cache-control': 'no-cache' };
/** The name contains a hash of the content. */
const PERMANENT = {
  'content-security-policy': POLICY,
  'cache-control': 'public, max-age=31536000, immutable',
};

/** Names with which the server's own paths begin. No page of the console is below them. */
const ownNames = [
  'api',
  'assets',
  'attachment',
  'explorer',
  'graphql',
  'healthz',
  'message-system',
  'metrics',
  'operator',
  'ping',
  'readyz',
  'session',
  'set-password',
];

/**
 * Serves the files of the built web console. Returns the sender of its page, which shows what the browser's address
 * names. The files are read now, so that a later build does not mix two versions.
 */
export async function addConsole(server: FastifyInstance, folder: string): Promise<Sender> {
  let page: Sender | undefined;
  for (const name of await namesIn(folder)) {
    const content = await readFile(join(folder, name));
    const send = sender({
      extension: extensionOf(name),
      headers: name.startsWith('assets/') ? PERMANENT : CHECKED,
      read: async () => content,
    });
    const sendNoted: Sender = (request, reply) => {
      request.requestRecord.operation = CONSOLE_OPERATION;
      return send(request, reply);
    };
    if (name === INDEX) page = sendNoted;
    else server.get(`/${name}`, sendNoted);
  }
  if (!page) throw new Error(`${folder} has no ${INDEX}.`);
  return page;
}

/** Paths below the folder. Hidden files belong to the build. */
async function namesIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join('/'))
    .filter((name) => isKnownType(name) && !/(^|\/)\./.test(name));
}

/** Whether a browser opens an address that is not one of the server's own. */
export function opensConsole({ method, headers }: FastifyRequest, path: string): boolean {
  return isPageRequest(method, headers.accept) && !ownNames.includes(path.split('/')[1]!);
}

const isPageRequest = (method: string, accept = '') =>
  (method === 'GET' || method === 'HEAD') && accept.includes('text/html');
