/** The load, in a separate process. It sends requests as fast as they are answered, and reports their rate. */
import autocannon from 'autocannon';

export interface Request {
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Text to send by POST. */
  readonly body?: string;
  /** Bytes to send by POST, in hexadecimal. */
  readonly bodyHex?: string;
  /** Additional headers, of which each request uses the next. */
  readonly inTurn?: readonly Readonly<Record<string, string>>[];
  /**
   * Replaces `<n>` in the body by the number of the request, and `"<seconds>"` by a number that differs from the last.
   */
  readonly numbered?: boolean;
}

export interface Load extends Request {
  readonly connections: number;
  readonly seconds: number;
}

let sent = 0;

process.on(
  'message',
  async ({ url, headers, body, bodyHex, inTurn, numbered, connections, seconds }: Load) => {
    const bytes = bodyHex === undefined ? body : Buffer.from(bodyHex, 'hex');
    const result = await autocannon({
      url,
      connections,
      duration: seconds,
      headers: { ...headers },
      method: bytes === undefined ? 'GET' : 'POST',
      body: bytes,
      ...(inTurn && { requests: inTurn.map((more) => ({ headers: { ...headers, ...more } })) }),
      ...(numbered && {
        requests: [
          {
            setupRequest: (request) => {
              sent += 1;
              const numberedBody = body!
                .replaceAll('<n>', `${process.pid}-${sent}`)
                .replaceAll('"<seconds>"', String(1 + (sent % 3600)));
              return { ...request, body: numberedBody };
            },
          },
        ],
      }),
    });
    const failed = result.non2xx + result.errors;
    process.send!(failed > 0 ? { failed } : { perSecond: result['2xx'] / result.duration });
  },
);
