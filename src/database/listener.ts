import pg from 'pg';
import { type Log, newClient } from './postgresql/postgresql-session.ts';

const RECONNECT_AFTER = 5_000;
/** A connection that a firewall dropped looks alive to whoever only listens: it is asked for an answer now and then. */
const HEARTBEAT = 30_000;

/**
 * Listens on a connection of its own, from when it answers, and connects again when it is lost. After each connection it notifies
 * of an undefined payload: something may have been missed.
 */
export async function listenOn(
  url: string,
  channel: string,
  onNotification: (payload: string | undefined) => void,
  log: Log,
  { heartbeat = HEARTBEAT, reconnectAfter = RECONNECT_AFTER } = {},
): Promise<{ stop(): Promise<void> }> {
  let client: pg.Client | undefined;
  let retryTimer: NodeJS.Timeout | undefined;
  let stopped = false;
  /** An outage is logged when it begins, and not with each attempt. */
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
      // One that never listened is tried again below: twice, there would be two of them from then on.
      if (stopped || client !== connecting || !listening) return;
      log(`The connection that listens on ${channel} was lost.`);
      // Most are back at once: one that was closed by hand, or a database that fails over.
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
