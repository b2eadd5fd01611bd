import { connect, createServer, type Socket } from 'node:net';
import { freePort } from './free-port.ts';

/** A proxy to the PostgreSQL server of a URL, which a test can observe, cut, slow down and redirect. */
export interface Wire {
  /** The same database through the proxy. */
  readonly url: string;
  readonly port: number;
  /** Number of times that a client sent data after it had received an answer, on any connection. */
  exchanges(): number;
  /** Delays each piece of data by this many milliseconds, in both directions. */
  delay(milliseconds: number): void;
  /** Cuts every connection, and leads new ones to another port of this machine, as a virtual address does. */
  leadTo(port: number): void;
  /** Cuts every connection and accepts no new one, as a stopped server does. */
  stop(): Promise<void>;
  start(): Promise<void>;
}

export async function startWire(url: string): Promise<Wire> {
  const target = new URL(url);
  let to = { host: target.hostname, port: Number(target.port || 5432) };
  let late = 0;
  let exchanges = 0;
  const sockets = new Set<Socket>();
  const carry = (from: Socket, onto: Socket, onData: () => void) => {
    sockets.add(from);
    from.setNoDelay(true);
    from.on('data', (data) => {
      onData();
      if (late === 0) onto.write(data);
      else setTimeout(() => onto.write(data), late);
    });
    from.on('error', () => {});
    from.on('close', () => {
      sockets.delete(from);
      onto.destroy();
    });
  };
  const server = createServer((near) => {
    const far = connect(to);
    let isAnswered = true;
    carry(near, far, () => {
      if (isAnswered) exchanges += 1;
      isAnswered = false;
    });
    carry(far, near, () => {
      isAnswered = true;
    });
  });
  const cut = () => {
    for (const socket of sockets) socket.destroy();
  };
  const port = await freePort();
  const start = () => new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  await start();
  const through = new URL(url);
  through.host = `127.0.0.1:${port}`;
  return {
    url: through.href,
    port,
    exchanges: () => exchanges,
    delay: (milliseconds) => {
      late = milliseconds;
    },
    leadTo: (other) => {
      to = { host: '127.0.0.1', port: other };
      cut();
    },
    start,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        cut();
      }),
  };
}
