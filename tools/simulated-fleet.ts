import { setTimeout as pause } from 'node:timers/promises';
import { type GraphClient, GraphClientError } from '../src/commands/graph-client.ts';
import { AgentTurns } from './agent-turns.ts';
import { type Chance, oneOf, seeded } from './seeded.ts';

const TAGS = ['server', 'laptop', 'web', 'db'] as const;
const CODES = [103, 102, 104] as const;
const IN_FLIGHT = 20;
const ACCEPTED_AT_ONCE = 500;
const TAKEN_AT_ONCE = 100;
const BETWEEN_ROUNDS = 250;

export interface FleetOptions {
  readonly client: GraphClient;
  /** A person's token, who may enrol and accept computers. */
  readonly token: string;
  readonly computers: number;
  /** The share of executions that fail, from 0 to 1. */
  readonly failureRate: number;
  /** The share of connections that break after taking and before reporting, and of reports whose answers are lost. */
  readonly breakRate: number;
  readonly seed: number;
  /** The same hostnames for the same name. */
  readonly name?: string;
  /** The server's URL, for computers that speak the message system of `landscape-client` instead of the graph. */
  readonly messageSystem?: string;
}

export interface FleetCounts {
  enrolled: number;
  /** Executions that were run: one that comes again is not. */
  taken: number;
  reported: number;
  failed: number;
  /** Connections that broke. */
  broken: number;
  inFlight: number;
}

interface Computer {
  readonly id: string;
  readonly token: string;
  readonly chance: Chance;
  /** Its own key against running anything twice: what it ran, and what came of it. */
  readonly ran: Map<string, Outcome>;
  /** Of a computer that speaks the message system. */
  readonly turns?: AgentTurns;
}

type Outcome = { succeeded: boolean; resultCode?: number; resultText: string };

/** Computers that know the public API and nothing else. */
export class SimulatedFleet {
  readonly counts: FleetCounts = {
    enrolled: 0,
    taken: 0,
    reported: 0,
    failed: 0,
    broken: 0,
    inFlight: 0,
  };
  /** Runs of which something was taken, by their time, with what is not reported of each. */
  readonly runs = new Map<string, Set<string>>();
  private readonly computers: Computer[] = [];

  constructor(private readonly options: FleetOptions) {}

  /** Enrols the computers and accepts them; each of them has two of the tags. */
  async enrol(): Promise<void> {
    const { client, token, seed, name = 'fleet' } = this.options;
    const numbers = Array.from({ length: this.options.computers }, (_, index) => index + 1);
    await sideBySide(numbers, async (number) => {
      const hostname = `${name}-${String(number).padStart(4, '0')}`;
      const tags = [TAGS[number % 2]!, TAGS[2 + (Math.floor(number / 2) % 2)]!];
      const made = await client.mutate(
        token,
        'enrolComputer',
        { hostname, tags },
        'computer { id databaseId } token',
      );
      const chance = seeded(seed * 10_007 + number);
      const computer = { id: made.computer.id, token: made.token, chance, ran: new Map() };
      this.computers.push({ ...computer, turns: this.turnsOf(computer, made.computer.databaseId) });
      this.counts.enrolled += 1;
    });
    for (let from = 0; from < this.computers.length; from += ACCEPTED_AT_ONCE) {
      const ids = this.computers.slice(from, from + ACCEPTED_AT_ONCE).map(({ id }) => id);
      await client.mutate(token, 'acceptComputers', { ids });
    }
  }

  /** Every computer takes and reports once; 0 when none had anything to do. */
  async round(): Promise<number> {
    const before = this.progress();
    await sideBySide(this.computers, (computer) => this.turn(computer));
    return this.progress() - before;
  }

  private progress(): number {
    const { taken, reported, broken } = this.counts;
    return taken + reported + broken;
  }

