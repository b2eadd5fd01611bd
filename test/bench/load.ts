/** The load, in a process of its own: it asks as fast as it is answered, and says how often that was. */
import autocannon from 'autocannon';

export interface Request {
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent by POST. */
  readonly body?: string;
  /** The same, of bytes that are no text. */
  readonly bodyHex?: string;
  /** Headers that the requests have in turn, beside the others. */
  readonly inTurn?: readonly Readonly<Record<string, string>>[];
  /** Each request's body is this one with its number for `<n>`, and for `"<seconds>"` one of 3,600 that the last had not. */
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
