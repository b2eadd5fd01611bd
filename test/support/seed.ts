import { jest } from '@jest/globals';
import fc from 'fast-check';

/**
 * What properties and other tests draw from. The fast suite has one seed, so that a red run means a defect of the
 * change; the slow suite has a new one in each run, which jest prints and `--seed` repeats.
 */
const isRandom = (globalThis as { randomProperties?: boolean }).randomProperties === true;
export const SEED = isRandom ? Math.abs(jest.getSeed()) : 1;

/** Number of runs of a property: all of them in the slow suite, a quarter in the fast one, whose seed stays. */
export const thorough = (numRuns: number): number => (isRandom ? numRuns : Math.ceil(numRuns / 4));

fc.configureGlobal({ seed: SEED });
