import { Refusal } from '../domain/errors.ts';

// bpickle is the encoding in which landscape-client and its server exchange values. A body contains exactly
// one value, without a header. Unicode and bytes are different types on the wire, and an agent that receives
// the wrong type may fail forever. They are different types here, too: a string encodes as unicode, and a
// Uint8Array as bytes.

/** A Python float, which JavaScript cannot distinguish from an integer. */
export class Float {
  constructor(readonly value: number) {}
}

/** A Python tuple. */
export class Tuple {
  constructor(readonly items: readonly Value[]) {}
}

/** Received unicode. It is a view of the body, so long texts are not copied. */
export class Text {
  constructor(readonly utf8: Uint8Array) {}

  /** Invalid UTF-8 becomes U+FFFD, because one invalid text must not fail the exchange. */
  toString(): string {
    const { buffer, byteOffset, byteLength } = this.utf8;
    return Buffer.from(buffer, byteOffset, byteLength).toString('utf8');
  }
}

export class Dictionary {
  private index: Map<string, Value> | undefined;

  constructor(readonly entries: readonly (readonly [key: Value, value: Value])[]) {}

  /**
   * The value of a key that is unicode or, from old clients, bytes. The last of several equal keys counts.
   */
  get(name: string): Value | undefined {
    this.index ??= new Map(
      this.entries.flatMap(([key, value]) => {
        const text = textOf(key);
        return text === undefined ? [] : [[text, value] as const];
      }),
    );
    return this.index.get(name);
  }
}

/** A decoded value. Integers outside the safe range are bigints. */
export type Value =
  | null
  | boolean
  | number
  | bigint
  | Float
  | Text
  | Uint8Array
  | Tuple
  | Dictionary
  | readonly Value[];

/** A value that can be encoded. Plain objects become dictionaries with unicode keys. */
export type Encodable =
  | Value
  | string
  | readonly Encodable[]
  | { readonly [key: string]: Encodable | undefined };

/** The text of a unicode or bytes value. Undefined for other types. */
export function textOf(value: Value | undefined): string | undefined {
  if (value instanceof Text) return value.toString();
  return value instanceof Uint8Array ? new Text(value).toString() : undefined;
}

export const MAX_BYTES = 64 * 1024 * 1024;
export const MAX_VALUES = 200_000;
export const MAX_DEPTH = 32;
export const MAX_DIGITS = 40;
/** Applies to lengths, which are at most MAX_BYTES. */
const MAX_LENGTH_DIGITS = 8;

/** @throws Refusal INVALID_INPUT, which states the position of the error */
export function decode(body: Uint8Array): Value {
  if (body.length > MAX_BYTES) throw broken(0, `${body.length} bytes`, `at most ${MAX_BYTES} bytes`);
  const reader = new Reader(body);
  const value = reader.value(0);
  reader.end();
  return value;
}

class Reader {
  private at = 0;
  private values = 0;

  constructor(private readonly body: Uint8Array) {}

  value(depth: number): Value {
    this.values += 1;
    if (this.values > MAX_VALUES) throw broken(this.at, 'another value', `at most ${MAX_VALUES} values`);
    if (depth > MAX_DEPTH) throw broken(this.at, 'a deeper value', `at most ${MAX_DEPTH} levels of nesting`);
    const start = this.at;
    this.at += 1;
    switch (this.body[start]) {
      case NONE:
        return null;
      case BOOLEAN:
        return this.boolean();
      case INTEGER:
        return this.integer();
      case FLOAT:
        return new Float(this.float());
      case BYTES:
        return this.bytes();
      case TEXT:
        return new Text(this.bytes());
      case LIST:
        return this.items(depth);
      case TUPLE:
        return new Tuple(this.items(depth));
      case DICTIONARY:
        return this.dictionary(depth);
      default:
        throw broken(start, this.found(start), 'a value: n, b, i, f, s, u, l, t or d');
    }
  }

  end(): void {
    if (this.at < this.body.length) throw broken(this.at, this.found(this.at), 'the end of the body');
  }

  private boolean(): boolean {
    const digit = this.body[this.at];
    if (digit !== ZERO && digit !== ONE) throw broken(this.at, this.found(this.at), '0 or 1');
    this.at += 1;
    return digit === ONE;
  }

  private integer(): number | bigint {
    const start = this.at;
    const text = this.until(END, MAX_DIGITS + 1);
    if (!/^-?\d{1,40}$/.test(text))
      throw broken(start, show(text), `an integer of 1 to ${MAX_DIGITS} digits`);
    const number = Number(text);
    if (!Number.isSafeInteger(number)) return BigInt(text);
    return number === 0 ? 0 : number;
  }

  private float(): number {
    const start = this.at;
    const text = this.until(END, MAX_DIGITS);
    if (!/^[-+]?(\d+(\.\d*)?(e[-+]?\d+)?|inf|nan)$/i.test(text)) throw broken(start, show(text), 'a float');
    return Number(text.replace(/inf/i, 'Infinity').replace(/nan/i, 'NaN'));
  }

  private bytes(): Uint8Array {
    const start = this.at;
    const text = this.until(COLON, MAX_LENGTH_DIGITS);
    const length = /^\d+$/.test(text) ? Number(text) : Number.POSITIVE_INFINITY;
    const left = this.body.length - this.at;
    if (length > left) throw broken(start, show(text), `a length of at most the ${left} bytes that follow`);
    this.at += length;
    return this.body.subarray(this.at - length, this.at);
  }

  private items(depth: number): Value[] {
    const items: Value[] = [];
    while (!this.ends()) items.push(this.value(depth + 1));
    return items;
  }

