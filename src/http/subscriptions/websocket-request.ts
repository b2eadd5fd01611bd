import { IncomingMessage } from 'node:http';

const OFFERED = Symbol('an upgrade was offered');

/**
 * A request that Node treats as an upgrade only if it asks for a WebSocket. Java's client, and curl with `--http2`,
 * offer HTTP/2 with every request (`Upgrade: h2c`). With a listener for upgrades, Node would treat all of them as
 * upgrades and answer none.
 */
export class WebSocketRequest extends IncomingMessage {
  private [OFFERED]: boolean | undefined;

  set upgrade(offered: boolean) {
    this[OFFERED] = offered;
  }

  get upgrade(): boolean {
    return (
      this[OFFERED] === true &&
      (this.method === 'CONNECT' || /^websocket$/i.test(this.headers.upgrade?.trim() ?? ''))
    );
  }
}
