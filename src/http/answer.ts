import { Readable } from 'node:stream';
import type { FastifyReply } from 'fastify';

/** An API's answer to a request. */
export interface Answer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

/** Resolves when the answer was sent or the client has disconnected. */
export const closedOf = ({ raw }: FastifyReply): Promise<unknown> =>
  new Promise((resolve) => {
    raw.once('close', resolve);
  });
/** The error object of the legacy API, for requests that are rejected before a route is found. */
export const errorObject = (code: number, error: string, message: string) => ({
  error,
  message,
  detail: null,
  code,
});

export function send(reply: FastifyReply, { status, headers, body }: Answer): FastifyReply {
  if (headers) reply.headers(headers);
  reply.code(status);
  if (body === undefined || body instanceof Uint8Array || body instanceof Readable) return reply.send(body);
  return reply.type('application/json; charset=utf-8').send(JSON.stringify(body));
}
