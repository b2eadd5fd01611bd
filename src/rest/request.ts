import { isUtf8 } from 'node:buffer';
import type { Origin } from '../domain/accounts/access.ts';
import { invalid, Refusal } from '../domain/errors.ts';
import type { RequestRecord } from '../services/request-record.ts';
import { jsonFault } from './json-fault.ts';

/** A request in the form that the REST API needs, independent of the HTTP server. */
export interface RestRequest {
  readonly method: string;
  /** Path and query as sent, not decoded. */
  readonly url: string;
  /** Records the operation, its principal and its outcome. */
  readonly requestRecord: RequestRecord;
  /** IP address of the client. */
  readonly address: string;
  /** Whether the connection to the client is encrypted. */
  readonly secure: boolean;
  /** Whether the request was encrypted or came from the server's own machine. */
  readonly isPrivate: boolean;
  /** Resolves when the answer was sent, or the client has disconnected. */
  readonly closed: Promise<unknown>;
  header(name: string): string | undefined;
  /** Reads the body. Undefined if it is longer than `limit` bytes. */
  body(limit: number): Promise<Uint8Array | undefined>;
}

export const originOf = ({
  address,
  requestRecord,
  isPrivate,
}: Pick<RestRequest, 'address' | 'requestRecord' | 'isPrivate'>): Origin => ({
  address,
  requestId: requestRecord.requestId,
  isPrivate,
});
/**
 * Decodes a query or a form to text. Each character of the input stands for one byte, whether it was percent-encoded or
 * not.
 * @throws Refusal INVALID_INPUT if the bytes are not UTF-8, because invalid bytes would be stored as U+FFFD
 */
export function decodeQuery(raw: string): string {
  for (const piece of raw.split('&')) {
    const bytes = piece.replace(/%([\da-f]{2})/gi, (_, digits) =>
      String.fromCharCode(Number.parseInt(digits, 16)),
    );
    if (isUtf8(Buffer.from(bytes, 'latin1'))) continue;
    const [name = ''] = piece.split('=', 1);
    throw invalid(
      /^[\w.]+$/.test(name) ? name : 'query',
      piece.slice(name.length + 1),
      'percent-encoded UTF-8',
    );
  }
  return Buffer.from(raw, 'latin1').toString();
}

/** The query of a request. An empty parameter counts as absent, and the last of several values counts. */
export class Query {
  readonly path: string;
  /** The query as sent, without the path. */
  readonly text: string;
  private readonly pieces: readonly string[];

  constructor(url: string) {
    const mark = url.indexOf('?');
    // The pattern looks behind. Otherwise the search of a path with many slashes would take quadratic time.
    this.path = (mark < 0 ? url : url.slice(0, mark)).replace(/(?<!\/)\/+$/, '');
    this.text = mark < 0 ? '' : url.slice(mark + 1);
    this.pieces = this.text.split('&').filter(Boolean);
  }

  /** @throws Refusal INVALID_INPUT if the query is not UTF-8 */
  check(): void {
    decodeQuery(this.text);
  }

  get(name: string): string | undefined {
    return new URLSearchParams(this.pieces.join('&')).getAll(name).at(-1) || undefined;
  }

  /** The parts of the query as sent, without one parameter. */
  without(name: string): string[] {
    return this.pieces.filter((piece) => !new URLSearchParams(piece).has(name));
  }

  /** Returns the items of a comma-separated list. */
  list(name: string): string[] {
    const items = this.get(name)?.split(',') ?? [];
    return items.map((item) => item.trim()).filter(Boolean);
  }

  /** @throws Refusal INVALID_INPUT */
  flag(name: string): boolean {
    const text = this.get(name)?.toLowerCase();
    return text !== undefined && ['true', '1'].includes(oneOf(name, text, ['true', 'false', '1', '0']));
  }

  /** @throws Refusal INVALID_INPUT */
  oneOf<Value extends string>(name: string, allowed: readonly Value[]): Value | undefined {
    const text = this.get(name);
    return text === undefined ? undefined : oneOf(name, text, allowed);
  }
}

/** @throws Refusal INVALID_INPUT */
export function oneOf<Value extends string>(field: string, found: unknown, allowed: readonly Value[]): Value {
  const value = allowed.find((candidate) => candidate === found);
  if (value === undefined) {
    throw invalid(field, found, allowed.length > 1 ? `one of ${allowed.join(', ')}` : allowed[0]!);
  }
  return value;
}

export type JsonObject = Readonly<Record<string, unknown>>;

/** @throws Refusal INVALID_INPUT with the position of the JSON error */
export function parseJsonObject(bytes: Uint8Array): JsonObject {
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw notJson('it is not UTF-8', 'bytes that are not UTF-8');
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw notJson(...whereItBroke(text));
  }
  if (!isObject(value)) throw invalid('body', value, 'a JSON object');
  return value;
}

export const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const notJson = (why: string, found: string) =>
  new Refusal('INVALID_INPUT', `The body is not JSON: ${why}.`, {
    field: 'body',
    found,
    allowed: 'a JSON object',
  });

function whereItBroke(text: string): [why: string, found: string] {
  if (text.trim() === '') return ['it is empty', 'nothing'];
  const position = jsonFault(text);
  const before = text.slice(0, position).split('\n');
  const place = `line ${before.length}, column ${before.at(-1)!.length + 1}`;
  const character = text.slice(position).match(/^./su)?.[0];
  return [
    `it has an error at ${place}`,
    character ? `${JSON.stringify(character)} at ${place}` : `the end at ${place}`,
  ];
}
