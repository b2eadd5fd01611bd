import { IncomingMessage } from 'node:http';

const OFFERED = Symbol('an upgrade was offered');

/**
 * A request that Node hands over as a bare socket only where it asks for a WebSocket. Java's client, and curl with
 * `--http2`, offer HTTP/2 with every request (`Upgrade: h2c`): as long as somebody listens for upgrades, Node would
 * take each of them for one, and none would be answered.
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
