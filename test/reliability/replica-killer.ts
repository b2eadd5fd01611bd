import { type Chance, oneOf } from '../../tools/seeded.ts';
import type { Server } from './server.ts';

/** Kills replicas with SIGKILL, and starts them again. */
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

  /** Kills a random replica, even while it starts. Half of the replicas keep running, because a busy machine starts slowly. */
  async kill(): Promise<void> {
    const replica = oneOf(this.chance, this.replicas);
    const others = this.serving.filter((other) => other !== replica);
    if (!replica.isUp || others.length < Math.floor(this.replicas.length / 2)) return;
    this.kills += 1;
    await replica.kill();
    // A replica that is killed before it is ready is started at the end.
    this.starts.push(replica.start().catch(() => {}));
  }

  /** Kills all replicas without starting any. */
  async killAll(): Promise<void> {
    // Otherwise a replica that is starting would run after the kill.
    await Promise.all(this.starts);
    await Promise.all(this.replicas.map((replica) => replica.kill()));
  }

  /** Starts the replicas that do not run. */
  async startAll(): Promise<void> {
    await Promise.all(this.starts);
    await Promise.all(this.replicas.filter(({ isUp }) => !isUp).map((replica) => replica.start()));
  }
}
