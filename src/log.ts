import type { IncomingMessage } from 'node:http';
import { type DestinationStream, pino } from 'pino';
import { PinoPretty, type PrettyOptions } from 'pino-pretty';

/** Logs JSON lines for machines, or a readable line for each entry on a terminal. */
export function createLog(level: string, terminal?: DestinationStream) {
  const options = {
    level,
    redact: ['headers.authorization', 'headers.cookie', '*.headers.authorization', '*.headers.cookie'],
    // For code that logs a whole request. The query is left out, because it may contain any data.
    serializers: { req: ({ method, url = '' }: IncomingMessage) => ({ method, path: url.split('?')[0] }) },
  };
  if (!process.stdout.isTTY && !terminal) return pino(options);
  return pino(
    options,
    PinoPretty({ ...forPeople, ...(terminal && { destination: terminal }) } as PrettyOptions),
  );
}

const forPeople: PrettyOptions = {
  ignore: 'pid,hostname',
  translateTime: 'HH:MM:ss',
  singleLine: true,
  // Otherwise the last lines are lost if the process ends at once.
  sync: true,
  // pino-pretty expects the source file in `caller`, but our lines contain the caller of a request.
  customPrettifiers: { caller: (caller) => JSON.stringify(caller).replaceAll(/[{}"]/g, '') },
};
