import { type IncomingHttpHeaders, request } from 'node:http';
import { expect } from '@jest/globals';
import type { TestApp } from '../support/app.ts';

export interface RawAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  // biome-ignore lint/suspicious/noExplicitAny: a test reads answers of any shape
  readonly body: any;
}

export interface RawRequest {
  /** Defaults to John Smith's. Null sends none. */
  readonly token?: string | null;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
  /** Whether to send the body in chunks, without a Content-Length. */
  readonly chunked?: boolean;
}

/** Sends path, headers and body unchanged. `fetch` would normalise the path and add a content type. */
export function send(
  { url, token: tokenOf }: Pick<TestApp, 'url' | 'token'>,
  method: string,
  path: string,
  { token = tokenOf(), headers = {}, body, chunked = false }: RawRequest = {},
): Promise<RawAnswer> {
  const { hostname, port } = new URL(url);
  const length = body !== undefined && !chunked && { 'content-length': String(Buffer.byteLength(body)) };
  const all = { ...(token && { authorization: `Bearer ${token}` }), ...length, ...headers };
  return new Promise((resolve, reject) => {
    const sent = request({ hostname, port, method, path, headers: all, agent: false }, (answer) => {
      const chunks: Buffer[] = [];
      answer.on('data', (chunk) => chunks.push(chunk));
      answer.on('error', reject);
      answer.on('end', () => {
        const text = Buffer.concat(chunks).toString();
        const isJson = text && answer.headers['content-type']?.startsWith('application/json');
        resolve({
          status: answer.statusCode!,
          headers: answer.headers,
          text,
          body: isJson ? JSON.parse(text) : undefined,
        });
      });
    });
    sent.on('error', reject);
    if (chunked && body !== undefined) {
      const bytes = Buffer.from(body);
      for (let start = 0; start < bytes.length; start += 65_536) {
        sent.write(bytes.subarray(start, start + 65_536));
      }
      sent.end();
    } else sent.end(body);
  });
}

/** Checks an error of the legacy API: one JSON object with these five keys, and a sentence for people. */
export function expectError({ status, headers, body }: RawAnswer, code: number, error: string): void {
  expect({ status, error: body?.error }).toEqual({ status: code, error });
  expect(headers['content-type']).toBe('application/json; charset=utf-8');
  expect(Object.keys(body)).toEqual(['error', 'message', 'detail', 'code', 'request_id']);
  expect(body.request_id).toBe(headers['x-request-id']);
  expect(body.code).toBe(code);
  // The message names each activity that cannot be canceled on its own line, as existing clients expect.
  expect(body.message).toMatch(/^(activity \d+ => )?([A-Z]|\S+ must be ).*\.$/s);
  if (body.detail !== null) expect(Object.keys(body.detail)).toEqual(['field', 'found', 'allowed']);
}
