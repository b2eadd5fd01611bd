import { type IncomingHttpHeaders, request } from 'node:http';
import { expect } from '@jest/globals';
import type { TestApp } from '../support/app.ts';

export interface RawAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  // biome-ignore lint/suspicious/noExplicitAny: a test looks into whatever came
  readonly body: any;
}

export interface RawRequest {
  /** John Smith’s unless told; null: none. */
  readonly token?: string | null;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
  /** In pieces, without a Content-Length. */
  readonly chunked?: boolean;
}

/** Sends path, headers and body exactly as they are: `fetch` tidies up paths and adds a content type. */
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

/** An error of the legacy API: one JSON object of these five keys, with a sentence for a person. */
export function expectError({ status, headers, body }: RawAnswer, code: number, error: string): void {
  expect({ status, error: body?.error }).toEqual({ status: code, error });
  expect(headers['content-type']).toBe('application/json; charset=utf-8');
  expect(Object.keys(body)).toEqual(['error', 'message', 'detail', 'code', 'request_id']);
  expect(body.request_id).toBe(headers['x-request-id']);
  expect(body.code).toBe(code);
  // What can't be canceled has a line each, as existing clients read them.
  expect(body.message).toMatch(/^(activity \d+ => )?([A-Z]|\S+ must be ).*\.$/s);
  if (body.detail !== null) expect(Object.keys(body.detail)).toEqual(['field', 'found', 'allowed']);
}
