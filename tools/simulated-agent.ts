import { createHash } from 'node:crypto';
import {
  Dictionary,
  decode,
  type Encodable,
  encode,
  Text,
  textOf,
  type Value,
} from '../src/message-system/bpickle.ts';

/** Sends an agent's request over HTTP and returns the answer. Undefined if the answer was lost. */
export type Transport = (request: {
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}) => Promise<{ readonly status: number; readonly body: Uint8Array } | undefined>;

export interface SimulatedAgentOptions {
  readonly send: Transport;
  readonly accountName: string;
  readonly registrationKey: string;
  readonly title: string;
  readonly hostname?: string;
  readonly tags?: string;
  readonly accessGroup?: string;
  /** Runs a script. Returns the result to report, or undefined while the script runs. */
  run?(script: Script): Result | undefined;
  /** Checks each answer before it is handled. */
  check?(body: Uint8Array): void;
}

export interface Script {
  readonly operationId: number;
  readonly interpreter: string;
  readonly code: string;
  readonly username: string;
  readonly timeLimit: number;
  readonly attachments: Readonly<Record<string, number>>;
  readonly env: Readonly<Record<string, string>>;
}

export interface Result {
  readonly succeeded: boolean;
  readonly code?: number;
  readonly text?: string;
}

type Message = { readonly [field: string]: Encodable };

const TYPES = ['accepted-types', 'execute-script', 'registration', 'resynchronize', 'set-id', 'unknown-id'];
const SUCCEEDED = 6;
const FAILED = 5;

/**
 * Simulates the broker of `landscape-client` as a server sees it: both sequences, the queue of messages, the accepted
 * types and the automatic registration. It shares only the encoding with the server.
 */
export class SimulatedAgent {
  secureId: string | undefined;
  insecureId: string | undefined;
  /** Number of starts of each operation. */
  readonly started = new Map<number, number>();
  /** The server's reason for rejecting the registration. */
  refusal: string | undefined;
  /** Whether the agent accepts scripts. A real client announces this once its manager has started. */
  runsScripts = true;
  /** Operations that the agent can neither start nor skip. */
  readonly blockedBy = new Set<number>();
  /** Sequence number of the first waiting message. */
  sequence = 0;
  /** Sequence number of the server's next message. */
  nextExpected = 0;
  /** Messages of the last exchange, which the server may request again, followed by the waiting messages. */
  private messages: Message[] = [];
  /** Number of messages before the waiting ones. */
  private offset = 0;
  private acceptedTypes: string[] = [];
  private knownHash = '';
  private token: string | undefined;
  private clock = 1_796_070_000;

  constructor(private readonly options: SimulatedAgentOptions) {}

  get waiting(): readonly Message[] {
    return this.messages.slice(this.offset);
  }

  get accepts(): readonly string[] {
    return this.acceptedTypes;
  }

  /**
   * Registers as `landscape-config` does, outside the sequences. Returns false if the answer was lost or rejected it.
   */
  async configure(machineId?: string): Promise<boolean> {
    const registration = {
      ...this.registration(),
      ...(machineId !== undefined && { machine_id: machineId }),
    };
    const before = this.secureId;
    this.secureId = undefined;
    const answer = await this.post({ messages: [registration] });
    for (const message of answer ? messagesOf(answer) : []) this.takeId(message);
    const isRegistered = this.secureId !== undefined;
    this.secureId ??= before;
    return isRegistered;
  }

  /** Exchanges messages once. Returns false if the answer was lost, or if a message in it could not be handled. */
  async exchange(): Promise<boolean> {
    const { waiting } = this;
    const sent = waiting.slice(0, 100);
    const types = this.runsScripts ? TYPES : TYPES.filter((type) => type !== 'execute-script');
    const announces = this.knownHash !== digestOf(types);
    const { token } = this;
    this.token = undefined;
    const answer = await this.post(
      {
        'server-api': Buffer.from('3.3'),
        'client-api': Buffer.from('3.8'),
        sequence: this.sequence,
        'accepted-types': Buffer.from(digestOf(this.acceptedTypes), 'hex'),
        messages: sent,
        'total-messages': waiting.length,
        'next-expected-sequence': this.nextExpected,
        ...(announces && { 'client-accepted-types': types }),
      },
      token,
    );
    if (!answer) return false;
    const hash = answer.get('client-accepted-types-hash');
    this.knownHash = hash instanceof Uint8Array ? Buffer.from(hash).toString('hex') : '';
    const next = answer.get('next-exchange-token');
    this.token = next === undefined ? undefined : textOf(next);
    const expected = answer.get('next-expected-sequence');
    this.continueAt(typeof expected === 'number' ? expected : this.sequence + sent.length);
    for (const message of messagesOf(answer)) {
      // A client that already has the operation fails here in the same way, and requests the message again.
      if (this.blockedBy.has(Number(message.get('operation-id')))) return false;
      this.handle(message);
      this.nextExpected += 1;
    }
    return true;
  }

