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
  /** Token of a person who may enrol and accept computers. */
  readonly token: string;
  readonly computers: number;
  /** Share of executions that fail, from 0 to 1. */
  readonly failureRate: number;
  /**
   * Share of connections that break between taking and reporting, and of reports whose answers are lost. From 0 to 0.9.
   */
  readonly breakRate: number;
  readonly seed: number;
  /** Prefix of hostnames. The same name gives the same hostnames. */
  readonly name?: string;
  /** The server's URL, for computers that use the message system of `landscape-client` instead of the GraphQL API. */
  readonly messageSystem?: string;
}

export interface FleetCounts {
  enrolled: number;
  /** Number of executions that ran. An execution that is delivered again does not count. */
  taken: number;
  reported: number;
  failed: number;
  /** Number of connections that broke. */
  broken: number;
  inFlight: number;
}

interface Computer {
  readonly id: string;
  readonly token: string;
  readonly chance: Chance;
  /** Outcomes by execution, so that a computer runs no execution twice. */
  readonly ran: Map<string, Outcome>;
  /** Set if the computer uses the message system. */
  readonly turns?: AgentTurns;
}

type Outcome = { succeeded: boolean; resultCode?: number; resultText: string };

/** Simulated computers that use only the public API. */
export class SimulatedFleet {
  readonly counts: FleetCounts = {
    enrolled: 0,
    taken: 0,
    reported: 0,
    failed: 0,
    broken: 0,
    inFlight: 0,
  };
  /** Runs with at least one taken execution, by creation time, with the executions that are not reported yet. */
  readonly runs = new Map<string, Set<string>>();
  private readonly computers: Computer[] = [];

  constructor(private readonly options: FleetOptions) {}

  /** Enrols the computers and accepts them. Each one has two of the tags. */
  async enrol(): Promise<void> {
    const { client, token, seed, name = 'fleet' } = this.options;
    const numbers = Array.from({ length: this.options.computers }, (_, index) => index + 1);
    await sideBySide(numbers, async (number) => {
      const hostname = `${name}-${String(number).padStart(4, '0')}`;
      const tags = [TAGS[number % 2]!, TAGS[2 + (Math.floor(number / 2) % 2)]!];
      const enrolled = await client.mutate(
        token,
        'enrolComputer',
        { hostname, tags },
        'computer { id databaseId } token',
      );
      const chance = seeded(seed * 10_007 + number);
      const computer = { id: enrolled.computer.id, token: enrolled.token, chance, ran: new Map() };
      this.computers.push({ ...computer, turns: this.turnsOf(computer, enrolled.computer.databaseId) });
      this.counts.enrolled += 1;
    });
    for (let from = 0; from < this.computers.length; from += ACCEPTED_AT_ONCE) {
      const ids = this.computers.slice(from, from + ACCEPTED_AT_ONCE).map(({ id }) => id);
      await client.mutate(token, 'acceptComputers', { ids });
    }
  }

  /** Lets every computer take and report once. Returns 0 if none had work. */
  async round(): Promise<number> {
    const before = this.progress();
    await sideBySide(this.computers, (computer) => this.turn(computer));
    return this.progress() - before;
  }

  private progress(): number {
    const { taken, reported, broken } = this.counts;
    return taken + reported + broken;
  }

  /** Repeats rounds until `isOver`, and pauses after a round without work. */
  async work(isOver: () => boolean): Promise<void> {
    while (!isOver()) if ((await this.round()) === 0) await pause(BETWEEN_ROUNDS);
  }

  /** Number of runs whose taken executions are all reported. Call it between rounds. */
  finishedRuns(): number {
    return [...this.runs.values()].filter(({ size }) => size === 0).length;
  }

  private openOf(run: string): Set<string> {
    const open = this.runs.get(run) ?? new Set<string>();
    this.runs.set(run, open);
    return open;
  }

  /** Creates the turns of a computer in the message system, which takes and reports executions in one exchange. */
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
        // An execution that already ran but could not be reported is only reported.
        const outcome = computer.ran.get(id) ?? this.run(computer, id);
        if (computer.chance() < breakRate) {
          this.counts.broken += 1;
          return;
        }
        await client.mutate(computer.token, 'reportExecution', { id, ...outcome });
        if (computer.chance() < breakRate) {
          // The answer is lost, so the report is repeated and changes nothing.
          this.counts.broken += 1;
          await client.mutate(computer.token, 'reportExecution', { id, ...outcome });
        }
        open.delete(id);
        this.counts.reported += 1;
        if (!outcome.succeeded) this.counts.failed += 1;
      }
    } catch (error) {
      // The server is unavailable for now. The computer retries later, as after a broken connection.
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

/** Processes the items, a limited number at a time. */
async function sideBySide<Item>(items: readonly Item[], work: (item: Item) => Promise<void>): Promise<void> {
  const left = items.values();
  const worker = async () => {
    for (const item of left) await work(item);
  };
  await Promise.all(Array.from({ length: IN_FLIGHT }, worker));
}
