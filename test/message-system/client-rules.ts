/**
 * Decodes an answer as the client does, with a separate decoder, and returns everything that would harm the client. A
 * wrong type in one field makes every later exchange of the client fail. Returns nothing for an acceptable answer.
 */
export function harmIn(body: Uint8Array): string[] {
  let read: Read;
  try {
    read = new Decoder(Buffer.from(body)).whole();
  } catch (error) {
    return [`The answer can't be decoded: ${(error as Error).message}`];
  }
  const harm: string[] = [];
  const demand = (holds: boolean, what: string) => holds || harm.push(what);
  if (read.tag !== 'd') return ['The answer is no dictionary.'];
  const unicodeKeys = (value: Read, path: string): void => {
    if (value.tag === 'd')
      for (const [key, item] of value.entries) {
        demand(key.tag === 'u', `A key in ${path} is not unicode.`);
        unicodeKeys(item, `${path}.${key.tag === 'u' ? key.text : '?'}`);
      }
    if (value.tag === 'l') for (const item of value.items) unicodeKeys(item, path);
  };
  unicodeKeys(read, 'the answer');
  const isAscii = (value?: Read) =>
    value?.tag === 's' && /^[\x20-\x7e]*$/.test(value.bytes.toString('latin1'));
  const is =
    (...tags: Read['tag'][]) =>
    (value?: Read) =>
      value !== undefined && tags.includes(value.tag);
  const top = fields(read);
  demand(is('s', 'u')(top.get('server-api')), 'server-api is missing.');
  demand(is('s', 'u')(top.get('server-uuid')), 'server-uuid is missing.');
  const next = top.get('next-expected-sequence');
  demand(!next || next.tag === 'i', 'next-expected-sequence is no integer.');
  const token = top.get('next-exchange-token');
  demand(!token || isAscii(token), 'next-exchange-token is not ASCII bytes.');
  const hash = top.get('client-accepted-types-hash');
  demand(
    !hash || (hash.tag === 's' && hash.bytes.length === 16),
    'client-accepted-types-hash is not 16 bytes.',
  );
  const messages = top.get('messages');
  if (messages?.tag !== 'l') return [...harm, 'messages is no list.'];
  for (const message of messages.items) {
    if (message.tag !== 'd') return [...harm, 'A message is no dictionary.'];
    const field = fields(message);
    const type = field.get('type');
    if (type?.tag !== 'u') return [...harm, 'The type of a message is not unicode.'];
    const rules = rulesOf[type.text];
    if (!rules) harm.push(`The server has no business with ${type.text}.`);
    for (const [name, rule] of Object.entries(rules ?? {}))
      demand(rule(field.get(name)), `${name} of ${type.text} has a type that the client can't take.`);
    for (const name of field.keys())
      demand(name === 'type' || name in (rules ?? {}), `${type.text} has a field ${name}.`);
  }
  return harm;

  function fields(dictionary: Read & { tag: 'd' }): Map<string, Read> {
    return new Map(
      dictionary.entries.map(([key, value]) => [key.tag === 'u' ? key.text : `bytes ${String(key)}`, value]),
    );
  }
}

type Rule = (value?: Read) => boolean;
const unicode: Rule = (value) => value?.tag === 'u';
const integer: Rule = (value) => value?.tag === 'i';
const all =
  (rule: Rule): Rule =>
  (value) =>
    value?.tag === 'd' && value.entries.every(([key, item]) => key.tag === 'u' && rule(item));

const rulesOf: Readonly<Record<string, Readonly<Record<string, Rule>>>> = {
  'set-id': {
    id: (value) => value?.tag === 's' && /^[\x21-\x7e]+$/.test(value.bytes.toString('latin1')),
    'insecure-id': integer,
  },
  registration: { info: unicode },
  'unknown-id': {},
  'no-operation': {},
  'accepted-types': { types: (value) => value?.tag === 'l' && value.items.every(unicode) },
  'execute-script': {
    'operation-id': integer,
    interpreter: unicode,
    code: unicode,
    username: unicode,
    'time-limit': (value) => value?.tag === 'i' && value.number > 0,
    attachments: all(integer),
    env: all(unicode),
  },
};

type Read =
  | { tag: 'n' }
  | { tag: 'b'; yes: boolean }
  | { tag: 'i'; number: number }
  | { tag: 'f' }
  | { tag: 's'; bytes: Buffer }
  | { tag: 'u'; text: string }
  | { tag: 'l'; items: Read[] }
  | { tag: 't'; items: Read[] }
  | { tag: 'd'; entries: [Read, Read][] };

/** Written from the description of the format, and not from the server's decoder. */
class Decoder {
  private at = 0;

  constructor(private readonly body: Buffer) {}

  whole(): Read {
    const read = this.next();
    if (this.at !== this.body.length) throw new Error('Something follows the value.');
    return read;
  }

  private next(): Read {
    const tag = this.take(1);
    if (tag === 'n') return { tag };
    if (tag === 'b') return { tag, yes: this.take(1) === '1' };
    if (tag === 'i') return { tag, number: Number(this.before(';')) };
    if (tag === 'f') {
      this.before(';');
      return { tag };
    }
    if (tag === 's' || tag === 'u') {
      const length = Number(this.before(':'));
      const bytes = this.body.subarray(this.at, this.at + length);
      if (bytes.length !== length) throw new Error('A text ends too early.');
      this.at += length;
      if (tag === 's') return { tag, bytes };
      // Fatal as in Python: a single byte that is not UTF-8 makes the whole answer unreadable.
      return { tag, text: new TextDecoder('utf-8', { fatal: true }).decode(bytes) };
    }
    if (tag === 'l' || tag === 't') return { tag, items: this.upToEnd(() => this.next()) };
    if (tag === 'd') return { tag, entries: this.upToEnd((): [Read, Read] => [this.next(), this.next()]) };
    throw new Error(`Nothing begins with ${JSON.stringify(tag)}.`);
  }

  private upToEnd<Item>(next: () => Item): Item[] {
    const items: Item[] = [];
    while (String.fromCharCode(this.body[this.at] ?? 0) !== ';') items.push(next());
    this.at += 1;
    return items;
  }

  private take(length: number): string {
    this.at += length;
    return this.body.subarray(this.at - length, this.at).toString('latin1');
  }

  private before(end: string): string {
    const stop = this.body.indexOf(end, this.at);
    if (stop < 0) throw new Error(`${end} is missing.`);
    const text = this.body.subarray(this.at, stop).toString('latin1');
    this.at = stop + 1;
    return text;
  }
}