  /** Rounds until it is over; rests where there was nothing to do. */
  async work(isOver: () => boolean): Promise<void> {
    while (!isOver()) if ((await this.round()) === 0) await pause(BETWEEN_ROUNDS);
  }

  /** Runs of which everything that was taken is reported; meant between rounds. */
  finishedRuns(): number {
    return [...this.runs.values()].filter(({ size }) => size === 0).length;
  }

  private openOf(run: string): Set<string> {
    const open = this.runs.get(run) ?? new Set<string>();
    this.runs.set(run, open);
    return open;
  }

  /** Over the message system a computer takes and reports what it has in one exchange. */
  private turnsOf(computer: Computer, id: number): AgentTurns | undefined {
    const { messageSystem: url, breakRate } = this.options;
    if (url === undefined) return undefined;
    const runOf = new Map<number, Set<string>>();
    return new AgentTurns(
      {
        url,
        breakRate,
        run: ({ operationId, env }) => {
          const open = this.openOf(env.LANDSCAPE_ACTIVITY_CREATION_TIME ?? '');
          open.add(String(operationId));
          runOf.set(operationId, open);
          const { succeeded, resultCode, resultText } = this.run(computer, String(operationId));
          return { succeeded, code: resultCode, text: resultText };
        },
        reported: (operationId, { succeeded }) => {
          runOf.get(operationId)?.delete(String(operationId));
          this.counts.reported += 1;
          if (!succeeded) this.counts.failed += 1;
        },
        broke: () => {
          this.counts.broken += 1;
        },
      },
      { id, token: computer.token },
      computer.chance,
    );
  }

  /** Number of executions that a computer started more than once. */
  ranTwice(): number {
    return this.computers
      .flatMap(({ turns }) => [...(turns?.started.values() ?? [])])
      .filter((times) => times > 1).length;
  }

  private async turn(computer: Computer): Promise<void> {
    const { client, breakRate } = this.options;
    this.counts.inFlight += 1;
    try {
      if (computer.turns) return await computer.turns.turn();
      const { executions } = await client.mutate(
        computer.token,
        'takeExecutions',
        { first: TAKEN_AT_ONCE },
        'executions { id environment { activityCreationTime } }',
      );
      for (const { id, environment } of executions) {
        const open = this.openOf(environment.activityCreationTime);
        open.add(id);
        // What it ran before, and could not report, is only reported.
        const outcome = computer.ran.get(id) ?? this.run(computer, id);
        if (computer.chance() < breakRate) {
          this.counts.broken += 1;
          return;
        }
        await client.mutate(computer.token, 'reportExecution', { id, ...outcome });
        if (computer.chance() < breakRate) {
          // Its answer is lost: the report is repeated, and changes nothing.
          this.counts.broken += 1;
          await client.mutate(computer.token, 'reportExecution', { id, ...outcome });
        }
        open.delete(id);
        this.counts.reported += 1;
        if (!outcome.succeeded) this.counts.failed += 1;
      }
    } catch (error) {
      // The server can't for now: the computer comes again, as it would when its connection breaks.
      if (!(error instanceof GraphClientError) || error.code !== 'UNAVAILABLE') throw error;
      this.counts.broken += 1;
    } finally {
      this.counts.inFlight -= 1;
    }
  }

  private run({ ran, chance }: Computer, id: string): Outcome {
    this.counts.taken += 1;
    const outcome: Outcome =
      chance() < this.options.failureRate
        ? { succeeded: false, resultCode: oneOf(chance, CODES), resultText: 'It did not work.' }
        : { succeeded: true, resultText: 'Done.' };
    ran.set(id, outcome);
    return outcome;
  }
}

/** Works through the items, so many at a time. */
async function sideBySide<Item>(items: readonly Item[], work: (item: Item) => Promise<void>): Promise<void> {
  const left = items.values();
  const worker = async () => {
    for (const item of left) await work(item);
  };
  await Promise.all(Array.from({ length: IN_FLIGHT }, worker));
}
