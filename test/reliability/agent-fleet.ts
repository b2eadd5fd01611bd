import { setTimeout as pause } from 'node:timers/promises';
import { readInsecureId } from '../../src/domain/computers/agent.ts';
import { type Chance, oneOf } from '../../tools/seeded.ts';
import { SimulatedAgent, type Transport } from '../../tools/simulated-agent.ts';

const BETWEEN_TRIES_MS = 100;
const ANSWERED_WITHIN_MS = 60_000;
/** Proportion of running scripts that end before a turn. */
const END_PROPORTION = 0.5;
/** Proportion of scripts that fail. */
const FAIL_PROPORTION = 0.2;
/** Proportion of turns with an exchange that neither side needs. */
const NEEDLESS_EXCHANGE_PROPORTION = 0.05;
/** Maximum number of turns in which an agent exchanges all of its messages on a line without losses. */
const MAX_QUIET_TURNS = 10;

export interface AgentFleetOptions {
  /** Base URLs of the servers that run. */
  readonly urls: () => readonly string[];
  readonly chance: Chance;
  readonly accountName: string;
  readonly registrationKey: string;
  readonly accessGroup: string;
}

/** An agent, with the facts that `agentFindings` compares. */
export class FleetAgent extends SimulatedAgent {
  /** Running scripts by execution number. */
  readonly running = new Set<number>();
  /** Results of the scripts that have ended. */
  readonly results = new Map<number, boolean>();
  /** Executions whose result a server acknowledged. */
  readonly acknowledged = new Set<number>();

  override async exchange(): Promise<boolean> {
    const before = this.executionsToReport();
    const arrived = await super.exchange();
    const after = this.executionsToReport();
    for (const execution of before) if (!after.has(execution)) this.acknowledged.add(execution);
    // The client sends its last messages again to a server that does not know them.
    for (const execution of after) this.acknowledged.delete(execution);
    return arrived;
  }

  /** Number of its computer. Undefined before registration. */
  get computerId(): number | undefined {
    return this.insecureId === undefined ? undefined : readInsecureId(this.insecureId)?.computerId;
  }

  private executionsToReport(): Set<number> {
    const results = this.waiting.filter(({ type }) => type === 'operation-result');
    return new Set(results.map((message) => Number(message['operation-id'])));
  }
}

/** Agents of the message system, on a network that loses requests and answers. */
export class AgentFleet {
  readonly agents: FleetAgent[] = [];
  /** Proportion of requests and of answers that are lost. */
  losses = 0;
  readonly counts = { exchanges: 0, lostRequests: 0, lostAnswers: 0 };
  private readonly idle = new Set<FleetAgent>();

  constructor(private readonly options: AgentFleetOptions) {}

  /** Adds an agent, which registers like `landscape-config`, but repeats lost requests without a limit. */
  async register(): Promise<FleetAgent> {
    const { accountName, registrationKey, accessGroup, chance } = this.options;
    const title = `agent-${this.agents.length + 1}`;
    const agent: FleetAgent = new FleetAgent({
      ...{ send: this.send, accountName, registrationKey, accessGroup, title, hostname: title },
      run: ({ operationId }) => {
        agent.running.add(operationId);
        agent.results.set(operationId, chance() >= FAIL_PROPORTION);
        return undefined;
      },
    });
    while (!(await agent.configure())) await pause(BETWEEN_TRIES_MS);
    this.agents.push(agent);
    this.idle.add(agent);
    return agent;
  }

  /** Gives a turn to a random agent. An agent never has two turns at the same time. */
  async turn(): Promise<void> {
    const agent = oneOf(this.options.chance, [...this.idle]);
    if (!agent) return;
    this.idle.delete(agent);
    try {
      this.end(agent, END_PROPORTION);
      await this.talk(agent, NEEDLESS_EXCHANGE_PROPORTION);
    } finally {
      this.idle.add(agent);
    }
  }

  /** Stops the losses and ends all scripts. Returns the agents that still have messages to exchange. */
  async finish(): Promise<readonly FleetAgent[]> {
    this.losses = 0;
    const busy = new Set(this.agents);
    for (let turn = 1; turn <= MAX_QUIET_TURNS; turn += 1)
      for (const agent of busy) {
        this.end(agent, 1);
        const exchanged = await this.talk(agent, 0);
        if (!exchanged && agent.running.size === 0) busy.delete(agent);
      }
    return [...busy];
  }

  private end(agent: FleetAgent, share: number): void {
    for (const execution of [...agent.running]) {
      if (this.options.chance() >= share) continue;
      agent.running.delete(execution);
      agent.report(execution, { succeeded: agent.results.get(execution)!, text: String(execution) });
    }
  }

  /** Pings, and exchanges messages if either side has any. Returns whether an exchange took place. */
  private async talk(agent: FleetAgent, regular: number): Promise<boolean> {
    const exchanges =
      agent.secureId === undefined ||
      agent.waiting.length > 0 ||
      agent.accepts.length === 0 ||
      this.options.chance() < regular ||
      (await agent.ping());
    if (exchanges) await agent.exchange();
    return exchanges;
  }

  private readonly send: Transport = async ({ path, headers, body }) => {
    const { urls, chance } = this.options;
    const url = oneOf(chance, urls());
    if (url === undefined) return undefined;
    if (chance() < this.losses) {
      this.counts.lostRequests += 1;
      return undefined;
    }
    const signal = AbortSignal.timeout(ANSWERED_WITHIN_MS);
    try {
      const answer = await fetch(url + path, { method: 'POST', headers, body: Buffer.from(body), signal });
      const bytes = new Uint8Array(await answer.arrayBuffer());
      this.counts.exchanges += path === '/message-system' ? 1 : 0;
      if (chance() >= this.losses) return { status: answer.status, body: bytes };
    } catch {
      // The server was killed, so the answer is lost, too.
    }
    this.counts.lostAnswers += 1;
    return undefined;
  };
}
