import { connect, createServer, type Socket } from 'node:net';

/** A way to a server that can be slowed down, and led elsewhere, as a virtual address is. */
export interface Wire {
  readonly port: number;
  /** Milliseconds that each piece of data takes longer, each way. */
  delay(milliseconds: number): void;
  /** New connections go there; those that are open are cut. */
  leadTo(port: number): void;
  close(): Promise<void>;
}

export async function layWire(target: number): Promise<Wire> {
  let to = target;
  let late = 0;
  const sockets = new Set<Socket>();
  const carry = (from: Socket, onto: Socket) => {
    sockets.add(from);
    from.setNoDelay(true);
    from.on('data', (data) => {
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
    const far = connect(to, '127.0.0.1');
    carry(near, far);
    carry(far, near);
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const cut = () => {
    for (const socket of sockets) socket.destroy();
  };
  return {
    port: (server.address() as { port: number }).port,
    delay: (milliseconds) => {
      late = milliseconds;
    },
    leadTo: (port) => {
      to = port;
      cut();
    },
    close: () =>
      new Promise((closed) => {
        server.close(() => closed());
        cut();
      }),
  };
}