  /** Whether the server has messages. */
  async ping(): Promise<boolean> {
    const answer = await this.options.send({
      path: '/ping',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: Buffer.from(`insecure_id=${this.insecureId}`),
    });
    return answer?.status === 200 && Buffer.from(answer.body).toString() === 'du8:messagesb1;';
  }

  report(operationId: number, { succeeded, code, text = '' }: Result): void {
    this.say({
      type: 'operation-result',
      'operation-id': operationId,
      status: succeeded ? SUCCEEDED : FAILED,
      'result-text': text,
      ...(code !== undefined && { 'result-code': code }),
    });
  }

  say(message: Message): void {
    this.clock += 1;
    this.messages.push({ ...message, api: Buffer.from('3.3'), timestamp: this.clock });
  }

  /** Continues with the message that the server expects. Sends all remaining messages again if it expects another one. */
  private continueAt(expected: number): void {
    const accepted = expected - this.sequence;
    this.sequence = expected;
    const isKnown = accepted >= -this.offset && accepted <= this.waiting.length;
    if (accepted > 0) this.messages.splice(0, this.offset);
    if (!isKnown) {
      this.offset = 0;
      this.say({ type: 'resynchronize' });
    } else this.offset = accepted > 0 ? accepted : this.offset + accepted;
  }

  private registration(): Message {
    const { accountName, registrationKey, title, hostname = 'vm', tags, accessGroup } = this.options;
    return {
      type: 'register',
      account_name: accountName,
      registration_password: registrationKey,
      computer_title: title,
      hostname,
      tags: tags ?? null,
      ...(accessGroup !== undefined && { access_group: accessGroup }),
      'vm-info': Buffer.from(''),
    };
  }

  private async post(payload: Message, token?: string): Promise<Dictionary | undefined> {
    const answer = await this.options.send({
      path: '/message-system',
      headers: {
        'content-type': 'application/octet-stream',
        'user-agent': 'landscape-client/26.08-simulated',
        'x-message-api': '3.3',
        ...(this.secureId !== undefined && { 'x-computer-id': this.secureId }),
        ...(token !== undefined && { 'x-exchange-token': token }),
      },
      body: encode(payload),
    });
    if (answer?.status !== 200) return undefined;
    this.options.check?.(answer.body);
    const read = decode(answer.body);
    return read instanceof Dictionary ? read : undefined;
  }

  private handle(message: Dictionary): void {
    switch (textOf(message.get('type'))) {
      case 'accepted-types':
        this.acceptedTypes = listOf(message.get('types')).map((type) => textOf(type) ?? '');
        if (this.secureId === undefined && this.acceptedTypes.includes('register'))
          this.say(this.registration());
        return;
      case 'unknown-id':
        this.secureId = undefined;
        this.insecureId = undefined;
        return;
      case 'execute-script':
        this.start(message);
        return;
      case 'resynchronize':
        this.say({ type: 'resynchronize', 'operation-id': Number(message.get('operation-id')) });
        return;
      default:
        this.takeId(message);
    }
  }

  private takeId(message: Dictionary): void {
    const type = textOf(message.get('type'));
    if (type === 'registration') this.refusal = textOf(message.get('info'));
    if (type !== 'set-id') return;
    const id = message.get('id');
    if (!(id instanceof Uint8Array)) throw new TypeError('The secure id must be bytes.');
    this.secureId = textOf(id);
    this.insecureId = String(message.get('insecure-id'));
  }

  private start(message: Dictionary): void {
    const script = scriptOf(message);
    const { operationId } = script;
    this.started.set(operationId, (this.started.get(operationId) ?? 0) + 1);
    const result = this.options.run ? this.options.run(script) : { succeeded: true, text: 'done' };
    if (result) this.report(operationId, result);
  }
}

const listOf = (value: Value | undefined): readonly Value[] =>
  Array.isArray(value) ? (value as readonly Value[]) : [];

const messagesOf = (answer: Dictionary): Dictionary[] =>
  listOf(answer.get('messages')).filter((message) => message instanceof Dictionary);

function scriptOf(message: Dictionary): Script {
  const text = (name: string) => {
    const value = message.get(name);
    if (!(value instanceof Text)) throw new TypeError(`${name} must be unicode.`);
    return value.toString();
  };
  const entries = (name: string) => {
    const value = message.get(name);
    return value instanceof Dictionary ? value.entries : [];
  };
  return {
    operationId: Number(message.get('operation-id')),
    interpreter: text('interpreter'),
    code: text('code'),
    username: text('username'),
    timeLimit: Number(message.get('time-limit')),
    attachments: Object.fromEntries(
      entries('attachments').map(([name, id]) => [textOf(name) ?? '', Number(id)]),
    ),
    env: Object.fromEntries(entries('env').map(([name, value]) => [textOf(name) ?? '', textOf(value) ?? ''])),
  };
}

const digestOf = (types: readonly string[]): string =>
  createHash('md5')
    .update([...types].sort().join(';'))
    .digest('hex');