  private dictionary(depth: number): Dictionary {
    const entries: (readonly [Value, Value])[] = [];
    while (!this.ends()) {
      const key = this.value(depth + 1);
      entries.push([key, this.value(depth + 1)]);
    }
    return new Dictionary(entries);
  }

  /** Whether a container ends at the current position. Consumes the end mark. */
  private ends(): boolean {
    const ends = this.body[this.at] === END;
    if (ends) this.at += 1;
    return ends;
  }

  /** Reads text up to the given end byte and consumes that byte. The end must follow within `most` bytes. */
  private until(end: number, most: number): string {
    const start = this.at;
    let stop = start;
    while (stop - start <= most && stop < this.body.length && this.body[stop] !== end) stop += 1;
    if (this.body[stop] !== end)
      throw broken(start, this.found(stop), `${JSON.stringify(String.fromCharCode(end))} before it`);
    this.at = stop + 1;
    return String.fromCharCode(...this.body.subarray(start, stop));
  }

  private found(at: number): string {
    const byte = this.body[at];
    return byte === undefined ? 'the end' : `the byte 0x${byte.toString(16).padStart(2, '0')}`;
  }
}

const [NONE, BOOLEAN, INTEGER, FLOAT, BYTES, TEXT, LIST, TUPLE, DICTIONARY] = Buffer.from('nbifsultd');
const [END, COLON, ZERO, ONE] = Buffer.from(';:01') as unknown as readonly [number, number, number, number];

const show = (text: string) => JSON.stringify(text);

const broken = (at: number, found: string, allowed: string) =>
  new Refusal('INVALID_INPUT', `The body has an error at byte ${at}: found ${found}. Expected ${allowed}.`, {
    field: 'body',
    found,
    allowed,
  });

/** Encodes a value. Dictionaries are sorted by key, as in the client's own encoder. */
export function encode(value: Encodable): Buffer {
  const parts: Uint8Array[] = [];
  write(value, parts);
  return Buffer.concat(parts);
}

function write(value: Encodable, parts: Uint8Array[]): void {
  if (value === null) parts.push(Buffer.from('n'));
  else if (typeof value === 'boolean') parts.push(Buffer.from(value ? 'b1' : 'b0'));
  else if (typeof value === 'number' || typeof value === 'bigint')
    parts.push(Buffer.from(`i${integerText(value)};`));
  else if (typeof value === 'string') writeSized('u', Buffer.from(value), parts);
  else if (value instanceof Text) writeSized('u', value.utf8, parts);
  else if (value instanceof Uint8Array) writeSized('s', value, parts);
  else if (value instanceof Float) parts.push(Buffer.from(`f${floatText(value.value)};`));
  else if (value instanceof Tuple) writeItems('t', value.items, parts);
  else if (value instanceof Dictionary) writeEntries(value.entries, parts);
  else if (isList(value)) writeItems('l', value, parts);
  else writeEntries(Object.entries(value), parts);
}

const isList = (value: Encodable): value is readonly Encodable[] => Array.isArray(value);

function writeSized(tag: 's' | 'u', bytes: Uint8Array, parts: Uint8Array[]): void {
  parts.push(Buffer.from(`${tag}${bytes.length}:`), bytes);
}

function writeItems(tag: 'l' | 't', items: readonly Encodable[], parts: Uint8Array[]): void {
  parts.push(Buffer.from(tag));
  for (const item of items) write(item, parts);
  parts.push(Buffer.from(';'));
}

function writeEntries(
  entries: readonly (readonly [Encodable, Encodable | undefined])[],
  parts: Uint8Array[],
): void {
  parts.push(Buffer.from('d'));
  for (const [key, value] of [...entries].sort(([one], [other]) => compareKeys(one, other))) {
    if (value === undefined) continue;
    write(key, parts);
    write(value, parts);
  }
  parts.push(Buffer.from(';'));
}

/** Compares keys of one type like Python. Keys of types that Python cannot compare are grouped by type. */
function compareKeys(one: Encodable, other: Encodable): number {
  if (isInteger(one) && isInteger(other)) return one < other ? -1 : one > other ? 1 : 0;
  const [first, second] = [encode(one), encode(other)];
  return first[0]! - second[0]! || Buffer.compare(contentOf(one, first), contentOf(other, second));
}

const isInteger = (value: Encodable): value is number | bigint =>
  typeof value === 'number' || typeof value === 'bigint';

/** Drops the length prefix, because it would sort shorter texts first. */
const contentOf = (value: Encodable, encoded: Buffer): Uint8Array =>
  typeof value === 'string' || value instanceof Text || value instanceof Uint8Array
    ? encoded.subarray(encoded.indexOf(':') + 1)
    : encoded;

function integerText(value: number | bigint): string {
  if (typeof value === 'number' && !Number.isSafeInteger(value))
    throw new RangeError(`${value} is not an integer that JavaScript can hold. Use Float for a float.`);
  return value.toString();
}

/**
 * Formats a float like Python's `repr`: the shortest digits that read back as the same number, with a point
 * or an exponent.
 */
function floatText(value: number): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? 'nan' : value < 0 ? '-inf' : 'inf';
  if (Object.is(value, -0)) return '-0.0';
  const [mantissa, exponent] = value.toExponential().split('e') as [string, string];
  const power = Number(exponent);
  if (power < -4 || power >= 16)
    return `${mantissa}e${power < 0 ? '-' : '+'}${String(Math.abs(power)).padStart(2, '0')}`;
  const digits = Math.max(0, mantissa.replace(/^-/, '').replace('.', '').length - 1 - power);
  return value.toFixed(Math.max(1, digits));
}
