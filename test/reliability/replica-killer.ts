import { type Chance, oneOf } from '../../tools/seeded.ts';
import type { Server } from './server.ts';

/** Kills replicas with -9, and starts them again. */
export class ReplicaKiller {
  kills = 0;
  private readonly starts: Promise<unknown>[] = [];

  constructor(
    private readonly replicas: readonly Server[],
    private readonly chance: Chance,
  ) {}

  get serving(): readonly Server[] {
    return this.replicas.filter((replica) => replica.url !== '');
  }

  /** A server that starts is killed as well. But half of them go on serving, or on a busy machine none would. */
  async kill(): Promise<void> {
    const replica = oneOf(this.chance, this.replicas);
    const others = this.serving.filter((other) => other !== replica);
    if (!replica.isUp || others.length < Math.floor(this.replicas.length / 2)) return;
    this.kills += 1;
    await replica.kill();
    // It is killed before it is ready, perhaps: then it is started at the end.
    this.starts.push(replica.start().catch(() => {}));
  }

  /** Kills all of them, and starts none. */
  async killAll(): Promise<void> {
    // One that is about to start would be up afterwards.
    await Promise.all(this.starts);
    await Promise.all(this.replicas.map((replica) => replica.kill()));
  }

  /** Starts those that are not up. */
  async startAll(): Promise<void> {
    await Promise.all(this.starts);
    await Promise.all(this.replicas.filter(({ isUp }) => !isUp).map((replica) => replica.start()));
  }
}
