import { once } from 'node:events';
import type { ClientOptions } from 'ws';
import { WebSocket } from 'ws';

/** A WebSocket without a client library, so that a test controls each message. */
export interface RawSocket {
  readonly socket: WebSocket;
  say(message: object | string): void;
  /** Resolves with the next message. */
  // biome-ignore lint/suspicious/noExplicitAny: a test reads messages of any shape
  receive(): Promise<any>;
  /** Close code and reason. */
  readonly closed: Promise<readonly [code: number, reason: string]>;
}

export interface RawSocketOptions extends ClientOptions {
  readonly path?: string;
  readonly protocols?: string[];
}

/** Opens a socket. Throws the HTTP status as an error if it is refused. */
export async function openSocket(
  url: string,
  { path = '/graphql', protocols = ['graphql-transport-ws'], ...options }: RawSocketOptions = {},
): Promise<RawSocket> {
  const socket = new WebSocket(`${url.replace('http', 'ws')}${path}`, protocols, options);
  const messages: unknown[] = [];
  socket.on('message', (data) => messages.push(JSON.parse(String(data))));
  const closed = new Promise<readonly [number, string]>((resolve) => {
    socket.once('close', (code, reason) => resolve([code, String(reason)]));
  });
  await once(socket, 'open');
  socket.on('error', () => {});
  return {
    socket,
    say: (message) => socket.send(typeof message === 'string' ? message : JSON.stringify(message)),
    async receive() {
      while (messages.length === 0) await Promise.race([once(socket, 'message'), closedEarly(closed)]);
      return messages.shift();
    },
    closed,
  };
}

/** Opens a socket and authenticates it. */
export async function signedIn(url: string, token: string): Promise<RawSocket> {
  const raw = await openSocket(url);
  raw.say({ type: 'connection_init', payload: { authorization: `Bearer ${token}` } });
  await raw.receive();
  return raw;
}

async function closedEarly(closed: RawSocket['closed']): Promise<never> {
  throw new Error(`The socket was closed: ${(await closed).join(' ')}`);
}
