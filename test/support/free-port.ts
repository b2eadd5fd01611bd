import { connect, createServer, type Server } from 'node:net';
import { waitUntil } from './waiting.ts';

/** Below the ports that a system assigns by itself. */
const [FIRST, LAST] = [10_000, 32_000];

/**
 * Finds a port of 127.0.0.1 that is free, and that the system assigns to no other process. So it can be closed and
 * opened again.
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

/**
 * Waits until no process listens on a port. The kernel accepts connections for a listening server that is suspended.
 */
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
