import { jest } from '@jest/globals';
import fc from 'fast-check';

/**
 * The source of all random values in tests. The fast suite has a fixed seed, so that a failure is caused by the change.
 * The slow suite has a new seed in each run, which jest prints and `--seed` repeats.
 */
const isRandom = (globalThis as { randomProperties?: boolean }).randomProperties === true;
export const SEED = isRandom ? Math.abs(jest.getSeed()) : 1;

/** Number of runs of a property. The fast suite, with its fixed seed, runs a quarter of them. */
export const thorough = (numRuns: number): number => (isRandom ? numRuns : Math.ceil(numRuns / 4));

fc.configureGlobal({ seed: SEED });
