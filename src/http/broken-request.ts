import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { type CorsPolicy, corsHeaders } from './cors.ts';

const refusals: Readonly<Record<string, readonly [status: string, error: string, message: string]>> = {
  HPE_HEADER_OVERFLOW: [
    '431 Request Header Fields Too Large',
    'HeadersTooLarge',
    'The address and headers of the request must be at most 16 KiB.',
  ],
  ERR_HTTP_REQUEST_TIMEOUT: ['408 Request Timeout', 'RequestTimeout', 'The request took too long to arrive.'],
};

interface BrokenRequest {
  readonly code?: string;
  /** The bytes in which the parser stopped. */
  readonly rawPacket?: unknown;
}

/** For what is no HTTP request, so that no route sees it: the error object of the legacy API, and the end. */
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
      'This is no HTTP request.',
    ];
    answerOn(socket, status, name, message, corsOfBytes(cors, error.rawPacket));
  };

/**
 * The origin stands somewhere in bytes that were not read as a request. Where it arrived in earlier ones, any page may
 * read the answer: its text is the same for every caller.
 */
function corsOfBytes(cors: CorsPolicy, bytes: unknown): Record<string, string> {
  const [, origin] =
    /\r\nOrigin:[ \t]*([^\s]+)/i.exec(bytes instanceof Buffer ? bytes.toString('latin1') : '') ?? [];
  if (origin !== undefined) return corsHeaders(cors, { origin });
  const isOpen = cors.loopback || cors.origins.length > 0;
  return { ...corsHeaders(cors, {}), ...(isOpen && { 'access-control-allow-origin': '*' }) };
}

/** The error object of the legacy API on a bare connection, and the end of it. */
export function answerOn(
  socket: Duplex,
  status: string,
  name: string,
  message: string,
  headers: Readonly<Record<string, string>> = {},
): void {
  const body = JSON.stringify({ error: name, message, detail: null, code: Number(status.slice(0, 3)) });
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
