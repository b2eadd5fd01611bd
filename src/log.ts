import type { IncomingMessage } from 'node:http';
import { type DestinationStream, pino } from 'pino';
import { PinoPretty, type PrettyOptions } from 'pino-pretty';

/** JSON lines for machines; on a terminal, one line for a person each. */
export function createLog(level: string, terminal?: DestinationStream) {
  const options = {
    level,
    redact: ['headers.authorization', 'headers.cookie', '*.headers.authorization', '*.headers.cookie'],
    // Whoever logs a request as it is: a query may have anything in it.
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
  // Or the last lines are lost where the process ends at once.
  sync: true,
  // It is who asked, here, and not the file that logs.
  customPrettifiers: { caller: (caller) => JSON.stringify(caller).replaceAll(/[{}"]/g, '') },
};
