import { setTimeout as pause } from 'node:timers/promises';
import { createClient } from 'graphql-ws';
import { WebSocket } from 'ws';
import { GraphClient, GraphClientError } from '../../src/commands/graph-client.ts';
import { between, type Chance, oneOf, seeded } from '../../src/commands/seeded.ts';
import { SimulatedFleet } from '../../src/commands/simulated-fleet.ts';

/** No honest answer takes so long; the fetch is then given up. */
const HUNG_AFTER = 60_000;
const CURED_WITHIN = 90_000;
const BETWEEN_TRIES = 100;

export interface LoadOptions {
  /** Base URLs to send requests to, one by lot. */
  readonly urls: () => readonly string[];
  /** A token of the documented world’s administrator. */
  readonly token: string;
  readonly seed: number;
  readonly computers?: number;
  /** Milliseconds that each worker rests between two requests. */
  readonly rest?: number;
}

/** What people, programs and computers ask of a service all day, by its public API alone; each asks again until it is answered. */
export class Load {
  readonly counts = { answered: 0, refused: 0, broken: 0, reconnected: 0, events: 0 };
  /** What no retry cures, or nobody may be answered with. */
  readonly faults: string[] = [];
  /** Milliseconds of the slowest answer, since this was last set to 0. */
  slowest = 0;
  /** Acknowledged, by idempotency key. */
  readonly created = new Map<string, number>();
  readonly runByHand = new Map<string, number>();
  /** Runs that the subscriber was told of. */
  readonly heard = new Set<number>();
  readonly fleet: SimulatedFleet;
  private readonly chance: Chance;
  private readonly working: Promise<void>[] = [];
  private over = false;
  private unsubscribe = () => {};

  constructor(private readonly options: LoadOptions) {
    const { seed, token, computers = 8 } = options;
    this.chance = seeded(seed);
    const client = new PatientClient(() => this.url());
    this.fleet = new SimulatedFleet({ client, token, computers, failureRate: 0.1, breakRate: 0.02, seed });
  }

  /** The world that it needs; nothing is broken yet. */
  async prepare(): Promise<void> {
    await this.graph(
      'mutation { done: updateLimits(input: { maxNumProfiles: 100000, maxNumComputers: 1000 }) { userErrors { code } } }',
    );
    await this.fleet.enrol();
  }

  start(): void {
    const each = [this.list, this.listByRest, this.create, this.create, this.run];
    for (const work of each) this.working.push(this.loop(() => work.call(this)));
    this.working.push(
      this.fleet.work(() => this.over).catch((error) => void this.faults.push(`The fleet: ${error.message}`)),
    );
    this.subscribe();
  }

  /** Waits for what is under way; the computers report the rest. */
  async stop(): Promise<void> {
    this.over = true;
    await Promise.all(this.working);
    while ((await this.fleet.round()) > 0) {}
    this.unsubscribe();
  }

  /** Resolves when so many more requests were answered. */
  async answeredMore(number: number, within: number): Promise<boolean> {
    const goal = this.counts.answered + number;
    for (const end = performance.now() + within; performance.now() < end; await pause(50))
      if (this.counts.answered >= goal) return true;
    return false;
  }

  private url = () => oneOf(this.chance, this.options.urls());

  private async loop(work: () => Promise<void>): Promise<void> {
    while (!this.over) {
      try {
        await work();
      } catch (error) {
        this.faults.push((error as Error).message);
        await pause(BETWEEN_TRIES);
      }
      await pause(between(this.chance, 0, 2 * (this.options.rest ?? 40)));
    }
  }

  private async list(): Promise<void> {
    await this.graph(
      '{ done: scriptProfiles(first: 20) { totalCount nodes { title numAssociatedComputers trigger { __typename } } } }',
    );
  }

  private async listByRest(): Promise<void> {
    await this.insist('GET /script-profiles', '/api/v2/script-profiles?limit=20', {});
  }

  /** One that falls due in a moment: its slot is to be run for once. */
  private async create(): Promise<void> {
    const key = this.newKey();
    const timestamp = new Date(Date.now() + between(this.chance, 0, 4000)).toISOString();
    const done = await this.graph(
      `mutation ($input: CreateScriptProfileInput!) {
        done: createScriptProfile(input: $input) { scriptProfile { databaseId } userErrors { message } } }`,
      {
        input: {
          ...{ title: `Load ${key}`, scriptId: '35', username: 'root', timeLimit: 300, tags: ['web'] },
          ...{ trigger: { oneTime: { timestamp } }, idempotencyKey: key },
        },
      },
    );
    this.created.set(key, done.scriptProfile.databaseId);
  }

