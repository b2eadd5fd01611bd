import { pino } from 'pino';

/** JSON lines for machines; on a terminal, lines for a person. */
export function createLog(level: string) {
  const options = { level, redact: ['headers.authorization', 'headers.cookie'] };
  if (!process.stdout.isTTY) return pino(options);
  return pino({
    ...options,
    transport: { target: 'pino-pretty', options: { ignore: 'pid,hostname', translateTime: 'HH:MM:ss' } },
  });
}
