import pg from 'pg';
import { type Log, newClient } from './postgresql/postgresql-session.ts';

const RECONNECT_AFTER = 5_000;
/**
 * Interval of queries, in milliseconds, that detect a connection dropped by a firewall. Without a query, such a
 * connection appears to be open.
 */
const HEARTBEAT_MS = 30_000;

/**
 * Listens on a separate connection and reconnects if it is lost. After each connection it passes an undefined payload,
 * because notifications may have been missed.
 */
export async function listenOn(
  url: string,
  channel: string,
  onNotification: (payload: string | undefined) => void,
  log: Log,
  { heartbeat = HEARTBEAT_MS, reconnectAfter = RECONNECT_AFTER } = {},
): Promise<{ stop(): Promise<void> }> {
  let client: pg.Client | undefined;
  let retryTimer: NodeJS.Timeout | undefined;
  let stopped = false;
  /** True after a failure was logged, so an outage is logged once and not with every attempt. */
  let failing = false;

  const connect = async (): Promise<void> => {
    const connecting = newClient(url, { connectionTimeoutMillis: heartbeat, query_timeout: heartbeat });
    client = connecting;
    connecting.on('notification', ({ payload }) => onNotification(payload));
    connecting.on('error', () => {});
    let listening = false;
    const heart = setInterval(() => {
      if (listening) connecting.query('SELECT').catch(() => connecting.connection.stream.destroy());
    }, heartbeat).unref();
    connecting.once('end', () => {
      clearInterval(heart);
      // If the connection never listened, the catch below retries. A second retry here would leave two connections.
      if (stopped || client !== connecting || !listening) return;
      log(`The connection that listens on ${channel} was lost.`);
      // Retry at once, because most servers are back immediately, as after a closed connection or a failover.
      retry(0);
    });
    try {
      await connecting.connect();
      await connecting.query(`LISTEN ${pg.escapeIdentifier(channel)}`);
      listening = true;
      if (failing) log(`Listening on ${channel} again.`);
      failing = false;
      onNotification(undefined);
    } catch (error) {
      if (!failing) log(`Listening on ${channel} failed: ${(error as Error).message}`);
      failing = true;
      client = undefined;
      clearInterval(heart);
      await connecting.end().catch(() => {});
      retry(reconnectAfter);
    }
  };
  const retry = (delay: number) => {
    if (!stopped) retryTimer = setTimeout(connect, delay).unref();
  };
  await connect();

  return {
    async stop() {
      stopped = true;
      clearTimeout(retryTimer);
      await client?.end();
    },
  };
}
