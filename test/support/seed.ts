import { jest } from '@jest/globals';
import fc from 'fast-check';

/**
 * What properties and other tests draw from. The fast suite has one seed, so that a red run means a defect of the
 * change; the slow suite has a new one in each run, which jest prints and `--seed` repeats.
 */
export const SEED = (globalThis as { randomProperties?: boolean }).randomProperties
  ? Math.abs(jest.getSeed())
  : 1;

fc.configureGlobal({ seed: SEED });
