import { open } from 'node:fs/promises';
import { connect, createServer, type Server } from 'node:net';
import { basename, dirname } from 'node:path';

/**
 * Listens on a socket file as a sign of life. A connection succeeds exactly while the listening process is alive,
 * because its children do not inherit the socket. Undefined if the system has no such sockets, as on Windows and some
 * file systems.
 */
export async function listen(socket: string): Promise<Server | undefined> {
  if (process.platform === 'win32') return undefined;
  // A client only needs to connect, so the connection is closed at once.
  const server = createServer((connection) => connection.destroy());
  // The socket must not keep an idle process alive, and an error while accepting must not end the process.
  server.unref();
  return withAddress(socket, (address) => {
    return new Promise<Server | undefined>((resolve) => {
      server.on('error', () => resolve(undefined));
      // The socket exists when listen() returns, so no other user can connect before its mode is set.
      const others = process.umask(0o077);
      server.listen({ path: address }, () => resolve(server));
      process.umask(others);
    });
  });
}

/**
 * Tries to connect. The kernel answers, so a holder that is busy, stopped or owned by another user also counts as
 * `answered`.
 */
export async function probe(socket: string): Promise<'answered' | 'refused' | 'none'> {
  const answer = await withAddress(socket, (address) => {
    return new Promise<'answered' | 'refused' | 'none'>((resolve) => {
      const connection = connect(address);
      connection.once('connect', () => {
        connection.destroy();
        resolve('answered');
      });
      connection.once('error', ({ code }: NodeJS.ErrnoException) => {
        // EAGAIN means that the queue of connections is full, so the holder is alive.
        resolve(code === 'ECONNREFUSED' ? 'refused' : code === 'EAGAIN' ? 'answered' : 'none');
      });
    });
  });
  return answer ?? 'none';
}

/** Maximum length that every system allows. Node silently cuts a longer path, so two folders would share a socket. */
const MAX_ADDRESS_BYTES = 103;

async function withAddress<T>(socket: string, use: (address: string) => Promise<T>): Promise<T | undefined> {
  if (Buffer.byteLength(socket) <= MAX_ADDRESS_BYTES) return use(socket);
  if (process.platform !== 'linux') return undefined;
  const folder = await open(dirname(socket), 'r');
  try {
    const address = `/proc/self/fd/${folder.fd}/${basename(socket)}`;
    return Buffer.byteLength(address) <= MAX_ADDRESS_BYTES ? await use(address) : undefined;
  } finally {
    await folder.close();
  }
}