  private async run(): Promise<void> {
    const profiles = [...this.created.values()];
    if (profiles.length === 0) return;
    const key = this.newKey();
    const done = await this.graph(
      `mutation ($input: RunScriptProfileInput!) {
        done: runScriptProfile(input: $input) { activity { databaseId } userErrors { message } } }`,
      { input: { id: String(oneOf(this.chance, profiles)), idempotencyKey: key } },
    );
    this.runByHand.set(key, done.activity.databaseId);
  }

  private keys = 0;
  private newKey = () => `${this.options.seed}-${++this.keys}`;

  // biome-ignore lint/suspicious/noExplicitAny: the shape is the selection's
  private async graph(query: string, variables: object = {}): Promise<any> {
    const body = JSON.stringify({ query, variables });
    const answer = await this.insist(query.slice(0, 60), '/graphql', { method: 'POST', body });
    const { done } = answer.data;
    if (done.userErrors?.length > 0) throw new Error(`Refused: ${done.userErrors[0].message}`);
    return done;
  }

  /** Asks again until it is answered. @throws Error when that does not help */
  // biome-ignore lint/suspicious/noExplicitAny: whatever came
  private async insist(what: string, path: string, init: RequestInit): Promise<any> {
    for (const end = performance.now() + CURED_WITHIN; performance.now() < end; await pause(BETWEEN_TRIES)) {
      const begun = performance.now();
      const answer = await this.ask(path, init).catch((error: Error) => error);
      const took = performance.now() - begun;
      this.slowest = Math.max(this.slowest, took);
      if (answer instanceof Error) {
        if (took >= HUNG_AFTER) throw new Error(`${what} hung for ${Math.round(took)} ms.`);
        this.counts.broken += 1;
        continue;
      }
      if (answer.again) {
        this.counts.refused += 1;
        continue;
      }
      this.counts.answered += 1;
      if (answer.fault) throw new Error(`${what} was answered with ${answer.fault}`);
      return answer.body;
    }
    throw new Error(`${what} was not answered within ${CURED_WITHIN} ms.`);
  }

  private async ask(path: string, init: RequestInit) {
    const answer = await fetch(this.url() + path, {
      ...init,
      headers: { authorization: `Bearer ${this.options.token}`, 'content-type': 'application/json' },
      signal: AbortSignal.timeout(HUNG_AFTER),
    });
    const text = await answer.text();
    // A proxy's own, in HTML: nobody behind it could be asked.
    if ([502, 504].includes(answer.status)) return { again: true };
    const body = JSON.parse(text);
    const isAway = answer.status === 503 || body.errors?.[0]?.extensions?.code === 'UNAVAILABLE';
    if (answer.status === 503 && !answer.headers.get('retry-after'))
      return { fault: '503 without Retry-After' };
    if (isAway) return { again: true };
    return answer.ok && !body.errors ? { body } : { fault: `${answer.status} ${text.slice(0, 200)}` };
  }

  /** Follows the runs, and connects again for as long as it takes. */
  private subscribe(): void {
    const client = createClient({
      url: () => `${this.url().replace('http', 'ws')}/graphql`,
      webSocketImpl: WebSocket,
      connectionParams: { authorization: `Bearer ${this.options.token}` },
      retryAttempts: Number.POSITIVE_INFINITY,
      retryWait: () => pause(BETWEEN_TRIES),
      shouldRetry: () => true,
      on: {
        closed: () => {
          this.counts.reconnected += 1;
        },
      },
    });
    const query = 'subscription { activityFeed { activities { databaseId } } }';
    const stop = client.subscribe<{ activityFeed: { activities: { databaseId: number }[] } }>(
      { query },
      {
        next: ({ data }) => {
          this.counts.events += 1;
          for (const { databaseId } of data?.activityFeed.activities ?? []) this.heard.add(databaseId);
        },
        error: (error) => void this.faults.push(`The subscription ended: ${JSON.stringify(error)}`),
        complete: () => {},
      },
    );
    this.unsubscribe = () => {
      stop();
      void client.dispose();
    };
  }
}

/** A client of the graph that asks again, as a computer does whose server is away. */
class PatientClient extends GraphClient {
  constructor(private readonly pick: () => string) {
    super('');
  }

  // biome-ignore lint/suspicious/noExplicitAny: the shape is the selection's
  override async ask(token: string, query: string, variables: object = {}): Promise<any> {
    for (const end = performance.now() + CURED_WITHIN; ; await pause(BETWEEN_TRIES)) {
      try {
        return await new GraphClient(this.pick()).ask(token, query, variables);
      } catch (error) {
        const isLost =
          error instanceof GraphClientError &&
          (error.code === 'UNAVAILABLE' || /No server answers|answered 50[234]/.test(error.message));
        const isCutOff = error instanceof TypeError;
        if (performance.now() > end || !(isLost || isCutOff)) throw error;
      }
    }
  }
}
