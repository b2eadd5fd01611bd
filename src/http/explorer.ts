import { readdir, readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { FastifyInstance } from 'fastify';
import { extensionOf, sender } from './static-file.ts';

/** The folder next to this file. It contains the sources in `src`, and the build's copy in `dist`. */
const folder = fileURLToPath(new URL('explorer/', import.meta.url));

/** Files of other packages, served unchanged. The page loads nothing from other servers. */
const bundles: Readonly<Record<string, readonly [name: string, file: string]>> = {
  'react.js': ['react', 'umd/react.production.min.js'],
  'react-dom.js': ['react-dom', 'umd/react-dom.production.min.js'],
  'graphiql.js': ['graphiql', 'graphiql.min.js'],
  'graphiql.css': ['graphiql', 'graphiql.min.css'],
  'swagger-ui.js': ['swagger-ui-dist', 'swagger-ui-bundle.js'],
  'swagger-ui.css': ['swagger-ui-dist', 'swagger-ui.css'],
};

/** GraphiQL’s dialogs and Swagger UI write style elements. Scripts come only from files, and none is built from text. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  'img-src data:',
  'font-src data:',
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');
const headers = { 'content-security-policy': POLICY };

/** Serves GraphiQL at /explorer, for operators whose browsers have no internet. Its page logs a person in. */
export function addExplorer(server: FastifyInstance): void {
  serve('/explorer', 'html', () => readFile(join(folder, 'index.html')));
  for (const file of ['explorer.js', 'fetcher.js', 'token.js', 'explorer.css', 'rest.js', 'rest.css'])
    serve(`/explorer/${file}`, extensionOf(file), () => readFile(join(folder, file)));
  for (const [name, [pack, file]] of Object.entries(bundles))
    serve(`/explorer/${name}`, extensionOf(name), () => readFile(join(packageFolder(pack), file)));
  serve('/explorer/examples.json', 'json', async () => Buffer.from(JSON.stringify(await readExamples())));

  function serve(path: string, extension: string, read: () => Promise<Buffer>): void {
    server.get(path, sender({ extension, headers, read }));
  }
}

/** Serves Swagger UI at /api/v2 to browsers. Programs do not request HTML, so their answer is unchanged. */
export function addRestPage(rest: FastifyInstance): void {
  const sendPage = sender({
    extension: 'html',
    headers,
    read: () => readFile(join(folder, 'rest.html')),
  });
  rest.addHook('onRequest', async (request, reply) => {
    const [path] = request.url.split('?', 1);
    if (request.method !== 'GET' || !request.headers.accept?.includes('text/html')) return;
    // The links of the page are relative, so that it works below a proxy's own prefix.
    if (path === '/api/v2/') return reply.redirect('../v2');
    if (path === '/api/v2') return sendPage(request, reply);
  });
}

const packageFolder = (name: string) =>
  dirname(createRequire(import.meta.url).resolve(`${name}/package.json`));

/** The example operations. The first line of each states its purpose. */
export async function readExamples(): Promise<{ title: string; document: string }[]> {
  const names = (await readdir(join(folder, 'examples'))).sort();
  return Promise.all(
    names.map(async (name) => {
      const document = await readFile(join(folder, 'examples', name), 'utf8');
      return { title: /^# (.+)\n/.exec(document)?.[1] ?? basename(name, '.graphql'), document };
    }),
  );
}
