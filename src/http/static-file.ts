import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { brotliCompress, gzip, constants as zlib } from 'node:zlib';
import type { FastifyReply, FastifyRequest } from 'fastify';

export interface StaticFile {
  /** The ending of its name, such as `css`. */
  readonly extension: string;
  readonly headers: Readonly<Record<string, string>>;
  read(): Promise<Buffer>;
}

export type Sender = (request: FastifyRequest, reply: FastifyReply) => Promise<FastifyReply>;

const texts: Readonly<Record<string, string>> = {
  html: 'text/html; charset=utf-8',
  css: 'text/css; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  json: 'application/json; charset=utf-8',
  svg: 'image/svg+xml',
  txt: 'text/plain; charset=utf-8',
};
const compressed: Readonly<Record<string, string>> = {
  ico: 'image/x-icon',
  png: 'image/png',
  webp: 'image/webp',
  woff: 'font/woff',
  woff2: 'font/woff2',
};
const types = { ...texts, ...compressed };

export const extensionOf = (name: string) => name.slice(name.lastIndexOf('.') + 1);

/** Whether a file can be sent with its type. */
export const isKnownType = (name: string): boolean => Object.hasOwn(types, extensionOf(name));

/** A higher level would delay the first request, and saves little. */
const BROTLI_LEVEL = 5;

/** Sends a file. Reads and compresses it once, at the first request for it. */
export function sender({ extension, headers, read }: StaticFile): Sender {
  let file: ReturnType<typeof encoded> | undefined;
  return async (request, reply) => {
    file ??= read().then((content) => encoded(content, Object.hasOwn(texts, extension)));
    const { hash, plain, codings } = await file;
    // Weak, because it names the content in all codings.
    reply.headers({ vary: 'Origin, Accept, Accept-Encoding', etag: `W/"${hash}"`, ...headers });
    if (request.headers['if-none-match']?.includes(`"${hash}"`)) return reply.code(304).send();
    const accepted = acceptedCodings(request.headers['accept-encoding']);
    const [coding, content] = codings.find(([name]) => accepted.includes(name)) ?? [];
    if (coding !== undefined) reply.header('content-encoding', coding);
    return reply.type(types[extension]!).send(content ?? plain);
  };
}

/** The codings of an Accept-Encoding header. A weight of 0 excludes one. */
const acceptedCodings = (header = ''): string[] =>
  header
    .split(',')
    .map((item) => item.split(';').map((part) => part.trim()))
    .filter(([, weight = '']) => !/^q=0(\.0*)?$/.test(weight))
    .map(([name = '']) => name);

async function encoded(plain: Buffer, isText: boolean) {
  const hash = createHash('sha256').update(plain).digest('base64url');
  if (!isText) return { hash, plain, codings: [] };
  const params = { [zlib.BROTLI_PARAM_QUALITY]: BROTLI_LEVEL };
  const [br, zipped] = await Promise.all([
    promisify(brotliCompress)(plain, { params }),
    promisify(gzip)(plain),
  ]);
  const codings: readonly (readonly [name: string, content: Buffer])[] = [
    ['br', br],
    ['gzip', zipped],
  ];
  return { hash, plain, codings };
}
