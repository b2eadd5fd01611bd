import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { errorObject } from './answer.ts';
import { type CorsPolicy, corsHeaders } from './cors.ts';

const refusals: Readonly<Record<string, readonly [status: string, error: string, message: string]>> = {
  HPE_HEADER_OVERFLOW: [
    '431 Request Header Fields Too Large',
    'HeadersTooLarge',
    'The address and headers of the request must be at most 16 KiB.',
  ],
  ERR_HTTP_REQUEST_TIMEOUT: ['408 Request Timeout', 'RequestTimeout', 'The request did not arrive in time.'],
  HPE_CHUNK_EXTENSIONS_OVERFLOW: [
    '413 Payload Too Large',
    'PayloadTooLarge',
    'The extensions of a chunk of the body must be at most 16 KiB.',
  ],
  ...badRequests({
    HPE_INVALID_METHOD:
      'The request must begin with a method in capital letters, such as GET, POST or PATCH, over HTTP and not HTTPS.',
    HPE_INVALID_URL:
      'The address of the request must be a path of ASCII characters, all others percent-encoded.',
    HPE_INVALID_VERSION: 'The request must use HTTP/1.0 or HTTP/1.1.',
    HPE_INVALID_HEADER_TOKEN: 'A header of the request has a character that is not allowed.',
    HPE_INVALID_CONTENT_LENGTH: 'Content-Length must be the number of bytes of the body.',
    HPE_UNEXPECTED_CONTENT_LENGTH:
      'The request must have only one Content-Length, and none together with Transfer-Encoding.',
    HPE_INVALID_TRANSFER_ENCODING:
      'Transfer-Encoding must be chunked, and must not be combined with Content-Length.',
    HPE_INVALID_CHUNK_SIZE: 'A chunk of the body must begin with its size as a hexadecimal number.',
  }),
};

function badRequests(messages: Readonly<Record<string, string>>) {
  return Object.fromEntries(
    Object.entries(messages).map(([code, message]) => [
      code,
      ['400 Bad Request', 'BadRequest', message] as const,
    ]),
  );
}

interface BrokenRequest {
  readonly code?: string;
  /** The bytes at which the parser stopped. */
  readonly rawPacket?: unknown;
}

/**
 * Answers input that is not HTTP and so reaches no route: sends the legacy API's error object and closes the
 * connection.
 */
export const brokenRequestHandler =
  (cors: CorsPolicy) =>
  (error: BrokenRequest, socket: Socket): void => {
    if (error.code === 'ECONNRESET' || !socket.writable) {
      socket.destroy();
      return;
    }
    const [status, name, message] = refusals[error.code ?? ''] ?? [
      '400 Bad Request',
      'BadRequest',
      'The request is not valid HTTP/1.1.',
    ];
    answerOn(socket, status, name, message, corsOfBytes(cors, error.rawPacket));
  };

/**
 * Finds the origin in bytes that were not parsed as a request. If it arrived in earlier bytes, any page may read the
 * answer, because its text is the same for every caller.
 */
function corsOfBytes(cors: CorsPolicy, bytes: unknown): Record<string, string> {
  const [, origin] =
    /\r\nOrigin:[ \t]*([^\s]+)/i.exec(bytes instanceof Buffer ? bytes.toString('latin1') : '') ?? [];
  if (origin !== undefined) return corsHeaders(cors, { origin });
  const isOpen = cors.loopback || cors.origins.length > 0;
  return { ...corsHeaders(cors, {}), ...(isOpen && { 'access-control-allow-origin': '*' }) };
}

/** Sends the error object of the legacy API on a bare connection and closes it. */
export function answerOn(
  socket: Duplex,
  status: string,
  name: string,
  message: string,
  headers: Readonly<Record<string, string>> = {},
): void {
  const body = JSON.stringify(errorObject(Number(status.slice(0, 3)), name, message));
  socket.end(
    [
      `HTTP/1.1 ${status}`,
      'connection: close',
      'content-type: application/json; charset=utf-8',
      'x-content-type-options: nosniff',
      `content-length: ${Buffer.byteLength(body)}`,
      ...Object.entries(headers).map(([header, value]) => `${header}: ${value}`),
      '',
      body,
    ].join('\r\n'),
  );
}
