import { insecureIdOf } from '../src/domain/computers/agent.ts';
import { accountOfComputerToken } from '../src/services/computers/computer-token.ts';
import type { Chance } from './seeded.ts';
import { type Result, type Script, SimulatedAgent, type Transport } from './simulated-agent.ts';

export interface AgentTurnsOptions {
  readonly url: string;
  /** Share of exchanges whose answers are lost, from 0 to 1. */
  readonly breakRate: number;
  /** Runs a script and returns the result to report. */
  run(script: Script): Result;
  /** Called when a result has arrived at the server. */
  reported(operationId: number, result: Result): void;
  /** Called when an answer was lost. */
  broke(): void;
}

/** A simulated computer that uses the message system. It pings the server and exchanges messages. */
export class AgentTurns {
  private readonly agent: SimulatedAgent;
  private readonly results = new Map<number, Result>();
  private losesAnswer = false;

  constructor(
    private readonly options: AgentTurnsOptions,
    computer: { readonly id: number; readonly token: string },
    private readonly chance: Chance,
  ) {
    const send: Transport = async ({ path, headers, body }) => {
      const answer = await fetch(options.url + path, { method: 'POST', headers, body: Buffer.from(body) });
      const bytes = new Uint8Array(await answer.arrayBuffer());
      return this.losesAnswer && path === '/message-system'
        ? undefined
        : { status: answer.status, body: bytes };
    };
    this.agent = new SimulatedAgent({
      send,
      // The computer is already enrolled, so its token is its secure id and it does not register.
      accountName: '',
      registrationKey: '',
      title: '',
      run: (script) => {
        const result = options.run(script);
        this.results.set(script.operationId, result);
        return result;
      },
    });
    this.agent.secureId = computer.token;
    this.agent.insecureId = String(insecureIdOf(accountOfComputerToken(computer.token) ?? 0, computer.id));
  }

  /** Number of starts of each execution. */
  get started(): ReadonlyMap<number, number> {
    return this.agent.started;
  }

  /** Pings the server, and exchanges messages if either side has some. */
  async turn(): Promise<void> {
    const { agent, options } = this;
    const waits = agent.waiting.length > 0 || agent.accepts.length === 0 || (await agent.ping());
    if (!waits) return;
    const sent = agent.waiting.map((message) => Number(message['operation-id']));
    this.losesAnswer = this.chance() < options.breakRate;
    const arrived = await agent.exchange();
    this.losesAnswer = false;
    if (!arrived) return options.broke();
    for (const operationId of sent) {
      const result = this.results.get(operationId);
      if (result) options.reported(operationId, result);
      this.results.delete(operationId);
    }
  }
}
