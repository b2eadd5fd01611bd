import { connect, createServer, type Socket } from 'node:net';
import { freePort } from './free-port.ts';

/** A wire to the PostgreSQL server of a URL, on which a test can listen, and which it can cut. */
export interface Wire {
  /** The same database, through the wire. */
  readonly url: string;
  /** How often somebody spoke to the server who had heard its answer to what was said before, on any connection. */
  exchanges(): number;
  /** Cuts every connection, and takes no new one, as a server that was stopped. */
  stop(): Promise<void>;
  start(): Promise<void>;
}

export async function startWire(url: string): Promise<Wire> {
  const { hostname, port } = new URL(url);
  const sockets = new Set<Socket>();
  let exchanges = 0;
  const server = createServer((near) => {
    const far = connect(Number(port || 5432), hostname);
    let isAnswered = true;
    near.on('data', () => {
      if (isAnswered) exchanges += 1;
      isAnswered = false;
    });
    far.on('data', () => {
      isAnswered = true;
    });
    for (const [socket, other] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(socket);
      socket.pipe(other);
      socket.on('error', () => {});
      socket.on('close', () => {
        sockets.delete(socket);
        other.destroy();
      });
    }
  });
  const listensAt = await freePort();
  const start = () => new Promise<void>((resolve) => server.listen(listensAt, '127.0.0.1', resolve));
  await start();
  const through = new URL(url);
  through.host = `127.0.0.1:${listensAt}`;
  return {
    url: through.href,
    exchanges: () => exchanges,
    start,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}
