import { setTimeout as pause } from 'node:timers/promises';
import { between, type Chance } from '../../src/commands/seeded.ts';
import type { Replica } from './replica.ts';

/** Until some server is up again, on a busy machine. */
const ANSWERED_WITHIN = 120_000;
const BETWEEN_TRIES = 100;
const PATIENCE = 15_000;

/** Asks whichever replica is up, again until an answer comes. */
export class Caller {
  constructor(
    private readonly replicas: readonly Replica[],
    private readonly chance: Chance,
  ) {}

  // biome-ignore lint/suspicious/noExplicitAny: the shape is the selection's
  async mutate(token: string, name: string, input: object, selection = ''): Promise<any> {
    const type = `${name.charAt(0).toUpperCase()}${name.slice(1)}Input`;
    const query = `mutation ($input: ${type}!) { done: ${name}(input: $input) { ${selection} userErrors { code message } } }`;
    for (const end = performance.now() + ANSWERED_WITHIN; performance.now() < end; ) {
      const up = this.replicas.filter(({ url }) => url !== undefined);
      const replica = up[between(this.chance, 0, up.length - 1)];
      const answer = replica && (await ask(replica.url!, token, { query, variables: { input } }));
      if (answer) return answer;
      await pause(BETWEEN_TRIES);
    }
    throw new Error(`${name} had no answer within ${ANSWERED_WITHIN} ms.`);
  }
}

/** Undefined when the answer was lost, or the server lost its own connection. */
// biome-ignore lint/suspicious/noExplicitAny: whatever came
async function ask(url: string, token: string, body: object): Promise<any> {
  let text: string;
  try {
    const answer = await fetch(`${url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(PATIENCE),
    });
    text = await answer.text();
  } catch {
    return undefined;
  }
  const { data, errors } = JSON.parse(text);
  if (data?.done) return data.done;
  const code = errors?.[0]?.extensions?.code;
  if (code === 'INTERNAL_SERVER_ERROR' || code === 'UNAVAILABLE') return undefined;
  throw new Error(`${JSON.stringify(body)} was answered with ${text}`);
}
