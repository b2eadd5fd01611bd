import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { FastifyInstance } from 'fastify';
import { extensionOf, sender } from './static-file.ts';

/** Beside this file: in `src` as it is written, in `dist` where the build copies it. */
const folder = new URL('set-password/', import.meta.url);

const files: Readonly<Record<string, string>> = {
  '/set-password': 'index.html',
  '/set-password/page.js': 'page.js',
  '/set-password/page.css': 'page.css',
};

const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  'img-src data:',
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** The address that a one-time link opens. The token is in the fragment, which browsers never send to a server. */
export const passwordPageAt = (publicUrl: string, token: string): string =>
  `${publicUrl.replace(/\/$/, '')}/set-password#token=${token}`;

/** A page on which a person sets a password. It needs no console and no explorer. */
export function addPasswordPage(server: FastifyInstance): void {
  const headers = { 'content-security-policy': POLICY };
  for (const [path, file] of Object.entries(files)) {
    const read = () => readFile(fileURLToPath(new URL(file, folder)));
    server.get(path, sender({ extension: extensionOf(file), headers, read }));
  }
}
