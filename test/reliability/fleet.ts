import { type Chance, oneOf } from '../../tools/seeded.ts';
import type { Client } from './client.ts';

const TAKEN_AT_ONCE = 100;
/** The share of what was taken that is reported in a turn: some of the rest is overdue by the next. */
const REPORTED = 0.5;
const FAILED = 0.3;
/** What is still running at the end: the runs that fall due meanwhile are held back, or it is given up as overdue. */
const SLOW = 0.2;

interface Taken {
  readonly id: string;
  readonly environment: { readonly activityId: number };
}

/** Computers that are switched on. They take and report through the replicas that are up; the first one reports at the end only. */
export class Fleet {
  /** What came of the executions that were run, by their number: each is run once, and its outcome stands. */
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

  /** One computer takes, and reports a part of what it has. */
  async turn(): Promise<void> {
    await this.work(oneOf(this.chance, this.tokens), TAKEN_AT_ONCE, REPORTED);
  }

  /** All computers take, and report what they have: something is reported, and something is not. */
  async takeAndReport(): Promise<void> {
    for (const token of this.tokens) await this.work(token, TAKEN_AT_ONCE, 1);
  }

  /** All computers report whatever they have, and take nothing more. */
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
