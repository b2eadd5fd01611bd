import { setTimeout as pause } from 'node:timers/promises';
import { GraphClient } from '../../src/commands/graph-client.ts';
import { type Chance, oneOf } from '../../tools/seeded.ts';

/** A request that takes longer counts as hanging. */
const HUNG_AFTER_MS = 60_000;
const ANSWERED_WITHIN_MS = 90_000;
const BETWEEN_TRIES_MS = 100;

/** The result of one try: an answer, a reason to try again later, or an answer that no client may get. */
type Try = { body: unknown } | { again: true } | { fault: string };

/** Sends each request to one of the servers, and retries until it is answered. Counts the results. */
export class Client extends GraphClient {
  /** Requests that were answered, that were refused temporarily, and that were cut off or found no server. */
  readonly counts = { answered: 0, refused: 0, broken: 0 };
  /** Milliseconds of the slowest try since the last reset to 0. */
  slowestMs = 0;

  constructor(
    /** Base URLs of the servers that are running. */
    private readonly urls: () => readonly string[],
    private readonly chance: Chance,
  ) {
    super('');
  }

  /** @throws Error if the request is not answered, or is answered with an error */
  // biome-ignore lint/suspicious/noExplicitAny: the shape depends on the selection
  override async ask(token: string, query: string, variables: object = {}): Promise<any> {
    const body = JSON.stringify({ query, variables });
    const answer = await this.send(query.slice(0, 60), token, '/graphql', { method: 'POST', body });
    return (answer as { data: unknown }).data;
  }

  get(token: string, path: string): Promise<unknown> {
    return this.send(`GET ${path}`, token, path, {});
  }

  /** Base URL of a running server. Undefined if there is none. */
  pick(): string | undefined {
    return oneOf(this.chance, this.urls());
  }

  private async send(what: string, token: string, path: string, init: RequestInit): Promise<unknown> {
    const end = performance.now() + ANSWERED_WITHIN_MS;
    for (; performance.now() < end; await pause(BETWEEN_TRIES_MS)) {
      const url = this.pick();
      if (url === undefined) continue;
      const begun = performance.now();
      const answer = await tryOnce(url + path, token, init).catch(() => undefined);
      const took = performance.now() - begun;
      this.slowestMs = Math.max(this.slowestMs, took);
      if (answer === undefined) {
        if (took >= HUNG_AFTER_MS) throw new Error(`${what} hung for ${Math.round(took)} ms.`);
        this.counts.broken += 1;
      } else if ('again' in answer) {
        this.counts.refused += 1;
      } else {
        this.counts.answered += 1;
        if ('fault' in answer) throw new Error(`${what} was answered with ${answer.fault}`);
        return answer.body;
      }
    }
    throw new Error(`${what} was not answered within ${ANSWERED_WITHIN_MS} ms.`);
  }
}

async function tryOnce(url: string, token: string, init: RequestInit): Promise<Try> {
  const answer = await fetch(url, {
    ...init,
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    signal: AbortSignal.timeout(HUNG_AFTER_MS),
  });
  const text = await answer.text();
  // The proxy's own answer in HTML, sent if it can reach no server.
  if ([502, 504].includes(answer.status)) return { again: true };
  if (answer.status === 503 && !answer.headers.get('retry-after'))
    return { fault: '503 without Retry-After' };
  const body = JSON.parse(text);
  if (answer.status === 503 || body.errors?.[0]?.extensions?.code === 'UNAVAILABLE') return { again: true };
  return answer.ok && !body.errors ? { body } : { fault: `${answer.status} ${text.slice(0, 300)}` };
}
