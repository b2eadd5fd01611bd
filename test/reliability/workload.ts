import { setTimeout as pause } from 'node:timers/promises';
import { createClient } from 'graphql-ws';
import { WebSocket } from 'ws';
import { between, type Chance, oneOf, seeded } from '../../tools/seeded.ts';
import { SimulatedFleet } from '../../tools/simulated-fleet.ts';
import { Client } from './client.ts';
import { holdsWithin, Load } from './load.ts';
import { token } from './server.ts';

const WORKERS = 5;
const RECONNECT_AFTER_MS = 100;

export interface WorkloadOptions {
  /** Base URLs of the servers. */
  readonly urls: () => readonly string[];
  readonly seed: number;
  /** Defaults to 8. */
  readonly computers?: number;
  /** Mean pause of each worker between two requests, in milliseconds. Defaults to 40. */
  readonly restMs?: number;
}

/** The requests of people, programs, computers and a subscriber on a working day, with the documented data. */
export class Workload {
  /** Client of people and programs. */
  readonly client: Client;
  readonly fleet: SimulatedFleet;
  /** Acknowledged profiles and runs by idempotency key. */
  readonly created = new Map<string, number>();
  readonly runByHand = new Map<string, number>();
  /** Runs that the subscriber was notified of. */
  readonly receivedRuns = new Set<number>();
  readonly subscriber = { events: 0, reconnected: 0 };
  private readonly chance: Chance;
  private readonly load: Load;
  private readonly failures: string[] = [];
  private fleetWorks = Promise.resolve();
  private isOver = false;
  private keys = 0;
  private unsubscribe = () => {};

  constructor(private readonly options: WorkloadOptions) {
    const { urls, seed, computers = 8, restMs = 40 } = options;
    this.chance = seeded(seed);
    this.client = new Client(urls, this.chance);
    const client = new Client(urls, seeded(seed + 1));
    const rates = { failureRate: 0.1, breakRate: 0.02 };
    this.fleet = new SimulatedFleet({ client, token: token(), computers, seed, ...rates });
    const acts = [
      { act: () => this.list() },
      { act: () => this.client.get(token(), '/api/v2/script-profiles?limit=20') },
      { act: () => this.create(), weight: 2 },
      { act: () => this.run() },
    ];
    this.load = new Load({ acts, chance: this.chance, restMs: [0, 2 * restMs], workers: WORKERS });
  }

  /** Faults that no retry solves, and answers that a client must never get. */
  get faults(): readonly string[] {
    return [...this.load.faults, ...this.failures];
  }

  /** Sets the limits and computers that the load needs. Call it while all components work. */
  async prepare(): Promise<void> {
    await this.mutate('updateLimits', { maxNumProfiles: 100_000, maxNumComputers: 1000 });
    await this.fleet.enrol();
  }

  start(): void {
    this.load.start();
    this.fleetWorks = this.fleet
      .work(() => this.isOver)
      .catch((error: Error) => void this.failures.push(`The fleet: ${error.message}`));
    this.subscribe();
  }

  /** Waits for requests in progress, and lets the computers report the rest. */
  async stop(): Promise<void> {
    this.isOver = true;
    await Promise.all([this.load.stop(), this.fleetWorks]);
    while ((await this.fleet.round()) > 0) {}
    this.unsubscribe();
  }

  /** Whether the given number of requests is answered in time. */
  answeredMore(number: number, withinMs: number): Promise<boolean> {
    const goal = this.client.counts.answered + number;
    return holdsWithin(withinMs, () => this.client.counts.answered >= goal);
  }

  /** Whether a request is refused temporarily or cut off in time. */
  retriedMore(withinMs: number): Promise<boolean> {
    const before = this.retried;
    return holdsWithin(withinMs, () => this.retried > before);
  }

  /** Number of requests that were refused temporarily or cut off. */
  get retried(): number {
    return this.client.counts.refused + this.client.counts.broken;
  }

  private list(): Promise<unknown> {
    return this.client.ask(
      token(),
      '{ scriptProfiles(first: 20) { totalCount nodes { title numAssociatedComputers trigger { __typename } } } }',
    );
  }

  /** Creates a profile that is due in a moment. Its slot must run exactly once. */
  private async create(): Promise<void> {
    const key = this.newKey();
    const timestamp = new Date(Date.now() + between(this.chance, 0, 4000)).toISOString();
    const input = {
      ...{ title: `Load ${key}`, scriptId: '35', username: 'root', timeLimit: 300, tags: ['web'] },
      ...{ trigger: { oneTime: { timestamp } }, idempotencyKey: key },
    };
    const done = await this.mutate('createScriptProfile', input, 'scriptProfile { databaseId }');
    this.created.set(key, done.scriptProfile.databaseId);
  }

  private async run(): Promise<void> {
    const profiles = [...this.created.values()];
    if (profiles.length === 0) return;
    const key = this.newKey();
    const input = { id: String(oneOf(this.chance, profiles)), idempotencyKey: key };
    const done = await this.mutate('runScriptProfile', input, 'activity { databaseId }');
    this.runByHand.set(key, done.activity.databaseId);
  }

  private newKey = () => `${this.options.seed}-${++this.keys}`;

  private mutate(name: string, input: object, selection = '') {
    return this.client.mutate(token(), name, input, selection);
  }

  /** Subscribes to the runs, and reconnects as often as necessary. */
  private subscribe(): void {
    const client = createClient({
      url: () => `${(this.client.pick() ?? 'http://127.0.0.1:1').replace('http', 'ws')}/graphql`,
      webSocketImpl: WebSocket,
      connectionParams: { authorization: `Bearer ${token()}` },
      retryAttempts: Number.POSITIVE_INFINITY,
      retryWait: () => pause(RECONNECT_AFTER_MS),
      shouldRetry: () => true,
      on: {
        closed: () => {
          this.subscriber.reconnected += 1;
        },
      },
    });
    const query = 'subscription { activityFeed { activities { databaseId } } }';
    const stop = client.subscribe<{ activityFeed: { activities: { databaseId: number }[] } }>(
      { query },
      {
        next: ({ data }) => {
          this.subscriber.events += 1;
          for (const { databaseId } of data?.activityFeed.activities ?? []) this.receivedRuns.add(databaseId);
        },
        error: (error) => void this.failures.push(`The subscription ended: ${JSON.stringify(error)}`),
        complete: () => {},
      },
    );
    this.unsubscribe = () => {
      stop();
      void client.dispose();
    };
  }
}
