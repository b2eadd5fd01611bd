import { connect, createServer, type Server } from 'node:net';
import { waitUntil } from './waiting.ts';

/** Below those that a system gives out by itself, to whoever connects or asks for any. */
const [FIRST, LAST] = [10_000, 32_000];

/**
 * A port of 127.0.0.1 that nobody has, and that nobody is given by chance while whoever asked for it is away: it can
 * be left and taken again.
 */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = FIRST + Math.floor(Math.random() * (LAST - FIRST));
    if (await isFree(port)) return port;
  }
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer();
  const listening = new Promise<Server | undefined>((resolve) => {
    server.once('error', () => resolve(undefined));
    server.listen(port, '127.0.0.1', () => resolve(server));
  });
  if (!(await listening)) return false;
  await new Promise((closed) => server.close(closed));
  return true;
}

/** Waits until nothing listens on a port: the kernel takes connections for a server that has no turn. */
export async function waitUntilRefused(port: number): Promise<void> {
  const isTaken = () =>
    new Promise<boolean>((resolve) => {
      const socket = connect(port, '127.0.0.1');
      socket.once('connect', () => {
        socket.destroy();
        resolve(true);
      });
      socket.once('error', () => resolve(false));
    });
  await waitUntil(`port ${port} refuses connections`, async () => !(await isTaken()));
}
