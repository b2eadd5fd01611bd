import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';

const refusals: Readonly<Record<string, readonly [status: string, error: string, message: string]>> = {
  HPE_HEADER_OVERFLOW: [
    '431 Request Header Fields Too Large',
    'HeadersTooLarge',
    'The address and headers of the request must be at most 16 KiB.',
  ],
  ERR_HTTP_REQUEST_TIMEOUT: ['408 Request Timeout', 'RequestTimeout', 'The request took too long to arrive.'],
};

/** For what is no HTTP request, so that no door sees it: the error object of the legacy API, and the end. */
export function answerBrokenRequest(error: NodeJS.ErrnoException, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const [status, name, message] = refusals[error.code ?? ''] ?? [
    '400 Bad Request',
    'BadRequest',
    'This is no HTTP request.',
  ];
  answerOn(socket, status, name, message);
}

/** The error object of the legacy API on a bare connection, and the end of it. */
export function answerOn(socket: Duplex, status: string, name: string, message: string): void {
  const body = JSON.stringify({ error: name, message, detail: null, code: Number(status.slice(0, 3)) });
  socket.end(
    [
      `HTTP/1.1 ${status}`,
      'Connection: close',
      'Content-Type: application/json; charset=utf-8',
      'X-Content-Type-Options: nosniff',
      `Content-Length: ${Buffer.byteLength(body)}`,
      '',
      body,
    ].join('\r\n'),
  );
}
