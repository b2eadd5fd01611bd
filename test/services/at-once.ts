import { Refusal } from '../../src/domain/errors.ts';
import type { Services } from '../../src/services/index.ts';
import type { Replicas } from '../support/replicas.ts';

/** Starts all acts at the same moment, alternating between the replicas. Returns the outcome of each. */
export async function atOnce(
  replicas: Replicas,
  acts: readonly ((services: Services) => Promise<unknown>)[],
): Promise<string[]> {
  return Promise.all(acts.map((act, index) => outcome(act(replicas[index % 2 === 0 ? 0 : 1]))));
}

/** `done`, or the code of the refusal. Throws other errors, such as a deadlock. */
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
