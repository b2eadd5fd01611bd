import { type Chance, oneOf } from '../../tools/seeded.ts';
import type { Client } from './client.ts';

const TAKEN_AT_ONCE = 100;
/** Share of the taken executions that are reported in a turn. Some of the rest are overdue by the next turn. */
const REPORTED = 0.5;
const FAILED = 0.3;
/**
 * Share of executions that run until the end. The next runs of their profiles wait, or the executions become overdue.
 */
const SLOW = 0.2;

interface Taken {
  readonly id: string;
  readonly environment: { readonly activityId: number };
}

/**
 * Computers that are switched on. They take and report executions through the running replicas. The first one reports
 * only at the end.
 */
export class Fleet {
  /** Results by execution. Each execution runs once, and its result must not change. */
  readonly ran = new Map<number, boolean>();
  /** Executions whose report was acknowledged. */
  readonly reported = new Set<number>();
  private readonly slow = new Set<number>();
  private readonly tokens: string[];
  private isOver = false;

  constructor(
    tokens: readonly string[],
    private readonly client: Client,
    private readonly chance: Chance,
  ) {
    this.tokens = [...tokens];
  }

  join(token: string): void {
    this.tokens.push(token);
  }

  /** Lets one computer take executions and report a part of them. */
  async turn(): Promise<void> {
    await this.work(oneOf(this.chance, this.tokens), TAKEN_AT_ONCE, REPORTED);
  }

  /** Lets all computers take and report executions. Some are reported, and some are not. */
  async takeAndReport(): Promise<void> {
    for (const token of this.tokens) await this.work(token, TAKEN_AT_ONCE, 1);
  }

  /** Lets all computers report the rest, and take no more. */
  async finish(): Promise<void> {
    this.isOver = true;
    for (const token of this.tokens) await this.work(token, 0, 1);
  }

  private async work(token: string, first: number, share: number): Promise<void> {
    const selection = 'executions { id environment { activityId } }';
    const { executions } = await this.client.mutate(token, 'takeExecutions', { first }, selection);
    for (const { id, environment } of executions as Taken[]) {
      const number = environment.activityId;
      if (!this.ran.has(number)) {
        this.ran.set(number, this.chance() >= FAILED);
        if (this.chance() < SLOW) this.slow.add(number);
      }
      const succeeded = this.ran.get(number)!;
      if (token === this.tokens[0] && !this.isOver) continue;
      if (share < 1 && (this.slow.has(number) || this.chance() >= share)) continue;
      await this.client.mutate(token, 'reportExecution', { id, succeeded });
      this.reported.add(number);
    }
  }
}
