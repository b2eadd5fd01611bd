import { Refusal } from '../../src/domain/errors.ts';
import type { Database } from '../../src/persistence/database.ts';
import { createStore, databaseClock } from '../../src/persistence/store.ts';
import { createServices, type Services } from '../../src/services/index.ts';

/** A deadlock is a fault, though it would be mended by doing the work anew. */
export const noConflict = (conflict: unknown): never => {
  throw conflict;
};

/** Two replicas: each has connections of its own. */
export type Replicas = readonly [Services, Services];

export const replicasOver = (one: Database, other: Database): Replicas => [
  createServices(createStore(one.connection, databaseClock, { onConflict: noConflict })),
  createServices(createStore(other.connection, databaseClock, { onConflict: noConflict })),
];

/** Starts all of it at the same moment, on both replicas in turn; answers with what became of each. */
export async function atOnce(
  replicas: Replicas,
  acts: readonly ((services: Services) => Promise<unknown>)[],
): Promise<string[]> {
  return Promise.all(acts.map((act, index) => outcome(act(replicas[index % 2 === 0 ? 0 : 1]))));
}

/** `done`, or the refusal's code. A fault, such as a deadlock, is thrown. */
async function outcome(act: Promise<unknown>): Promise<string> {
  try {
    await act;
    return 'done';
  } catch (error) {
    if (error instanceof Refusal) return error.code;
    throw error;
  }
}

export const times = <Value>(number: number, make: (index: number) => Value): Value[] =>
  Array.from({ length: number }, (_, index) => make(index));

export function tally(outcomes: readonly string[]): Record<string, number> {
  const numbers: Record<string, number> = {};
  for (const one of outcomes) numbers[one] = (numbers[one] ?? 0) + 1;
  return numbers;
}
