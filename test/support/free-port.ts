import { createServer, type Server } from 'node:net';

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
