import { readdirSync, readFileSync } from 'node:fs';
import {
  Dictionary,
  decode,
  type Encodable,
  encode,
  Float,
  Tuple,
  type Value,
} from '../../src/message-system/bpickle.ts';

// The captured exchanges of a stock landscape-client; test/fixtures/landscape-client/README.md explains the notation.

const FOLDER = new URL('../fixtures/landscape-client/', import.meta.url);

interface Message {
  readonly decoded?: unknown;
  readonly hex?: string;
}
export interface Exchange {
  readonly what: string;
  readonly request: Message & {
    readonly method: string;
    readonly url: string;
    readonly headers: readonly string[];
    readonly body?: string;
  };
  readonly response: Message & { readonly status: number };
}

/** The exchange in the file whose name starts with this number. */
export function fixture(number: string): Exchange {
  const file = readdirSync(FOLDER).find((name) => name.startsWith(`${number}-`));
  if (!file) throw new Error(`No captured exchange has the number ${number}.`);
  return JSON.parse(readFileSync(new URL(file, FOLDER), 'utf8')) as Exchange;
}

/** Every captured body in bpickle, by file and direction. */
export function captured(): [name: string, hex: string][] {
  const files = readdirSync(FOLDER).filter((name) => /^\d\d-.*\.json$/.test(name));
  return files.flatMap((file) => {
    const { request, response } = fixture(file.slice(0, 2));
    return [
      ...(request.hex ? [[`the request of ${file}`, request.hex] as [string, string]] : []),
      ...(response.hex ? [[`the answer of ${file}`, response.hex] as [string, string]] : []),
    ];
  });
}

/** Converts the notation of the fixtures to values. */
export function unnoted(noted: unknown): Encodable {
  if (Array.isArray(noted)) return noted.map(unnoted);
  if (typeof noted !== 'object' || noted === null) return noted as Encodable;
  const entries = Object.entries(noted);
  const [[name, value] = ['', undefined]] = entries;
  if (entries.length === 1) {
    if (name === 's') return Buffer.from(value as string);
    if (name === 'hex') return Buffer.from(value as string, 'hex');
    if (name === 'f') return new Float(Number(value));
    if (name === 'i') return BigInt(value as string);
    if (name === 't') return new Tuple((value as unknown[]).map((item) => read(unnoted(item))));
    if (name === 'd')
      return new Dictionary(
        (value as [unknown, unknown][]).map(([key, item]) => [read(unnoted(key)), read(unnoted(item))]),
      );
  }
  return Object.fromEntries(entries.map(([key, item]) => [key, unnoted(item)]));
}

const read = (value: Encodable): Value => decode(encode(value));
