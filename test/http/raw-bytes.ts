import { once } from 'node:events';
import { connect } from 'node:net';

/** Everything that comes back on a connection on which these bytes are sent, until the server closes it. */
export async function exchange(url: string, bytes: string): Promise<string> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  let received = '';
  socket.setEncoding('latin1').on('data', (chunk) => {
    received += chunk;
  });
  // A server that has said enough may reset the connection under what is still being sent.
  socket.on('error', () => undefined);
  socket.write(bytes);
  await once(socket, 'close');
  return received;
}
