import type { IncomingMessage } from 'node:http';
import { pino } from 'pino';

/** JSON lines for machines; on a terminal, lines for a person. */
export function createLog(level: string) {
  const options = {
    level,
    redact: ['headers.authorization', 'headers.cookie', '*.headers.authorization', '*.headers.cookie'],
    // Whoever logs a request as it is: a query may have anything in it.
    serializers: { req: ({ method, url = '' }: IncomingMessage) => ({ method, path: url.split('?')[0] }) },
  };
  if (!process.stdout.isTTY) return pino(options);
  return pino({
    ...options,
    transport: { target: 'pino-pretty', options: { ignore: 'pid,hostname', translateTime: 'HH:MM:ss' } },
  });
}
