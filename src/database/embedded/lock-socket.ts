import { open } from 'node:fs/promises';
import { connect, createServer, type Server } from 'node:net';
import { basename, dirname } from 'node:path';

/**
 * A socket file as a sign of life: it can be connected to exactly while the process that listens lives, and no
 * child of it inherits that. Undefined where there are none: on Windows, on some file systems.
 */
export async function listen(socket: string): Promise<Server | undefined> {
  if (process.platform === 'win32') return undefined;
  // Who knocks wants to know no more than that we are here.
  const server = createServer((connection) => connection.destroy());
  // It must not keep a process alive that has nothing else to do, nor end it by an error in accepting.
  server.unref();
  return withAddress(socket, (address) => {
    return new Promise<Server | undefined>((resolve) => {
      server.on('error', () => resolve(undefined));
      // The socket exists when listen() returns, so no other user gets in before its mode is set.
      const others = process.umask(0o077);
      server.listen({ path: address }, () => resolve(server));
      process.umask(others);
    });
  });
}

/** The kernel answers, not the process: `answered` also when that is busy, stopped, or not ours to signal. */
export async function probe(socket: string): Promise<'answered' | 'refused' | 'none'> {
  const answer = await withAddress(socket, (address) => {
    return new Promise<'answered' | 'refused' | 'none'>((resolve) => {
      const connection = connect(address);
      connection.once('connect', () => {
        connection.destroy();
        resolve('answered');
      });
      connection.once('error', ({ code }: NodeJS.ErrnoException) => {
        // EAGAIN: so many have knocked that its queue is full.
        resolve(code === 'ECONNREFUSED' ? 'refused' : code === 'EAGAIN' ? 'answered' : 'none');
      });
    });
  });
  return answer ?? 'none';
}

/** What every system takes; beyond it Node cuts the path off silently, and two folders would share a socket. */
const longestAddress = 103;

async function withAddress<T>(socket: string, use: (address: string) => Promise<T>): Promise<T | undefined> {
  if (Buffer.byteLength(socket) <= longestAddress) return use(socket);
  if (process.platform !== 'linux') return undefined;
  const folder = await open(dirname(socket), 'r');
  try {
    const address = `/proc/self/fd/${folder.fd}/${basename(socket)}`;
    return Buffer.byteLength(address) <= longestAddress ? await use(address) : undefined;
  } finally {
    await folder.close();
  }
}
